"""exec() and eval() of a function's code: nothing is given for its parameters, which is an error where they have to be."""


def run(function, *spaces):
    try:
        print(eval(function.__code__, *spaces))
    except Exception as e:
        print(type(e).__name__, e)


def with_locals(x):
    y = 1
    return locals()


async def coroutine():
    return 5


run(lambda *a, **k: (a, k))
run(lambda a: a)
run(lambda *, a: a)
run(lambda a, /, b, *c, d, e: a)
run(lambda a, b=1: a)
run(lambda: 5)
run(with_locals, {}, {'x': 5})
run(with_locals, {'x': 5})
for made in eval((lambda: (yield)).__code__), eval(coroutine.__code__):
    print(made.__name__, made.__qualname__)
    made.close()


class C:
    def method(self):
        return self


run(C.method)
try:
    (lambda: 0).__code__.replace(co_names=(1,))
except SystemError as e:
    print(e)


def outer():
    x = 1

    def inner():
        return x
    return inner


free = outer().__code__
for run_it in (lambda: exec(free), lambda: exec(free, closure=None), lambda: exec(free, closure=()), lambda: exec(free, closure=(1,)),
               lambda: exec(free, closure=[outer().__closure__[0]]), lambda: exec(free, closure=outer().__closure__), lambda: eval(free),
               lambda: exec('1', closure=()), lambda: exec((lambda: 1).__code__, closure=())):
    try:
        print(run_it())
    except TypeError as e:
        print(e)
