# del of items and slices of lists, dicts and others, by good and bad keys.
class Sub(list): pass
class I:
    def __index__(self): return 1
for kind in (list, Sub, bytearray):
    for key in (0, -1, 3, -9, 9, True, I(), 1 << 80, -(1 << 80), 'x', None, 1.5, slice(None), slice(-1, None),
                slice(None, None, 2), slice(1, 3), slice(I(), None), slice(3, 1),
                slice(None, None, 0), slice('a', None), slice(None, None, -1)):
        l = kind(range(5))
        try: del l[key]
        except Exception as e: print(type(e).__name__, e)
        print(l)
class Evil:
    def __init__(self, l): self.l = l
    def __index__(self): self.l.clear(); return 0
l = [1, 2, 3]
try: del l[Evil(l)]
except IndexError as e: print(e, l)
l = [1, 2, 3]
del l[:Evil(l)]
print(l)
for o in ((1, 2), 'ab', {1}, 5, range(3)):
    try: del o[0]
    except TypeError as e: print(e)
l = list(range(50))
while l: del l[-1:]
print(l)
