# Functions made in code that runs often: comprehensions, lambdas, inner functions with all that may come with them, and globals that
# say another module's name, none, or other builtins.
import builtins


def comp(n):
    t = 0
    for i in range(n):
        t += sum([x * i for x in range(3)]) + len({x for x in (1, 2, i)}) + len({x: i for x in (1, 2)})
        f = lambda a, b=i, *, c=t: a + b + c
        t += f(1) & 1
        def g(x: int, y: 'str' = 'q') -> float:
            "doc"
            return x + i
        t += g(2)
    return t, f, g
t, f, g = comp(5000)
print(t, f.__name__, f.__qualname__, f.__defaults__, f.__kwdefaults__, f.__module__, f.__dict__, f.__doc__)
print(g.__annotations__, g.__doc__, g.__defaults__, g.__builtins__ is builtins.__dict__, g.__closure__[0].cell_contents)
g.x = 1
print(g.__dict__, g(4))
ns = {'__name__': 'other'}
exec("def mk(n):\n    for i in range(n):\n        f = lambda: len([i])\n    return f\n", ns)
f = ns['mk'](3000); print(f.__module__, f())
ns['__name__'] = 'again'; f = ns['mk'](10); print(f.__module__, f())
del ns['__name__']; f = ns['mk'](10); print(f.__module__, f())
ns['__builtins__'] = {'len': lambda x: 'mine', 'range': range}
f = ns['mk'](1);
print(f())
