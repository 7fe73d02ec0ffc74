def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def loops(items, limit):
    total = 0
    for index, item in enumerate(items):
        if item is None or index > limit:
            continue
        total += item * 2
        while total >= 100 and not item:
            total -= 1
            if total == 7:
                break
    else:
        total = -total
    return total

def swap(a, b):
    a, b = b, a + b
    x = y = a
    first, *rest = b
    return x if a <= y < b else rest[0]

class Point(Base, metaclass=Meta):
    """A point."""
    x: int = 0

    @property
    def norm(self):
        return abs(self.x) ** 2 + self.y ** 2

    def move(self, dx, *more, dy=1, **rest):
        self.x += dx
        super().move(*more, dy=dy, **rest)
        del self.cache[dx]

print(f"{fib(3)!r:>{10}} {2 ** 8}", [i for i in range(3) if i], sep="")
