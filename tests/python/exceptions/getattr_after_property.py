# __getattr__ is asked where a property, a native attribute or a slot raises AttributeError, also when the place has run often.
class Hooked:
    @property
    def x(self):
        if self.fails:
            raise AttributeError('x')
        return 'own'

    def __getattr__(self, name):
        return 'hook', name


class Later:
    @property
    def x(self):
        raise AttributeError('x')


def get(o):
    try:
        return o.x
    except AttributeError as error:
        return str(error)


for fails in False, True, False:
    o = Hooked()
    o.fails = fails
    for _ in range(300):
        result = get(o)
    print(result)
for _ in range(300):
    result = get(Later())
print(result)
Later.__getattr__ = lambda self, name: ('later', name)
for _ in range(300):
    result = get(Later())
print(result)
del Later.__getattr__
for _ in range(300):
    result = get(Later())
print(result)
