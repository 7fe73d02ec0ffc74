# _warnings without the warnings module: filters, registries, the text on stderr.
import sys
import _warnings


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


class Out:
    def __init__(self):
        self.text = ""

    def write(self, s):
        self.text += s

    def flush(self):
        pass


saved, sys.stderr = sys.stderr, Out()
saved_module = sys.modules.pop("warnings", None)
saved_filters = _warnings.filters[:]
_warnings.filters[:] = [("default", None, Warning, None, 0)]
_warnings._filters_mutated()
try:
    for _ in range(2):
        _warnings.warn("hello")
    assert sys.stderr.text.endswith("warnings_native.py:37: UserWarning: hello\n  _warnings.warn(\"hello\")\n"), sys.stderr.text
    assert sys.stderr.text.count("hello") == 2
    sys.stderr.text = ""
    _warnings.filters.insert(0, ("error", None, RuntimeWarning, None, 0))
    _warnings._filters_mutated()
    expect(lambda: _warnings.warn("bad", RuntimeWarning), "RuntimeWarning: bad")
    expect(lambda: _warnings.warn(RuntimeWarning("worse")), "RuntimeWarning: worse")
    expect(lambda: _warnings.warn("x", int), "TypeError: category must be a Warning subclass, not 'type'")
    expect(lambda: _warnings.warn("x", 3), "TypeError: category must be a Warning subclass, not 'int'")
    expect(lambda: _warnings.warn_explicit("x", UserWarning, "f", 3, registry=4), "TypeError: 'registry' must be a dict or None")
    registry = {}
    _warnings.warn_explicit("explicit", UserWarning, "file.py", 7, registry=registry)
    assert sys.stderr.text == "file.py:7: UserWarning: explicit\n", sys.stderr.text
    assert registry[("explicit", UserWarning, 7)] is True
    _warnings.filters.insert(0, ("nonsense", None, Warning, None, 0))
    _warnings._filters_mutated()
    expect(lambda: _warnings.warn("y"), "RuntimeError: Unrecognized action ('nonsense') in warnings.filters:\n ('nonsense', None, <class 'Warning'>, None, 0)")
    _warnings.filters[0] = ("ignore", None, Warning, None, 0)
    _warnings._filters_mutated()
    assert _warnings.warn("nothing") is None
    _warnings.filters[0] = (1, 2)
    expect(lambda: _warnings.warn("y"), "ValueError: _warnings.filters item 0 isn't a 5-tuple")
finally:
    sys.stderr = saved
    _warnings.filters[:] = saved_filters
    _warnings._filters_mutated()
    if saved_module:
        sys.modules["warnings"] = saved_module
