# A data descriptor that comes to a class goes before what the dicts of its instances have by the name, also where they were
# filled as dicts and the attribute was read or stored before.


class C:
    pass


def reads(c, n):
    for i in range(n):
        r = c.filled
    return r


def stores(c, n):
    for i in range(n):
        c.stored = i


for rounds in 1, 10, 3000:
    c = C()
    c.__dict__['filled'] = 'own'
    c.__dict__['stored'] = 'own'
    print(reads(c, rounds), stores(c, rounds), c.__dict__)
    C.filled = property(lambda self: 'property')
    C.stored = property(lambda self: 'property', lambda self, value: print(value) if value == 0 else None)
    print(reads(c, 1), reads(c, rounds), stores(c, rounds), c.__dict__)
    del C.filled, C.stored
    print(reads(c, rounds), c.stored)
