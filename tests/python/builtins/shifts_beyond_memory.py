# Shifts by more than there can be memory for, and the iterators of a subclass of str.
def show(f):
    try:
        print(f())
    except (MemoryError, OverflowError, ValueError) as e:
        print(type(e).__name__, e)


for count in 2**62, 2**63 - 1, 2**63, 2**64, 30 * 2**60, 30 * 2**62, 2**70, 2**1000:
    for number in 1, -5, 10**30, True:
        show(lambda: number << count)
    print(0 << count, 7 >> count, -7 >> count, 10**30 >> count)


class S(str):
    pass


for text in "", "abc", "grün", S(""), S("abc"), S("grün"):
    print(type(iter(text)).__name__, list(iter(text)))
