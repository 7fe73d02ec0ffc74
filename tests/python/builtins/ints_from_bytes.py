# int.from_bytes() and to_bytes() of every length up to five words, both orders, with and without a sign.
import random

random.seed(4)
for n in range(41):
    for data in (bytes(n), b'\xff' * n, b'\x80' + bytes(n), bytes(n) + b'\x80', random.randbytes(n), random.randbytes(n)):
        value = 0
        for byte in data:
            value = value << 8 | byte
        signed = value - (1 << 8 * len(data)) if data and data[0] >= 0x80 else value
        assert int.from_bytes(data, 'big') == value == int.from_bytes(data[::-1], 'little'), data
        assert int.from_bytes(data, 'big', signed=True) == signed == int.from_bytes(data[::-1], 'little', signed=True), data
        assert value.to_bytes(len(data), 'big') == data and signed.to_bytes(len(data), 'little', signed=True) == data[::-1]
print(int.from_bytes([1, 2, 3], 'big'), int.from_bytes(b'', 'big'), int.from_bytes(memoryview(b'\1\0'), 'little'))
