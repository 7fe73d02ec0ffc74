# A data descriptor that a class gets, loses or exchanges is seen by every code object that mentions its name, whether it ran before,
# was made since the last such change, or mentions many names.
class Described:
    def __init__(self, tag):
        self.tag = tag

    def __get__(self, instance, owner=None):
        return self if instance is None else (self.tag, instance.__dict__.get('shown'))

    def __set__(self, instance, value):
        instance.__dict__['shown'] = (self.tag, value)


class Row:
    pass


def few(row):
    return row.shown


many_text = 'def many(row):\n' + ''.join(f'    row.other_{i} = {i}\n' for i in range(70)) + '    return row.shown\n'
exec(many_text)


def store(row):
    row.shown = 'stored'


def fresh_reader(n):
    scope = {}
    exec(f'def fresh(row):\n    x_{n} = {n}\n    return row.shown', scope)
    return scope['fresh']


def never_called_before(row):
    return row.shown, row.unrelated


row = Row()
row.shown = 'own'
row.unrelated = 1
readers = [few, many, fresh_reader(0)]
for i in range(200):
    for reader in readers:
        assert reader(row) == 'own'
    store(Row())
for step in range(6):
    name = ''.join(['sho', 'wn']) if step % 2 else 'shown'  # not the interned one
    setattr(Row, name, Described(step))
    print([reader(row) for reader in readers])
    readers.append(fresh_reader(step + 1))
    other = Row()
    store(other)
    print(other.__dict__['shown'], [reader(other) for reader in readers])
    if step == 3:
        print(never_called_before(row))
    setattr(Row, 'unrelated', Described('no instance shows it')) if step == 4 else None
    delattr(Row, name)
    print([reader(row) for reader in readers])
    store(other)
    print(other.__dict__['shown'], few(other))
print(never_called_before(row))
del Row.unrelated
print(never_called_before(row))


class Sub(Row):
    pass


sub = Sub()
sub.shown = 'own'
for i in range(200):
    assert few(sub) == 'own'
Row.shown = property(lambda self: 'computed')
print(few(sub), few(row), many(sub))
Row.shown = 'plain'
print(few(sub), few(row), many(sub))
