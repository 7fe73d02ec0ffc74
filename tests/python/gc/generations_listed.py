# gc.get_objects(generation): what is young is in the youngest only, what a collection has left in the oldest only.
import gc

gc.collect()
new = [[]]
new.append(new)


def listed_in():
    return [any(new is o for o in gc.get_objects(generation=g)) for g in (0, 1, 2)]


print(listed_in())
gc.collect()
print(listed_in())
print(any(new is o for o in gc.get_objects()))
