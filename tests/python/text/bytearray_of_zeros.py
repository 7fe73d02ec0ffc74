# bytearray(n) is n zeros, whatever lay in the memory before, and whatever the object held; big ones, too. Errors.
for n in (0, 1, 2, 15, 64, 1000, 40_000, 70_000, 1 << 20, (1 << 24) - 1, 1 << 24, (1 << 24) + 1):
    for _ in range(3):
        filled = bytearray(b"x") * n
        filled[:1] = b""  # what is left begins behind the storage's beginning
        filled.__init__(n)
        fresh = bytearray(n)
        assert len(filled) == len(fresh) == n and filled.count(0) == fresh.count(0) == n
        fresh += b"end"
        assert fresh[-4:] == (b"\0" if n else b"") + b"end"
shared = bytearray(b"y" * 100_000)
copy = bytes(shared)
tail = shared[1000:]
shared.__init__(50_000)
assert copy == b"y" * 100_000 and tail == b"y" * 99_000 and shared.count(0) == len(shared) == 50_000

viewed = bytearray(5)
view = memoryview(viewed)
for arguments in ((3,), (0,), (-1,), (1 << 70,), (3, "utf-8"), (3, "utf-8", "strict"), (True,), (2.5,)):
    for target in (bytearray(b"old"), viewed):
        try:
            target.__init__(*arguments)
            print(arguments, target)
        except Exception as e:
            print(arguments, type(e).__name__, e, target)
view.release()


class Sub(bytearray):
    pass


print(Sub(4), bytearray(7)[3], Sub(4).__class__.__name__)
