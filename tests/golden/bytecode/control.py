import os.path as p, sys
from . import x as y

def handlers(f):
    try:
        return f()
    except (ValueError, KeyError) as e:
        print(e)
    except:
        raise
    else:
        print(1)
    finally:
        print(2)

def groups(f):
    try:
        f()
    except* ValueError as g:
        print(g)

def managed(a):
    with open(a) as f, a:
        for line in f:
            if line:
                return line
            break

def generator(n):
    got = yield n
    yield from got
    return lambda: n

async def waits(source):
    async with source as s:
        async for item in s:
            await item
    return [x async for x in s]

def matcher(value):
    match value:
        case [1, x, *rest] if x:
            return rest
        case {"k": v, **others}:
            return v, others
        case Point(x=0) | None:
            return 0
        case str() as text:
            return text
        case _:
            assert value, "none"

def unbound(flag):
    if flag:
        a = 1
    del a
    return a
