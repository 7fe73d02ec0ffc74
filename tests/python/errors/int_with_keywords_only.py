# int() tells that it got too many keywords if it got nothing else.


class Number(int):
    pass


for call in (lambda: int(a=1, b=2, c=3), lambda: int(1, a=1, b=2), lambda: Number(a=1, b=2, c=3), lambda: int(1, 2, 3), lambda: int(base=3),
             lambda: int(a=1)):
    try:
        print(call())
    except TypeError as error:
        print(error)
