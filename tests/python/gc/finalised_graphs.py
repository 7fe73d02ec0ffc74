# Objects of random graphs, with cycles and without, are finalised once each, beside much that has no finaliser.
import gc
import random

finalised = []


class Node:
    def __init__(self, number):
        self.number = number
        self.others = []

    def __del__(self):
        finalised.append(self.number)


class Plain:
    pass


def graph(count, chooser, cyclic):
    nodes = [Node(i) for i in range(count)]
    for i, node in enumerate(nodes):
        for _ in range(chooser.randrange(3)):
            k = chooser.randrange(count) if cyclic else chooser.randrange(i, count)
            if k != i or cyclic:
                between = Plain()
                between.to = nodes[k]
                between.more = [[j] for j in range(chooser.randrange(30))]
                node.others.append(between if chooser.randrange(2) else nodes[k])
    return nodes


for count in (1, 2, 3, 5, 8, 30, 200):
    for seed in range(6):
        chooser = random.Random(seed * 1000 + count)
        nodes = graph(count, chooser, False)
        while nodes:  # the first of those that nobody refers to
            del nodes[0]
        gc.collect()
        assert sorted(finalised) == list(range(count))
        finalised.clear()
        nodes = graph(count, chooser, True)
        nodes = None
        gc.collect()
        gc.collect()
        assert sorted(finalised) == list(range(count)), (count, seed, finalised)
        finalised.clear()

# One chain, and one object that a cycle reaches: after all that refer to it.
first = last = Node(0)
for i in range(1, 50):
    node = Node(i)
    last.others.append(node)
    last = node
ring = Plain()
ring.ring = ring
ring.chain = first
del first, last, node, ring
gc.collect()
print(len(finalised), finalised[:3])
