# How names of encodings are read, and whose errors name the codec.
def show(label, f, *args):
    try:
        print(label, repr(f(*args)))
    except Exception as e:
        print(label, type(e).__name__, e, '|', repr(e.__cause__))


for name in ('UTF-8-', '-utf-8', 'utf--8', 'utf 8', 'utf.8', 'UTF8', 'u8', 'utf_8_', 'latin--1', 'LATIN1 ', 'iso 8859 1', 'us ascii', 'us-ascii-',
             'utf-16-le', 'UTF-16LE', 'utf_16_be', 'utf-32-le', 'UTF 32 BE', 'utf-16', 'utf-32'):
    data = 'aé'.encode('utf-16-le')
    for errors in 'strict', 'nope':
        show((name, errors), 'aé\ud800'.encode, name, errors)
        show((name, errors), b'a\xff\xff\xdca'.decode, name, errors)




import codecs


def refuse(error):
    raise RuntimeError('refused')


codecs.register_error('refuse', refuse)
for name in 'utf-8', 'utf-16-le', 'utf-32-be', 'ascii', 'utf-16', 'cp1252':
    show(name, 'a\ud800'.encode, name, 'refuse')
    show(name, b'\x81\xff\x00\xdc\x81'.decode, name, 'refuse')

# The first character outside ASCII is told before what is no digit.
for text in 'zé', 'é', '1é', '12é', 'z', '1', '1 2', '\u20ac', 'g\U0001f600':
    show(text, bytes.fromhex, text)
    show(text, bytearray.fromhex, text)
