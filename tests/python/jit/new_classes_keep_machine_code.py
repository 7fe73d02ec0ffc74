# baton-only
# Hooks and data descriptors that are given to a class nobody has an instance of (frozen dataclasses do so) leave machine code and inline
# caches of other code alone.
import dataclasses

import baton.jit


class Point:
    def __init__(self, x):
        self.x = x


def total(points):
    result = 0
    for point in points:
        result += point.x
    return result


def make_frozen():
    @dataclasses.dataclass(frozen=True)
    class Frozen:
        x: int

    return Frozen


def make_late():
    class Late:
        pass

    class Later(Late):
        pass

    Late.x = property(lambda self: 1)
    Late.x = 2
    Late.__getattribute__ = object.__getattribute__
    Late.__getattr__ = lambda self, name: name
    return Later


points = [Point(i) for i in range(100)]
for _ in range(100):
    total(points)
assert baton.jit.is_compiled(total)
for _ in range(10):
    Frozen, Later = make_frozen(), make_late()
assert baton.jit.is_compiled(total)
assert Frozen(3).x == 3 and Later().x == 2 and Later().y == "y"

# With an instance that caches know it is another matter.
Point.x = property(lambda self: 1, lambda self, value: None)
assert total(points) == 100


# Only code that names the attribute is concerned, and all of it is.
class Line:
    def __init__(self, width):
        self.width, self.colour = width, "red"


def widths(lines):
    result = 0
    for line in lines:
        result += line.width
    return result


def colours(lines):
    result = ""
    for line in lines:
        result += line.colour[0]
    return result


def paint(lines):
    for line in lines:
        line.colour = "blue"


lines = [Line(i) for i in range(100)]
for _ in range(100):
    assert widths(lines) == 4950
    colours(lines)
    paint(lines)
assert all(map(baton.jit.is_compiled, (widths, colours, paint)))
painted = []
Line.colour = property(lambda self: "green", lambda self, value: painted.append(value))
assert baton.jit.is_compiled(widths)
assert not baton.jit.is_compiled(colours) and not baton.jit.is_compiled(paint)
assert colours(lines) == "g" * 100 and widths(lines) == 4950
paint(lines)
assert painted == ["blue"] * 100
setattr(Line, "".join(["wi", "dth"]), property(lambda self: 1))
assert widths(lines) == 100
Line.__getattribute__ = lambda self, name: "hooked"
assert colours(lines) == "h" * 100
