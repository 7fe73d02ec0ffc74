# baton-only
# Docstrings of native things are there wherever CPython has one, and say it in words of our own. Error messages have to be CPython's;
# docstrings are prose. Short ones ("Return len(self).") can hardly be said in another way.
import json
import re
import shutil
import subprocess
import sys

COLLECT = '''
import importlib, json, sys, types
def collect(modules):
    docs = {}
    def note(name, thing):
        doc = getattr(thing, "__doc__", None)
        if isinstance(doc, str):
            docs[name] = doc
    for module_name in modules:
        try:
            module = importlib.import_module(module_name)
        except ImportError:
            continue
        note(module_name, module)
        for name, value in list(vars(module).items()):
            if name == "__loader__" or module_name == "_ast":  # importlib's, in Python; the grammar's lines
                continue
            if isinstance(value, (type, types.BuiltinFunctionType)):
                note(module_name + "." + name, value)
            if isinstance(value, type):
                for part, member in list(vars(value).items()):
                    if not isinstance(member, (type, str, bytes, int, float, tuple, frozenset, types.FunctionType)):
                        note("%s.%s.%s" % (module_name, name, part), member)
    return docs
'''
exec(COLLECT)
modules = sorted(sys.builtin_module_names)
ours = collect(modules)
oracle = shutil.which("/usr/bin/python3.11") or shutil.which("python3.11")
if oracle is None:
    sys.exit("needs python3.11 to compare with")
theirs = json.loads(subprocess.run([oracle, "-I", "-c", COLLECT + "print(json.dumps(collect(%r)))" % (modules,)],
                                   stdout=subprocess.PIPE, check=True).stdout)

RUN = 6  # words


def runs(text):
    words = re.findall(r"[\w']+", text.lower())
    return {tuple(words[i:i + RUN]) for i in range(len(words) - RUN + 1)}


def is_there(name):
    module_name, _, path = name.partition(".")
    thing = sys.modules.get(module_name)
    for part in path.split(".") if path else ():
        thing = vars(thing).get(part) if hasattr(thing, "__dict__") else None
    return thing is not None


missing = sorted(name for name in theirs if name not in ours and is_there(name))
print(*missing, sep="\n", end="")
assert not missing
known = set().union(*map(runs, theirs.values()))
alike = []
for name, doc in ours.items():
    mine = runs(doc)
    if len(" ".join(doc.split())) > 60 and len(mine) >= 4 and len(mine & known) > len(mine) * 0.4:
        alike.append((name, doc))
for name, doc in alike:
    print(name, repr(doc))
assert not alike
