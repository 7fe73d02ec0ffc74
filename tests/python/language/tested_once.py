# A value whose truth is known is not asked again where `and` and `or` are nested, unless they begin on different lines.
class Value:
    def __init__(self, name, truth):
        self.name, self.truth = name, truth

    def __bool__(self):
        asked.append(self.name)
        return self.truth

    def __repr__(self):
        return self.name


asked = []


def forms(a, b, c):
    yield (a and b) and c
    yield (a and b) or c
    yield (a or b) and c
    yield (a or b) or c
    yield ((a or b) and c) or a
    yield ((a and b) or c) and b
    yield (
        a and b
    ) and c
    yield (
        a or b
    ) and c
    yield not (a and b) or c
    yield (a and b if c else a) or b
    x = (a and b) and c
    yield x
    *y, z = [(a or b) and c]
    yield y, z
    yield [(a and b) or c, (a or b) and c]
    yield (x := (a and b)) and c
    if (a and b) and c:
        yield 1
    while (a or b) and c:
        yield 2
        break


for bits in range(8):
    names = [Value(name, bool(bits >> i & 1)) for i, name in enumerate("abc")]
    for i, value in enumerate(forms(*names)):
        print(bits, i, value, asked)
        asked.clear()
