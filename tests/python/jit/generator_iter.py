# __iter__() that is a generator function, entered from loops and `yield from`.
class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(values):
    if not values:
        return None
    i = len(values) // 2
    return Tree(tree(values[:i]), values[i], tree(values[i + 1:]))


class Plain:
    def __iter__(self):
        return iter((1, 2, 3))


class Wrong:
    def __iter__(self):
        return 5


class Coroutine:
    async def __iter__(self):
        return 5


class Default:
    def __iter__(self, n=2):
        yield n


class Star:
    def __iter__(self, *more):
        yield more


class Raises:
    def __iter__(self):
        raise KeyError("iter")
        yield


class Immediately:
    def __iter__(self):
        raise KeyError("iter")


class Static:
    @staticmethod
    def __iter__():
        yield "static"


class NoIter:
    __iter__ = None


class Items:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i


def total(it):
    n = []
    for x in it:
        n.append(x)
    return n


def through(it):
    result = yield from it
    yield "result", result


def comprehension(it):
    return [x for x in it]


def attempt(f, it):
    try:
        return f(it)
    except Exception as e:
        return type(e).__name__, str(e)


class Slotted(Tree):
    __slots__ = ()


def gives():
    got = yield 1
    return got


class Delegating:
    def __iter__(self):
        return (yield from gives())


t = tree(list(range(30)))
for _ in range(200):
    r = total(t), list(through(t)), comprehension(t)
print(r)
for other in (Plain(), Wrong(), Default(), Star(), Raises(), Immediately(), Static(), NoIter(), Items(), [1, 2], (3,), "ab", {4: 5}, 5,
              None, iter([1]), (x for x in "gen"), Slotted(None, 1, None), Delegating(), tree([1, 2, 3])):
    for _ in range(130):
        it = other if not hasattr(other, "__next__") else iter([7])
        r = [attempt(total, it), attempt(lambda i: list(through(i)), it), attempt(comprehension, it)]
    print(type(other).__name__, r)
try:
    total(Coroutine())
except TypeError as e:
    print(e)
import warnings
warnings.simplefilter("ignore")
print(attempt(lambda i: list(through(i)), Coroutine()))


def nested(n):
    class N:
        def __iter__(self):
            if n:
                yield from nested(n - 1)
            yield n
    return N()


for _ in range(30):
    r = total(nested(12))
print(r)


class Endless:
    def __iter__(self):
        yield from self


try:
    total(Endless())
except RecursionError as e:
    print(type(e).__name__)


# Sent values, and what is thrown, reach the inner generator.
class Echo:
    def __iter__(self):
        got = None
        while True:
            try:
                got = yield got
            except ValueError as e:
                got = "caught " + str(e)


for _ in range(100):
    g = through(Echo())
    r = [next(g), g.send(1), g.throw(ValueError("v")), g.send(2)]
    g.close()
print(r)
