# Sets that displays, comprehensions and set() make in machine code: the same order, equal and unhashable keys, big hashes.
class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f'Key({self.n})'


def pair(a, b):
    return {a, b}


def triple(a, b, c):
    return {a, b, c}


def one(a):
    return {a}


def none():
    return set()


def many(a):
    return {a, 1, 2, 3, 4}


def grows(n):
    made = set()
    for k in range(n):
        made.add(k * 7)
    return made


def comprehension(n):
    return {k % 5 for k in range(n)}


def attempt(function, *args):
    try:
        made = function(*args)
    except TypeError as error:
        return str(error)
    return sorted(map(repr, made)), len(made), all(k in made for k in args)


values = [0, 1, 8, 9, 16, -1, -2, 2**61, 2**64, 1.0, 8.0, 1.5, True, None, 'a', 'bc', '', b'a', (1, 2), (8, 'a'), Key(1), Key(5), Key(9)]
for _ in range(60):
    results = []
    for a in values:
        results.append(attempt(one, a))
        for b in values:
            results.append(attempt(pair, a, b))
            results.append(attempt(triple, b, a, b))
    results.append(attempt(pair, 1, []))
    results.append(attempt(one, {}))
    results.append(attempt(triple, 1, 2, set()))
print(results)
for _ in range(1000):
    made = [none(), list(pair(3, 1)), list(triple(11, 3, 2)), list(many(9)), sorted(grows(20)), comprehension(7)]
    other = one(1)
    other.add(9)
    other.discard(1)
    other |= none()
    made.append(other)
    made.append(pair(1, 2) == pair(2, 1) and hash(frozenset(pair(1, 2))) == hash(frozenset({2, 1})))
    made.append(pair(1, 2).pop())
print(made)


# --- natives by methods whose object is known, with other objects and other callables in between
def appends(items, n, other):
    for k in range(n):
        items.append(k)
        items.append(items.pop() + 1)
        other.append(k)
    return len(items) + len(other)


class Appends:
    def __init__(self):
        self.count = 0

    def append(self, k):
        self.count += 1

    def __len__(self):
        return self.count


class Listed(list):
    def append(self, k):
        list.append(self, -k)


for _ in range(300):
    for other in [], Appends(), Listed():
        result = appends([], 5, other), appends(Listed(), 5, [])
print(result)


def switches(a, b, which):
    append = a.append
    append(1)
    a.append(2)
    if which:
        a = b
    a.append(3)
    a.append(4)
    return a


for k in range(600):
    result = switches([], Listed(), k % 2), switches(Listed(), [], k % 3 == 0)
print(result)
