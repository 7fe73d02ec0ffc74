# The native codecs and error handlers.
import codecs


def raises(kind, text, function, *args):
    try:
        function(*args)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError(text)


text = 'a\xe9\u20ac\U0001f600'
for name in ('utf-8', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-be', 'utf-7', 'unicode_escape', 'raw_unicode_escape', 'utf-8-sig'):
    assert text.encode(name).decode(name) == text, name
assert 'caf\xe9'.encode('latin-1') == b'caf\xe9' and b'\xe9'.decode('iso-8859-1') == '\xe9' and '\u20ac'.encode('cp1252') == b'\x80' and b'\x80'.decode('cp1252') == '\u20ac'
assert text.encode('ascii', 'ignore') == b'a' and text.encode('ascii', 'replace') == b'a???'
assert text.encode('ascii', 'xmlcharrefreplace') == b'a&#233;&#8364;&#128512;' and text.encode('ascii', 'backslashreplace') == b'a\\xe9\\u20ac\\U0001f600'
assert '\xe9'.encode('ascii', 'namereplace') == b'\\N{LATIN SMALL LETTER E WITH ACUTE}'
assert b'a\xff\xfe'.decode('utf-8', 'surrogateescape') == 'a\udcff\udcfe' and 'a\udcff'.encode('utf-8', 'surrogateescape') == b'a\xff'
assert '\ud800'.encode('utf-8', 'surrogatepass') == b'\xed\xa0\x80' and b'\xed\xa0\x80'.decode('utf-8', 'surrogatepass') == '\ud800'
assert b'a\xffb'.decode('utf-8', 'replace') == 'a\ufffdb' and b'\xe2\x82'.decode('utf-8', 'ignore') == '' and b'\xff'.decode('ascii', 'backslashreplace') == '\\xff'
raises(UnicodeDecodeError, "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte", b'a\xff'.decode)
raises(UnicodeEncodeError, "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)", '\xe9'.encode, 'ascii')
raises(UnicodeEncodeError, "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed", '\ud800'.encode)
raises(UnicodeDecodeError, "'utf-16-le' codec can't decode bytes in position 0-1: unexpected end of data", b'\x00\xd8'.decode, 'utf-16')
raises(UnicodeDecodeError, "'utf7' codec can't decode bytes in position 0-2: partial character in shift sequence", b'+A-'.decode, 'utf-7')
raises(UnicodeDecodeError, "'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape", b'\\x4'.decode, 'unicode_escape')
raises(UnicodeDecodeError, "'charmap' codec can't decode byte 0x81 in position 0: character maps to <undefined>", b'\x81'.decode, 'cp1252')
raises(LookupError, 'unknown encoding: foo', 'a'.encode, 'foo')
raises(LookupError, "'rot13' is not a text encoding; use codecs.encode() to handle arbitrary codecs", 'a'.encode, 'rot13')
raises(LookupError, "unknown error handler name 'foo'", '\xe9'.encode, 'ascii', 'foo')
assert codecs.encode('abc', 'rot13') == 'nop' and codecs.decode(b'YWJj', 'base64') == b'abc' and codecs.encode(b'ab', 'hex') == b'6162'
codecs.register_error('test.star', lambda e: ('*' * (e.end - e.start), e.end))
assert 'a\xe9\xe9b'.encode('ascii', 'test.star') == b'a**b' and b'a\xffb'.decode('ascii', 'test.star') == 'a*b'
codecs.register_error('test.bytes', lambda e: (b'\x80', e.end))
assert 'a\u20ac'.encode('latin-1', 'test.bytes') == b'a\x80'
raises(TypeError, 'decoding error handler must return (str, int) tuple', b'\xff'.decode, 'ascii', 'test.bytes')
d = codecs.getincrementaldecoder('utf-8')()
assert d.decode(b'\xe2\x82') == '' and d.decode(b'\xac') == '\u20ac'
assert codecs.utf_16_ex_decode(b'\xfe\xff\0a', 'strict', 0, True) == ('a', 4, 1)
assert codecs.escape_decode(b'\\x41\\n\\101') == (b'A\nA', 10) and codecs.escape_encode(b"a'\n\xff") == (b"a\\'\\n\\xff", 4)
assert '+\u20ac-~'.encode('utf-7') == b'+-+IKw--+AH4-' and b'+AGE-'.decode('utf-7') == 'a'
assert codecs.lookup('UTF 8').name == 'utf-8' and codecs.lookup('Latin-1').name == 'iso8859-1'
import io
assert codecs.getreader('utf-8')(io.BytesIO(b'\xc3\xa9')).read() == '\xe9'
