# bytes and bytearray.
def raises(kind, text, function, *args):
    try:
        function(*args)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError(text)


for T in (bytes, bytearray):
    x = T(b'hello world')
    assert type(x.upper()) is T and x.upper() == b'HELLO WORLD' and x.title() == b'Hello World'
    assert x.split() == [b'hello', b'world'] and type(x.split()[0]) is T and x.split(b'o', 1) == [b'hell', b' world']
    assert x.find(b'o') == 4 and x.rfind(b'o') == 7 and x.find(111) == 4 and x.index(b'w') == 6 and x.count(b'l') == 3
    assert x[0] == 104 and x[-1] == 100 and x[1:3] == b'el' and x[::-1] == b'dlrow olleh' and type(x[:]) is T
    assert b'wor' in x and 104 in x and 0 not in x
    assert x.replace(b'o', b'0') == b'hell0 w0rld' and x.replace(b'', b'-', 2) == b'-h-ello world'
    assert x.partition(b' ') == (b'hello', b' ', b'world') and x.rpartition(b'z') == (b'', b'', x)
    assert x.hex() == '68656c6c6f20776f726c64' and T(b'abc').hex(':', 2) == '61:6263' and T(b'abc').hex('-') == '61-62-63'
    assert T.fromhex('61 62 63') == b'abc' and type(T.fromhex('')) is T
    assert x.decode() == 'hello world' and T('\u20ac', 'utf-8') == b'\xe2\x82\xac' and T(3) == b'\0\0\0' and T([1, 2]) == b'\1\2' and T() == b''
    assert x.translate(None, b'l') == b'heo word' and T(b'abc').translate(T.maketrans(b'a', b'x')) == b'xbc'
    assert T(b' x ').strip() == b'x' and T(b'xxaxx').strip(b'x') == b'a' and T(b'a').center(4, b'*') == b'*a**' and T(b'-5').zfill(4) == b'-005'
    assert T(b'a\nb\r\nc').splitlines() == [b'a', b'b', b'c'] and T(b'a\tb').expandtabs(4) == b'a   b'
    assert T(b',').join([b'a', bytearray(b'b'), memoryview(b'c')]) == b'a,b,c'
    assert T(b'%s|%5d|%x|%c|%a|%b') % (b'x', 42, 255, 65, '\xe9', b'y') == b"x|   42|ff|A|'\\xe9'|y"
    assert x.startswith(b'he') and x.endswith((b'x', b'ld')) and T(b'ab').isalpha() and T(b'1').isdigit() and T(b'Ab').istitle()
    assert T(b'a') + b'b' == b'ab' and T(b'ab') * 2 == b'abab' and 2 * T(b'a') == b'aa' and T(b'a') < b'b' and T(b'a') == b'a'
    assert list(x)[:2] == [104, 101] and T(b'prefix').removeprefix(b'pre') == b'fix'
    raises(ValueError, 'negative count', T, -1)
    raises(TypeError, 'string argument without an encoding', T, 'a')
    raises(TypeError, 'encoding without a string argument', T, b'a', 'ascii')
    raises(TypeError, "cannot convert 'float' object to " + T.__name__, T, 1.5)
    raises(TypeError, "a bytes-like object is required, not 'str'", x.split, 'a')
    raises(TypeError, "argument should be integer or bytes-like object, not 'str'", x.find, 'a')
    raises(ValueError, 'byte must be in range(0, 256)', x.find, 256)
    raises(ValueError, 'non-hexadecimal number found in fromhex() arg at position 1', T.fromhex, '1g')
    raises(TypeError, 'sequence item 0: expected a bytes-like object, int found', x.join, [1])
    raises(TypeError, "can't concat int to " + T.__name__, lambda: x + 1)
assert repr(b'a\'"\n\x00\xff\\') == "b'a\\'\"\\n\\x00\\xff\\\\'" and repr(bytearray(b"'")) == 'bytearray(b"\\\'")'
assert hash(b'abc') == hash(b'abc') and hash(b'') == 0

b = bytearray(b'abc')
b.append(100); b.extend(b'ef'); b.extend([103]); b += b'h'; b.insert(0, 95)
assert b == b'_abcdefgh'
assert b.pop() == 104 and b.pop(0) == 95 and b.remove(99) is None and b == b'abdefg'
b[1] = 66; b[2:4] = b'XYZ'; del b[0]
assert b == b'BXYZfg'
b[::2] = b'123'
assert b == b'1X2Z3g'
del b[::2]
assert b == b'XZg'
b[1:1] = range(3); b.reverse()
assert b == b'gZ\2\1\0X'
b *= 2
assert len(b) == 12
del b[:4]; b[:0] = b'>>'
assert b == b'>>\0XgZ\2\1\0X'
b.clear(); b += b
assert b == b'' and b.copy() == b
raises(ValueError, 'byte must be in range(0, 256)', b.append, 256)
raises(IndexError, 'pop from empty bytearray', b.pop)
raises(ValueError, 'attempt to assign bytes of size 3 to extended slice of size 2', bytearray(b'abc').__setitem__, slice(0, 3, 2), b'abc')
raises(TypeError, "unhashable type: 'bytearray'", hash, b)

b = bytearray(b'abcdef')
m = memoryview(b)
raises(BufferError, 'Existing exports of data: object cannot be re-sized', b.append, 1)
b[0] = 65
assert m[0] == 65
m.release(); b.append(71)
assert b == b'AbcdefG'


def view():
    memoryview(b)[1:3].tobytes()


for i in range(3):
    view(); b.append(i)       # views that are gone don't keep it from growing
assert b == b'AbcdefG\0\1\2'

m = memoryview(bytearray(range(8)))
assert m.tolist() == list(range(8)) and m[1:7:2].tolist() == [1, 3, 5] and m[::-1].tobytes() == bytes(range(7, -1, -1))
assert m.cast('H').tolist() == [256, 770, 1284, 1798] and m.cast('B', [2, 4])[1, 2] == 6 and m.cast('B', (2, 2, 2)).tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
m[2:4] = b'xy'; m[0] = 255
assert m.obj == b'\xff\1xy\4\5\6\7' and m == m.obj and m[2:4] == b'xy' and m.nbytes == 8 and m.shape == (8,) and m.strides == (1,) and m.format == 'B'
assert not m.readonly and memoryview(b'x').readonly and m.toreadonly().readonly and hash(memoryview(b'abc')) == hash(b'abc')
assert m.cast('B', [2, 4]).tobytes('F') == b'\xff\4\1\5x\6y\7' and m.contiguous and not m[::2].contiguous and m.hex()[:4] == 'ff01'
raises(TypeError, 'cannot modify read-only memory', memoryview(b'a').__setitem__, 0, 1)
raises(ValueError, "memoryview: invalid value for format 'B'", m.__setitem__, 0, 256)
raises(TypeError, "memoryview: invalid type for format 'B'", m.__setitem__, 0, 'a')
raises(IndexError, 'index out of bounds on dimension 1', lambda: m[8])
raises(ValueError, 'memoryview assignment: lvalue and rvalue have different structures', m.__setitem__, slice(0, 2), b'abc')
raises(TypeError, 'memoryview: cannot cast between two non-byte formats', m.cast('h').cast, 'i')
with memoryview(b'abc') as v:
    pass
raises(ValueError, 'operation forbidden on released memoryview object', lambda: v[0])
