# Objects that a dead cycle reaches are finalised in the order in which they were made; those that only hang on each other after
# whoever refers to them.
# no-stress
# no-dev
import asyncio
import gc


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('del', self.name)


def ring(names, step):
    made = [Noisy(name) for name in names]
    for i, one in enumerate(made):
        one.next = made[(i + step) % len(made)]


def tree():
    root = Noisy('root')
    root.children = [Noisy('left'), Noisy('right')]
    for child in root.children:
        child.parent = root
        child.leaf = Noisy('leaf of ' + child.name)


def siblings():
    shared = []
    for i in range(4):
        one = Noisy(i)
        one.all = shared
        shared.append(one)


def hanging_on_a_cycle():
    leaf = Noisy('made first')
    one = Noisy('alone in its cycle')
    one.me = one
    one.leaf = leaf


def chain():
    last = Noisy('last')
    middle = Noisy('middle')
    middle.next = last
    first = Noisy('first')
    first.next = middle


def suspended():
    def wait(name):
        me = yield
        try:
            yield me
        finally:
            print('closed', name)

    owner = Noisy('owner')
    owner.waiting = wait('generator')
    next(owner.waiting)
    owner.waiting.send(owner)


async def pending():
    await asyncio.get_running_loop().create_future()


async def lose_a_task():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context['message'], 'done' if 'done' in repr(context['task']) else ''))
    asyncio.create_task(pending())
    await asyncio.sleep(0)
    gc.collect()


gc.collect()
for make in (lambda: ring('abcde', 1), lambda: ring('abcde', -1), lambda: ring('abcde', 2), tree, siblings, hanging_on_a_cycle,
             chain, suspended):
    make()
    gc.collect()
    print('-')
asyncio.run(lose_a_task())
