# A loop knows the async generators that have begun and not ended, by the library's own hook, a replaced one or a subclass's.
import asyncio
import gc
import sys
import weakref


class Log(list):
    def __call__(self, *args):
        self.append(args)


closed = []


async def numbers(n=3, tag=None):
    try:
        for i in range(n):
            yield i
    finally:
        closed.append(tag)


async def fails():
    yield 1
    raise KeyError("x")


async def ended_ones_are_forgotten():
    loop = asyncio.get_running_loop()
    known = loop._asyncgens
    kept = []
    for _ in range(5):
        g = numbers()
        kept.append(g)
        assert [x async for x in g] == [0, 1, 2]
    if sys.implementation.name == "baton":
        assert len(known) == 0, len(known)  # though they live; with reference counts they'd leave the set as they die
    for leave in ("close", "throw", "raise"):
        g = fails() if leave == "raise" else numbers()
        kept.append(g)
        await anext(g)
        assert g in known
        try:
            if leave == "close":
                await g.aclose()
            elif leave == "throw":
                await g.athrow(ValueError)
            else:
                await anext(g)
        except (ValueError, KeyError):
            pass
        if sys.implementation.name == "baton":
            assert g not in known, leave
    never_begun = numbers()
    kept.append(never_begun)
    await never_begun.aclose()
    if sys.implementation.name == "baton":
        assert never_begun not in known
    # Refused while somebody iterates: the set must not change under an iterator.
    g, other = numbers(1), numbers(2)
    await anext(g), await anext(other)
    seen = []
    for item in known:
        seen.append(item)
        async for _ in g:
            pass
    assert {id(g), id(other)} <= set(map(id, seen))
    await other.aclose()
    kept.append(g)
    return kept


async def suspended_ones_are_closed():
    loop = asyncio.get_running_loop()
    left = numbers(3, "left")
    assert await anext(left) == 0
    assert left in loop._asyncgens
    del closed[:]
    return left


def replaced_hook_is_called():
    calls = Log()

    async def main():
        loop = asyncio.get_running_loop()
        old = sys.get_asyncgen_hooks()
        assert old.firstiter == loop._asyncgen_firstiter_hook and old.finalizer == loop._asyncgen_finalizer_hook
        sys.set_asyncgen_hooks(firstiter=calls)
        g = numbers()
        async for _ in g:
            pass
        sys.set_asyncgen_hooks(*old)
        assert calls == [(g,)]

    asyncio.run(main())


def subclass_is_asked():
    class Loop(asyncio.SelectorEventLoop):
        def _asyncgen_firstiter_hook(self, agen):
            seen.append(agen)
            super()._asyncgen_firstiter_hook(agen)

    class Watched(asyncio.SelectorEventLoop):
        @property
        def _asyncgens(self):
            reads.append(1)
            return self.__dict__["own"]

        @_asyncgens.setter
        def _asyncgens(self, value):
            self.__dict__["own"] = value

    seen, reads = [], []

    async def main():
        g = numbers()
        assert [x async for x in g] == [0, 1, 2]
        return g

    for kind in (Loop, Watched):
        loop = kind()
        g = loop.run_until_complete(main())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
    assert len(seen) == 1 and reads


def patched_hook_is_called():
    calls = Log()
    base = asyncio.BaseEventLoop
    old = base._asyncgen_firstiter_hook

    def hook(self, agen):
        calls(agen)
        old(self, agen)

    async def main():
        g = numbers()
        await anext(g)
        assert calls == [(g,)] and g in asyncio.get_running_loop()._asyncgens
        await g.aclose()

    base._asyncgen_firstiter_hook = hook
    try:
        asyncio.run(main())
    finally:
        base._asyncgen_firstiter_hook = old
    code = old.__code__
    old.__code__ = replacement.__code__
    try:
        asyncio.run(replaced_code())
    finally:
        old.__code__ = code


def replacement(self, agen):
    self.replaced = agen


async def replaced_code():
    g = numbers()
    await anext(g)
    loop = asyncio.get_running_loop()
    assert loop.replaced is g and g not in loop._asyncgens
    await g.aclose()


def changed_class_is_used():
    added = Log()
    old = weakref.WeakSet.add

    def add(self, item):
        added(item)
        old(self, item)

    async def main():
        g = numbers()
        await anext(g)
        assert (g,) in added
        await g.aclose()

    weakref.WeakSet.add = add
    try:
        asyncio.run(main())
    finally:
        weakref.WeakSet.add = old


async def shut_down_loops_warn():
    import warnings

    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        g = numbers()
        await anext(g)
        await g.aclose()
    assert [str(w.message).endswith("was scheduled after loop.shutdown_asyncgens() call") for w in caught] == [True]


asyncio.run(ended_ones_are_forgotten())
left = asyncio.run(suspended_ones_are_closed())
assert closed == ["left"], closed
replaced_hook_is_called()
subclass_is_asked()
patched_hook_is_called()
changed_class_is_used()
asyncio.run(shut_down_loops_warn())
gc.collect()
print("ok")
