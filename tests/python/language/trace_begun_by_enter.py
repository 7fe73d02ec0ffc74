# An __enter__ that isn't entered as a Python function (here a partial; a function of a cached module at its first call is another) begins to
# trace the frame of the with statement: from the next line on.
import contextlib
import functools
import sys

events = []


def trace(frame, event, arg):
    if frame.f_code.co_name in ("body", "nested", "loop"):
        events.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event))
    return trace


def start():
    sys._getframe(1).f_trace = trace
    sys.settrace(trace)


class Tracing:
    __enter__ = functools.partial(start)

    def __exit__(self, *args):
        sys.settrace(None)


@contextlib.contextmanager
def tracing():
    frame = sys._getframe(2)
    frame.f_trace = trace
    sys.settrace(trace)
    yield
    sys.settrace(None)


def body():
    with Tracing():
        x = 1
        y = 2
    return x + y


def nested():
    with contextlib.nullcontext(), tracing():
        x = 1
    return x


def loop():
    for i in range(3):
        with Tracing():
            x = i
            y = x
    return y


for function in (body, nested, loop):
    for _ in range(3):
        events.clear()
        result = function()
        print(function.__name__, result, events)
for _ in range(300):
    events.clear()
    loop()
print(events)
