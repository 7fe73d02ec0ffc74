# The import statement finds loaded modules in the dict that sys.modules was at start-up; importlib looks into what
# sys.modules is now.
import importlib
import json.decoder
import pickle
import sys

real = sys.modules
asked = []


class Watching(dict):
    def __getitem__(self, key):
        asked.append(("[]", key))
        return dict.__getitem__(self, key)

    def get(self, key, default=None):
        asked.append(("get", key))
        return dict.get(self, key, default)

    def __contains__(self, key):
        asked.append(("in", key))
        return dict.__contains__(self, key)

    def __setitem__(self, key, value):
        asked.append(("set", key))
        return dict.__setitem__(self, key, value)


def plain():
    import json
    return json.__name__


def dotted():
    import json.decoder as module
    return module.__name__


def name_from():
    from json import decoder
    return decoder.__name__


def new():
    import colorsys
    return colorsys.__name__, "colorsys" in real, "colorsys" in list(sys.modules)


def new_dotted():
    import xml.dom
    return xml.__name__, "xml.dom" in real


def by_function():
    return __import__("json").__name__


def by_importlib():
    return importlib.import_module("json").__name__


def unpickled():
    return pickle.loads(b"\x80\x04cjson\nloads\n.").__name__


def attempt(function, modules=None, gone=False):
    for name in "colorsys", "xml", "xml.dom", "xml.dom.domreg":
        real.pop(name, None)
    del asked[:]
    if gone:
        del sys.modules
    else:
        sys.modules = modules
    try:
        answer = function()
    except Exception as e:
        answer = repr(e)
    finally:
        sys.modules = real
    print(function.__name__, answer)
    # Who asks last, and how often, is importlib's business.
    if modules:
        print(sorted(set(asked)))


for function in plain, dotted, name_from, new, new_dotted, by_function, by_importlib, unpickled:
    attempt(function, Watching(real))
    attempt(function, {})
    attempt(function, None)
    attempt(function, 5)
    attempt(function, gone=True)
