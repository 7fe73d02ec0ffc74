# A loop that has only met zip() or enumerate() is compiled anew while it is over a generator, an iterator of a class, or a zip
# that an inner loop has emptied.


class Pairs:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n, self.n + 1


class Point:
    def __init__(self, x):
        self.x = x


def make(body):
    names = {"Point": Point}
    exec(f"""
def total(pairs, other):
    n = 0
    for a, b in pairs:
        if other:
            {body}
        n += a * b
    return n
""", names)
    return names["total"]


bodies = ["n += Point(a).x + len([b])", "n += a / 2 + b", "n += sum([x * y for x, y in zip([a], [b])])", "n -= (a, b)[0]",
          "n += sum(x for x, y in pairs)"]
firsts = [lambda: zip(range(9), range(9)), lambda: zip([1, 2, 3], (4, 5, 6)), lambda: enumerate([5, 6, 7])]
seconds = [lambda: ((i, i + 1) for i in range(300)), lambda: Pairs(300), lambda: zip(range(300), Pairs(300)),
           lambda: zip([1.5] * 300, (2,) * 300), lambda: enumerate("" for _ in range(300)), lambda: map(divmod, range(300), [7] * 300),
           lambda: {i: i for i in range(300)}.items()]
for body in bodies:
    for first in firsts:
        results = []
        for second in seconds:
            total = make(body)
            for _ in range(1000):
                total(first(), False)
            for _ in range(3):
                try:
                    results.append(total(second(), True))
                except TypeError as error:
                    results.append(str(error))
        print(body, results)
