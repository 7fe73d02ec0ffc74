# Digests of few bytes, given at once or by parts, up to and beyond what an object keeps before it has a context of the library's:
# beside hashlib.new(), which has one from the beginning; copies, attributes, threads.
import hashlib
import threading

NAMES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3_256', 'blake2b', 'blake2s']
data = bytes(range(251)) * 2

assert hashlib.md5(b'abc').hexdigest() == '900150983cd24fb0d6963f7d28e17f72'
assert hashlib.sha1(b'abc').hexdigest() == 'a9993e364706816aba3e25717850c26c9cd0d89d'
assert hashlib.sha224(b'abc').hexdigest() == '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'
assert hashlib.sha256().hexdigest() == 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
assert hashlib.sha512(b'abc').hexdigest().startswith('ddaf35a193617abacc417349ae204131')

for name in NAMES:
    make = getattr(hashlib, name)
    for n in [*range(0, 136), 200, 500]:
        expected = hashlib.new(name, data[:n])
        h = make(data[:n])
        assert h.digest() == expected.digest() and h.hexdigest() == expected.hexdigest() and h.digest() == expected.digest()
        assert make(bytearray(data[:n]), usedforsecurity=False).digest() == expected.digest()
        # by two parts and by many, with looks at it on the way
        for at in {0, min(n, 1), n // 2, max(n - 1, 0), min(n, 63), min(n, 64), min(n, 65)}:
            h = make(data[:at])
            h.update(data[at:n])
            assert h.digest() == expected.digest(), (name, n, at)
            h.update(b'')
            assert h.hexdigest() == expected.hexdigest()
        h = make()
        for i in range(n):
            h.update(memoryview(data)[i:i + 1])
            if i % 9 == 0:
                h.digest()
        assert h.digest() == expected.digest()
        # copies go their own ways
        h = make(data[:n // 2])
        other = h.copy()
        h.update(data[n // 2:n])
        third = h.copy()
        third.update(b'x' * 70)
        other.update(b'y')
        assert h.digest() == expected.digest() and other.digest() == hashlib.new(name, data[:n // 2] + b'y').digest()
        assert third.digest() == hashlib.new(name, data[:n] + b'x' * 70).digest()
    h = make(b'abc')
    before = h.digest()
    assert (h.name, h.digest_size, h.block_size) == (name, len(before), hashlib.new(name).block_size)
    assert h.digest() == before and repr(h).startswith(f'<{name} _hashlib.HASH object' if 'blake' not in name else '<')
    h.update(b'def')
    assert h.digest() == hashlib.new(name, b'abcdef').digest()
    for bad in 'text', 5, None:
        try:
            make(b'a').update(bad)
        except TypeError:
            pass
        else:
            raise AssertionError(bad)

# threads that feed one object: no byte is lost
for part in b'z', b'z' * 7, b'z' * 64:
    shared = hashlib.sha256()
    threads = [threading.Thread(target=lambda: [shared.update(part) for _ in range(50)]) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert shared.digest() == hashlib.new('sha256', part * 200).digest()
