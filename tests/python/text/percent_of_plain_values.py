# "%s" and "%d" of plain values beside those that take calls; who answers str % x.
class Text(str):
    def __str__(self):
        return "own"

    def __rmod__(self, other):
        return ("rmod", str.__str__(self), other)


class Number(int):
    def __str__(self):
        return "number"


class Right:
    def __rmod__(self, other):
        return "right"

    def __str__(self):
        return "shown"


def raises(kind, f):
    try:
        f()
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


n, s = 5, "abc"
for _ in range(3):
    assert "%s" % s == "abc" and "%s" % n == "5" and "%d" % n == "5" and "%d" % -n == "-5"
    assert "%s" % 0 == "0" and "%d" % (2**61 - 1) == str(2**61 - 1) and "%d" % -(2**61) == str(-(2**61))
assert "%s%s%d%%%s" % ("a", 1, 2, None) == "a12%None"
assert "%s" % True == "True" and "%d" % True == "1" and "%d" % 2.9 == "2" and "%s" % 1.5 == "1.5"
assert "%s" % {"a": 1} == "{'a': 1}" and "%s" % [1] == "[1]" and "%s" % (1,) == "1" and "%s" % ((1, 2),) == "(1, 2)"
assert "%s" % Number(5) == "number" and "%d" % Number(5) == "5"
assert "%s" % Right() == "shown"
assert "<%s>" % Text("t") == ("rmod", "t", "<%s>")
assert "%s" % (Text("t"),) == "own" and Text("%s!") % "x" == "x!"
assert "%s" % "\u4e00" == "\u4e00" and "\u4e00%s%d" % ("\xe9", 7) == "\u4e00\xe97" and "%5s|%-5s|%.2s" % (s, s, s) == "  abc|abc  |ab"
assert "%(a)s %(b)d" % {"a": 1, "b": 2} == "1 2"
assert raises(TypeError, lambda: "%s %s" % s) == "not enough arguments for format string"
assert raises(TypeError, lambda: "%d" % s) == "%d format: a real number is required, not str"
assert raises(TypeError, lambda: "none" % n) == "not all arguments converted during string formatting"
assert raises(TypeError, lambda: "%s" % (1, 2)) == "not all arguments converted during string formatting"
assert raises(ValueError, lambda: "%" % n) == "incomplete format"
assert raises(ValueError, lambda: "%y" % n) == "unsupported format character 'y' (0x79) at index 1"
assert "none" % {} == "none" and "none" % [] == "none"


class Loud:
    def __str__(self):
        raise LookupError("loud")


assert raises(LookupError, lambda: "%s" % Loud()) == "loud"
