# Natives that call natives without end: RecursionError, where CPython's stack ends.
# baton-only
# no-stress
import asyncio
import functools
import itertools
import operator

DEPTH = 200_000


def outcome(f, *arguments):
    try:
        f(*arguments)
    except RecursionError as e:
        return str(e)
    return "no error"


TOO_DEEP = "maximum recursion depth exceeded while calling a Python object"
for wrap in (
    lambda it: map(operator.index, it), lambda it: filter(None, it), zip, enumerate, lambda it: itertools.islice(it, 5),
    itertools.chain, itertools.accumulate, itertools.pairwise, lambda it: itertools.starmap(int, it), itertools.cycle,
):
    iterator = iter([1, 2])
    for _ in range(DEPTH):
        iterator = wrap(iterator)
    assert outcome(next, iterator) == TOO_DEEP, wrap

method = int
for _ in range(DEPTH):
    method = classmethod(method)


class Deep:
    it = method


assert outcome(lambda: Deep.it) == TOO_DEEP


endless = functools.partial(print)
endless.__setstate__((endless, (), {}, {}))
assert outcome(endless).startswith("maximum recursion depth exceeded")


# Tasks that wait for each other in a circle can't be cancelled.
async def main():
    circle = []

    async def wait_for(i):
        await circle[i]

    circle += [asyncio.create_task(wait_for(1)), asyncio.create_task(wait_for(0))]
    await asyncio.sleep(0)
    assert outcome(circle[0].cancel) == TOO_DEEP
    return circle


loop = asyncio.new_event_loop()
circle = loop.run_until_complete(main())
loop.set_exception_handler(lambda *_: None)  # both are pending for ever
loop.close()
