# Every operator with a bool on one side or both: the value, its type, and the error's text.
import operator

BINARY = ('add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow', 'lshift', 'rshift', 'and_', 'or_', 'xor', 'matmul')
SIGNS = {'add': '+', 'sub': '-', 'mul': '*', 'truediv': '/', 'floordiv': '//', 'mod': '%', 'pow': '**', 'lshift': '<<', 'rshift': '>>',
         'and_': '&', 'or_': '|', 'xor': '^', 'matmul': '@'}
VALUES = (True, False, 2, -1, 0.5, 1 << 70, 'x', [1], None, 1j)


def shown(function, *args):
    try:
        result = function(*args)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)
    return '%s %r' % (type(result).__name__, result)


for name in BINARY:
    plain = eval('lambda a, b: a %s b' % SIGNS[name])
    scope = {}
    exec('def inplace(a, b):\n  a %s= b\n  return a' % SIGNS[name], scope)
    for a in VALUES:
        for b in VALUES:
            if type(a) is bool or type(b) is bool:
                results = {shown(f, a, b) for f in (plain, getattr(operator, name))}
                print(a, SIGNS[name], b, *sorted(results), '|', shown(scope['inplace'], a, b))


class Text(str):
    def __add__(self, other):
        return 'added'

    def __radd__(self, other):
        return 'added to'


print('a' + 'b', Text('a') + 'b', 'a' + Text('b'), [c for c in 'aé\u0441z\U0001F600'])
