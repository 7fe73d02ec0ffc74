# throw() into what aclose() gives, by hand: it may be awaited again afterwards.
def show(f):
    try:
        print("gave", f())
    except BaseException as e:
        print(type(e).__name__, e)


async def generator():
    try:
        yield 1
    finally:
        print("finally")


for thrown in KeyError, GeneratorExit, StopAsyncIteration:
    g = generator()
    show(lambda: g.__anext__().send(None))
    closing = g.aclose()
    show(lambda: closing.throw(thrown))
    show(lambda: closing.throw(ValueError))
    show(lambda: closing.send(None))
    show(lambda: closing.send(None))
    throwing = g.athrow(thrown)
    show(lambda: throwing.throw(ValueError("x")))
    show(lambda: throwing.send(None))
