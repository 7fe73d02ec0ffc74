# Every code of struct in every byte order, singly and repeated, and all bytes to hexadecimal and back.
import binascii
import struct

VALUES = {'bhilqn': [0, 1, -1, 100, -128], 'BHILQN': [0, 1, 255], '?': [True, False], 'efd': [0.0, 1.5, -2.25], 'c': [b'x']}
for codes, values in VALUES.items():
    for code in codes:
        for order in '@=<>!' if code not in 'nN' else '@':
            for value in values:
                packed = struct.pack(order + 'x3' + code, value, value, value)
                assert struct.unpack(order + 'x3' + code, packed) == (value,) * 3, (order, code, value)
                assert list(struct.iter_unpack(order + code, struct.pack(order + '2' + code, value, value))) == [(value,)] * 2
for order in '<>':
    print([struct.pack(order + code, -2).hex() for code in 'bhiq'], struct.pack(order + 'fd', 1.5, -2.5).hex())
print(struct.unpack('>hiq', b'\x01\x02\0\0\x01\x02' + b'\xff' * 7 + b'\xfe'))

everything = bytes(range(256))
assert binascii.hexlify(everything).decode() == ''.join('%02x' % i for i in everything) == everything.hex()
assert binascii.unhexlify(everything.hex().upper()) == everything == bytes.fromhex(everything.hex())
for bad in ('0g', 'g0', '0', '::', '@0', '`0', b'\x800', b'0\xff'):
    try:
        print(binascii.unhexlify(bad))
    except ValueError as error:
        print(error)
