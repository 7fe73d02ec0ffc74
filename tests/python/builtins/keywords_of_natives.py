# Keywords given to native functions: found, repeated, unknown, missing, positional-only, under names that are not interned.
import asyncio
import io


def error(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


fresh = "".join(["en", "coding"])
for round in range(3):
    print(sorted([3, 1], reverse=True), sorted([3, -4], key=abs), error(sorted, [1], key=None, wrong=1), error(sorted, key=1))
    print(int("11", base=2), error(int, base=2), error(int, "1", x="2"), error(int, x="1"), str(b"a", encoding="ascii"))
    print(str(object=b"a", **{fresh: "ascii"}), error(str, b"a", "ascii", encoding="ascii"), error(str, b"a", **{fresh + "s": 1}))
    print("a,b".split(sep=","), "a b".split(maxsplit=0), error("a".split, ",", sep=","))
    print(error([].sort, cmp=1), error([].index, value=1), error({}.get, key=1), error(len, obj=1), (5).to_bytes(length=2, byteorder="big"))
    print((5).to_bytes(2, byteorder="big", signed=True), error((5).to_bytes, 2, "big", True), error(int.from_bytes, byteorder="big"))
    print(error(int.from_bytes, b"a", "big", signed=False), error(round_ := __builtins__.round, ndigits=1), round_(number=2.55, ndigits=1))
    print(io.BytesIO(initial_bytes=b"x").read(), error(io.BytesIO, wrong=1), error(print, 1, wrong=1))
    print(list(enumerate(iterable="ab", start=1)), list(enumerate("ab", start=3)), bytes(source=b"a"), error(bytes, b"a", source=b"b"))
    print(error(max, [], default=4), error(zip, [1], [1, 2], strict=True).__class__.__name__)


async def futures():
    loop = asyncio.get_running_loop()
    f = asyncio.Future(loop=loop)
    print(f.get_loop() is loop, error(asyncio.Future, loop), error(asyncio.Future, wrong=loop))


asyncio.run(futures())
