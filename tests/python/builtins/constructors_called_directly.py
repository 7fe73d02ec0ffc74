# __new__ of built-in types, called with and without a class in front, and methods called with instances of subclasses.


def error(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


class Text(str):
    pass


class Items(list):
    pass


for round in range(3):
    for t in (int, str, bytes, float, complex):
        print(t.__name__, error(t.__new__, t), error(t.__new__, 5), error(t.__new__), error(t.__new__, list))
    print(error(str.__new__, Text, 7), type(str.__new__(Text, 7)).__name__, error(bytes, 3), error(bytes, "a", "ascii"),
          error(int, "11", 2), error(int, "11", base=3), error(str, b"a", "ascii"), error(str, b"a", "ascii", "strict", 1))
    items = Items("ab")
    items.append("c")
    items.extend("de")
    print(items, items.index("c"), Text("a-b").split("-"), Text("x").join(["1", "2"]), error(list.append, (), 1),
          error(str.upper, 5), error(dict.get, items, 1))
