# `__builtins__` in the globals of exec and eval that is no plain dict: names are asked for by its __getitem__. (No imports: those
# are SystemErrors of CPython's own there.)
import builtins
import types


class Asked:
    def __init__(self, **known):
        self.known, self.log = known, []

    def __getitem__(self, name):
        self.log.append(name)
        return self.known[name]


def outcome(*args):
    try:
        return eval(*args) if isinstance(args[0], str) else exec(*args)
    except Exception as e:
        return type(e).__name__, str(e)


asked = Asked(answer=42, len=lambda x: 'mine', __build_class__=lambda body, name, *bases: ('class', name))
scope = {'__builtins__': asked}
print(outcome('answer, len([])', scope), asked.log)
print(outcome('nothing', scope), asked.log)
exec('def f():\n  return len("abc"), answer\nclass C: pass\nvalue = f(), f(), C', scope)
print(scope['value'], scope['f'].__builtins__ is asked, sorted(set(asked.log)))
assert scope['__builtins__'] is asked

for wrong in (123, None, 'text', [1], object):
    print(outcome(compile('print(1)', '', 'exec'), {'__builtins__': wrong}),
          outcome(compile('def g(): return print\ng()', '', 'exec'), {'__builtins__': wrong}),
          outcome(compile('class D: pass', '', 'exec'), {'__builtins__': wrong}))


# Subclasses of dict: __missing__ and __getitem__ count, in functions too.
class Missing(dict):
    def __missing__(self, name):
        if name == 'gone':
            raise LookupError(name)
        return 'missing ' + name


source = 'def f(): return one, two\nvalue = two, one, f(), f(), f(), f()'
scope = {'__builtins__': Missing(one=1)}
exec(source, scope)
print(scope['value'], outcome('gone', scope))
scope = {'__builtins__': types.MappingProxyType({'one': 1, 'two': 2})}
exec(source, scope)
print(scope['value'])

# Code that is run from there inherits it.
frames = []
scope = {'__builtins__': Asked(exec=exec, frames=frames, getframe=__import__('sys')._getframe)}
exec('def h(): frames.append(getframe())\nexec("h()", {"h": h})', scope)
print(frames[0].f_builtins is scope['__builtins__'], frames[0].f_back.f_builtins is scope['__builtins__'])
print(outcome('1 + 1', {'__builtins__': 5}), len(vars(builtins)) > 100)
