# Big buffers that are alive in many minor collections, and what refers to them: views, streams, picklers, lists, closures, old
# containers and young ones, are intact, and dead ones are gone without a full collection.
import gc
import io
import pickle

SIZE = 1 << 20


def message(i):
    return bytes([i % 251]) * SIZE


def through_streams(rounds):
    kept, total = [None] * 5, 0
    for i in range(rounds):
        out = io.BytesIO()
        pickle.dump((i, message(i), [i]), out, protocol=5)
        view = out.getbuffer()
        back = io.BytesIO()
        for at in range(0, len(view), 200_000):
            back.write(bytes(view[at:at + 200_000]))
        number, data, rest = pickle.loads(back.getbuffer())
        assert number == i and rest == [i] and len(data) == SIZE and data[0] == data[-1] == i % 251
        kept[i % 5] = (data, memoryview(data)[10:20], bytearray(data), back.write)
        for other in kept:
            if other is not None:
                assert bytes(other[1]) == bytes(other[2][10:20]) == other[0][10:20]
        total += len(data)
    return total // SIZE


old = {}
gc.collect()


class Holder:
    __slots__ = ("buffer", "__weakref__")


def through_objects(rounds):
    holders = []
    for i in range(rounds):
        holder = Holder()
        holder.buffer = bytearray(message(i))
        old[i % 7] = holder
        old["closure", i % 3] = (lambda b: lambda: b[-1])(holder.buffer)
        holders.append(holder)
        del holders[:-4]
        grown = bytearray(300_000)
        grown.extend(holder.buffer)
        old["grown"] = [grown, {"view": memoryview(grown)}]
        assert old["closure", i % 3]() == i % 251
        assert [h.buffer[0] for h in holders] == [k % 251 for k in range(max(0, i - 3), i + 1)]
        assert old["grown"][1]["view"][300_000] == i % 251
        if i % 16 == 5:
            gc.collect()
        if i == 20:
            gc.freeze()
        if i == 30:
            gc.unfreeze()
    return len(holders)


print(through_streams(40))
print(through_objects(50))
print(all(0 <= generation["collected"] < 10**9 for generation in gc.get_stats()))
