# Subclasses of sequences with a reflected operator of their own, and `*=` with a sequence on the right: who is asked, and what is said.


class Other:
    def __radd__(self, other):
        return 'Other.radd'

    def __rmul__(self, other):
        return 'Other.rmul'


class Index:
    def __index__(self):
        return 2


class Number(int):
    pass


def attempt(text, **names):
    try:
        result = eval(text, names) if '=' not in text else (exec(text, names), names['a'])[1]
        print(text, '->', result)
    except TypeError as error:
        print(text, '!', error)


for base in (list, tuple, str, bytes, bytearray):
    class Plain(base):
        pass

    class Radd(base):
        def __radd__(self, other):
            return 'Radd.radd'

    class Rmul(base):
        def __rmul__(self, other):
            return 'Rmul.rmul'

    print(base.__name__)
    for kind in (base, Plain, Radd, Rmul):
        print(kind.__name__)
        for other in (Other(), Index(), Number(2), 2, 'x', b'x', [1], (1,), None, 1.5, object(), base(), kind()):
            if base in (str, bytes, bytearray) and isinstance(other, object) and type(other) is object:
                continue
            for text in ('a + b', 'b + a', 'a * b', 'b * a', 'a += b', 'a *= b'):
                attempt(text, a=kind(), b=other)
                attempt(text, a=other, b=kind()) if '=' in text else None

for left in (object(), Index(), Number(2), 2, True, {}, set(), range(2), 1.5, None, Other()):
    for right in ([1], (1,), 'ab', b'ab', bytearray(b'ab')):
        print(type(left).__name__, type(right).__name__)
        attempt('a * b', a=left, b=right)
        attempt('a *= b', a=left, b=right)
        attempt('a + b', a=left, b=right)
        attempt('a += b', a=left, b=right)
