# Items come in the order in which CPython's collector visits them: of lists and tuples from the last one on, of dictionaries
# values before keys, and only values where all keys are str.
import gc

print(gc.get_referents([4, 'a', 6.5, 7]), gc.get_referents((1, 2, 3)), gc.get_referents([1, 2], (3, 4)))
print(gc.get_referents({1: 2, 3: 'b'}), gc.get_referents({'a': 5, 'b': 6}), gc.get_referents({}))
print(gc.get_referents({1: 2, 'a': 'b'}), gc.get_referents({'a': 'b', (1, 2): 3}))

numbers = [4, 5, 6, 7]
print(next(x for x in gc.get_referents(numbers) if isinstance(x, int)))
