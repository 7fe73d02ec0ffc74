# `a, b = x, y`: all values are read before the first target is stored, also where targets are nested or assign on their own.
import itertools


def nested(pair):
    first, second = 1, 2
    (other, second), first = pair, second
    return first, second, other


def nested_list(pair):
    a, b, c = 1, 2, 3
    [x, [a, *b]], c, d = pair, a, b
    return x, a, b, c, d


def starred(items):
    a, b = 1, 2
    (*a,), b = items, a
    return a, b


def swapped_nested():
    a, b, c = 1, 2, 3
    (a, b), c = (b, c), a
    return a, b, c


def gcd_step():
    r0, r1 = [1], [2]
    seen = []
    for i in range(3):
        (lead, r1), r0 = (r0[0] + i, [r1[0] * 10]), r1
        seen.append((lead, r1, r0))
    return seen


def walrus_in_target():
    y, d = 1, {}
    d[(y := 5)], x = 7, y
    return d, x, y


def walrus_in_nested_target():
    y, d = 1, {}
    (d[(y := 5)], z), x = (7, 8), y
    return d, x, y, z


def attribute_target():
    class Box:
        pass

    box, other = Box(), Box()
    box.value, box = box, other
    return box is other


def index_target():
    i, items = 0, [10, 20, 30]
    i, items[i] = 2, i
    (i, items[i]), i = (1, 5), i
    return i, items


print(nested((8, 9)), nested_list((1, [4, 5, 6])), starred([7, 8]), swapped_nested(), gcd_step())
print(walrus_in_target(), walrus_in_nested_target(), attribute_target(), index_target())

# Shapes of targets over names, against a tuple that is really made.
shapes = ["{}, {}", "({}, {}), {}", "{}, ({}, {})", "[{}, {}], ({}, {})", "{}, {}, {}", "({},), {}", "(*{},), {}",
          "({}, *{}), {}"]
count = 0
for shape in shapes:
    holes = shape.count("{}")
    for names in itertools.permutations("abcd", holes):  # of a name that is there twice, 3.11 may keep either value
        targets = shape.format(*names)
        width = len(eval(shape.replace("*", "").format(*["0"] * holes)))
        for values in itertools.product(("a", "b", "c", "(a, b)", "[c, a]"), repeat=width):
            values = ", ".join(values)
            results = []
            for source in (f"{targets} = {values}", f"t = ({values})\n    {targets} = t"):
                scope = {}
                exec(f"def f():\n    a, b, c, d = [1, 2], (3, 4), [5, 6], 7\n    {source}\n    return a, b, c, d", scope)
                try:
                    results.append(scope["f"]())
                except ValueError as e:
                    results.append(str(e))
            assert results[0] == results[1], (targets, values, results)
            count += 1
print(count)


def later_value_unbound(unbind):
    a, b, c = 1, 2, 3
    if unbind:
        del c
    try:
        a, b = [4], c  # the target of the list keeps its value, for the next one raises
    except UnboundLocalError as e:
        return a, b, str(e)
    return a, b


print(later_value_unbound(False), later_value_unbound(True))
