# A property that a class gets or loses is seen by every function that has read the attribute from instances before, whichever
# of thousands of functions came, went or were imported since, and however its code's names came about.
import gc
import types


class Record:
    pass


def make(i):
    namespace = {}
    exec(f'def read(o):\n    return o.field{i % 7}, o.other{i % 3}', namespace)
    return namespace['read']


r = Record()
for i in range(7):
    setattr(r, f'field{i}', ('instance', i))
for i in range(3):
    setattr(r, f'other{i}', i)
readers = {}


def check(changed=()):
    for i, read in readers.items():
        first, second = read(r)
        expected = ('property', i % 7) if i % 7 in changed else ('instance', i % 7)
        assert first == expected, (i, first, expected)
        assert second == i % 3


def change_and_check():
    check()
    check()
    Record.field3 = property(lambda self: ('property', 3))
    check({3})
    Record.field5 = property(lambda self: ('property', 5))
    check({3, 5})
    del Record.field3
    check({5})
    del Record.field5
    check()


for i in range(1500):
    readers[i] = make(i)
change_and_check()

for i in range(1500):
    if i % 3:
        del readers[i]
gc.collect()
change_and_check()

import decimal, email.message, json.decoder, xml.dom.minidom  # bodies that run once

for i in range(1500, 2500):
    readers[i] = make(i)
    if i % 250 == 0:
        gc.collect()
change_and_check()
readers.clear()
gc.collect()
gc.collect()
for i in range(30):
    readers[i] = make(i)
change_and_check()

# Names that are equal to others', but other objects.
for i in range(30, 40):
    code = make(i).__code__
    names = tuple(''.join(list(name)) for name in code.co_names)
    readers[i] = types.FunctionType(code.replace(co_names=names), {})
change_and_check()
for number in (3, 5):
    for i in range(3):
        check()
    setattr(Record, ''.join(['field', str(number)]), property(lambda self, n=number: ('property', n)))
    check({number})
    delattr(Record, ''.join(['fie', 'ld', str(number)]))
print('done', len(readers))
