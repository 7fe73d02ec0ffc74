# Line events and f_lineno where a function's return has no code of its own: bodies that are a docstring only, lambdas over several
# lines, handlers within handlers, evaluated expressions.
import sys

events = []


def trace(frame, event, arg):
    events.append(f'{event[0]}:{frame.f_code.co_name}:{frame.f_lineno - max(frame.f_code.co_firstlineno, 0)}')
    return trace


def show(f, *args):
    events.clear()
    sys.settrace(trace)
    try:
        result = f(*args)
    finally:
        sys.settrace(None)
    print(f.__name__, *events)
    return result


def documented():
    """Nothing else."""


def declared():
    global somewhere


@(lambda f: f)
def decorated():
    """Several

    lines."""


async def coroutine():
    """Nothing else."""


def generator():
    """One yield."""
    yield


def lambdas():
    f = (lambda x:
         x + 1)
    f(1)
    f = (lambda x:
         [x,
          1])
    f(1)
    f = lambda: (
        (yield))
    list(f())
    return sorted([2, 1],
                  key=lambda x:
                  -x)


def nested_groups():
    try:
        1 / 0
    except ZeroDivisionError:
        try: raise KeyError from None
        except* KeyError: pass


def nested_handlers():
    try:
        1 / 0
    except ZeroDivisionError:
        try:
            raise KeyError
        except KeyError:
            pass


def expressions():
    eval('\n(1)')
    eval('(1 +\n2 * len("a"))')
    exec('')
    exec('\n\nx = 1')


for f in documented, declared, decorated, generator, lambdas, nested_groups, nested_handlers:
    show(f)
c = show(coroutine)
try:
    show(c.send, None)
except StopIteration:
    pass
for source in '\n(1)', '(1 +\n2 * len("a"))':
    code = compile(source, 'x', 'eval')
    show(eval, code)
for f in documented, declared, decorated, lambda x: x, lambda: \
        1:
    print(sorted({line - f.__code__.co_firstlineno for _, _, line in f.__code__.co_lines() if line is not None}))
