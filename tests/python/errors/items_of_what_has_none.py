# Storing into what takes no items: of a sequence of any kind, a key that cannot be its index is at fault first.
import types


class Plain:
    pass


class Broken:
    def __index__(self):
        raise KeyError('asked')


class Text:
    def __index__(self):
        return 'x'


class One:
    def __index__(self):
        return 1


OBJECTS = [(1,), 'ab', b'ab', range(3), Plain(), 5, 1.5, None, {1}, frozenset(), len, Plain, type, {}.keys(), {}.values(), iter([]),
           (i for i in ()), slice(1), object(), Plain().__init__, [].append, Ellipsis, 1j, True, list[int],
           types.MappingProxyType({}), zip(), property()]


def store(where, key):
    where[key] = 1


def remove(where, key):
    del where[key]


for where in OBJECTS:
    for key in (2**70, -2**70, Broken(), Text(), One(), 1, 'a', 1.5):
        for change in (store, remove):
            try:
                change(where, key)
            except Exception as error:
                print(type(where).__name__, type(key).__name__, change.__name__, type(error).__name__, error)
