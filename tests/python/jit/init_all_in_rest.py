# Instances made in machine code whose __init__ takes self by *args, as wrappers of __init__ do.
import contextvars

now_made = contextvars.ContextVar('now_made', default=None)


def announced(function):
    def wrapper(*args, **kwargs):
        token = now_made.set(args[0])
        try:
            function(*args, **kwargs)
        finally:
            now_made.reset(token)
    return wrapper


class Guarded:
    __slots__ = ('labels',)

    def __setattr__(self, name, value):
        if now_made.get() is not self:
            raise TypeError(f'{name} cannot be changed')
        super().__setattr__(name, value)

    @announced
    def __init__(self, labels):
        self.labels = labels


class Derived(Guarded):
    __slots__ = ()

    @announced
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


class Bare:
    def __init__(*args):
        args[0].args = args[1:]


class Keywords:
    def __init__(*args, **kwargs):
        (self,) = args
        self.kwargs = kwargs


class Only:
    def __init__(*args, flag=7):
        self, *rest = args
        self.found = len(args), rest, flag


def make(kind, count):
    last = None
    for i in range(count):
        if kind == 'guarded':
            last = Guarded(i).labels
        elif kind == 'derived':
            last = Derived(i).labels
        elif kind == 'derived by keyword':
            last = Derived(labels=i).labels
        elif kind == 'bare':
            last = Bare(i, i + 1).args
        elif kind == 'none':
            last = Bare().args
        elif kind == 'keywords':
            last = Keywords(a=i, b=kind).kwargs
        elif kind == 'only':
            last = Only(i, flag=i).found, Only(i).found
    return last


def make_in_generator(count):
    for i in range(count):
        made = Bare(i, [i])
        yield made.args, Derived(i).labels


for kind in ('guarded', 'derived', 'derived by keyword', 'bare', 'none', 'keywords', 'only'):
    print(kind, make(kind, 3000))
print(list(make_in_generator(3000))[-1])
try:
    Derived(1).labels = 2
except TypeError as error:
    print(error)
