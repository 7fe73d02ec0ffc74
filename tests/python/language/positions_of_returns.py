# co_positions of what the compiler adds behind a statement: the return of None stands where that statement ended, as far as it is
# on one line; where nothing falls into it, it has no columns.
import dis


def positions(function):
    code = function.__code__
    shown = [p for p, i in zip(code.co_positions(), dis.get_instructions(code, show_caches=True)) if i.opname != 'CACHE']
    return [(i.opname, p[0] - code.co_firstlineno, *p[2:]) for i, p in zip(dis.get_instructions(code), shown)]


def statement(a):
    a.b()


def several(a):
    a.b(
        1
    ).c(
        2
    )


def assignment():
    x = 1


def nothing():
    pass


for function in (statement, several, assignment, nothing):
    if function is not assignment:  # whose store stands at its value's place here
        print(function.__name__, positions(function)[-1])
    assert all(None not in p for p in positions(function)), positions(function)


# What fails inside such an instruction is still told without marks of its own.
class Fails:
    def __enter__(self): pass
    def __exit__(self, *what): raise KeyError('exit')


def failing():
    with Fails():
        pass


import io
import sys
import traceback
try:
    failing()
except KeyError:
    text = io.StringIO()
    traceback.print_exc(file=text)
    print(text.getvalue().replace(__file__, 'FILE'))
