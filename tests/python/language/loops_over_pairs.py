# A loop variable that the body takes apart is still there afterwards, whatever makes the pairs.
pairs = {'a': (1, 2), 'b': (3, 4)}


def loops():
    for x in pairs.items():
        name, (f, t) = x
        print(x, name, f, t)
    for x in zip([1, 2], 'ab'):
        p, q = x
        print(x, p, q)
    for x in enumerate('ab'):
        p, q = x
        print(x, p, q)
    for p, q in zip([1], [2]):
        print(p, q)
    print([x for x in pairs.items() if len(x) == 2], x)


loops()
for x in pairs.items():
    name, numbers = x
    print(x, name, numbers)
