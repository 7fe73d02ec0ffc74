# Comparisons of views of dicts with each other, with sets, and while keys change under them.
from collections import OrderedDict

d = {1: 'a', 'b': 2, 2.5: None, (1, 2): [1]}
e = dict(reversed(list(d.items())))
for one, other in ((d, e), (d, {**e, 9: 9}), (d, {k: 0 for k in d}), ({}, {}), ({}, d)):
    for view in (dict.keys, dict.items):
        try:
            a, b = view(one), view(other)
            print(view.__name__, [a == b, a != b, a <= b, a < b, a >= b, a > b], [b == a, b <= a])
        except TypeError as error:
            print(error)
print(d.keys() == set(d), d.keys() <= set(d) | {5}, set(d) == d.keys(), d.keys() == list(d), d.items() == d.keys())
print({(1, 2): 3}.keys() == {1: 2}.items(), {1: 2}.items() == {(1, 2): 3}.keys())
o = OrderedDict(d)
print(o.keys() == d.keys(), o.items() == d.items(), d.items() == o.items(), d.values() == d.values())
nan = float('nan')
print({1: nan}.items() == {1: nan}.items())


class Mutating:
    def __init__(self, action):
        self.action = action

    def __hash__(self):
        return 1

    def __eq__(self, other):
        self.action()
        return True


def grow(): left['new'] = 1
def shrink(): left.pop(3)
def swap():
    left.pop(3, None)
    left['other'] = 1


for action in (grow, shrink, swap):
    left = {Mutating(action): 1, 2: 2, 3: 3}
    right = {Mutating(lambda: None): 1, 2: 2, 3: 3}
    try:
        print(action.__name__, left.keys() == right.keys())
    except RuntimeError as error:
        print(action.__name__, error)


class Raising:
    def __eq__(self, other):
        raise ZeroDivisionError('compared')


try:
    {1: Raising()}.items() == {1: 5}.items()
except ZeroDivisionError as error:
    print(error)
