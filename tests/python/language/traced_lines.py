# Line events of sys.settrace in statements over several lines, generators and decorators; StopIteration as traced frames see it.
import sys

SOURCE = '''
def simple(x):
    a = (x +
         1)
    return (a,
            x)
def boolean(a, b):
    if (a and
        b) or not a:
        return 1
    return 2
def decorator(f): return f
def decorated():
    @decorator
    @decorator
    def inner(a=1):
        return a
    return inner()
def numbers():
    yield 1
    x = yield 2
    return 5
def loop():
    for v in numbers():
        pass
    r = yield from numbers()
    return r
def expression(n):
    return sum(x for x in range(n))
async def wait(n):
    return n
async def main():
    await wait(1)
    return await wait(None)
def loops(n):
    x = n
    while x: x -= 1
    while x < 3: x += 1
    else: x = 0
    while n and x < 9: x += 5; y = x
    while n > 0: n -= 1; continue
    for \\
        i in range(2): x += i
    return ([i
             for
             i in
             range(2)
             if i], list(j
                         for j in
                         range(2)))
class Swallow:
    def __init__(self, really): self.really = really
    def __enter__(self): return self
    def __exit__(self, *what): return self.really
def same(x):
    x = x
    x = x
    assert "true"
    x: int = x
    assert x
    return x
def several():
    with Swallow(True), Swallow(False):
        1 / 0
    with Swallow(True):
        with Swallow(False): 1 / 0
    try:
        with Swallow(False), Swallow(False) as same:
            same = same
            1 / 0
    except ZeroDivisionError as error: pass
    finally: x = 1
    return x
def run():
    list(loop())
    c = main()
    try:
        c.send(None)
    except StopIteration:
        pass
'''
namespace = {}
exec(compile(SOURCE, "source", "exec"), namespace)


def traced(name, *args):
    events = []

    def trace(frame, event, argument):
        if frame.f_code.co_filename != "source":
            return None
        shown = repr(argument[1]) if event == "exception" else ""
        events.append((frame.f_code.co_name, event, frame.f_lineno, shown))
        return trace

    sys.settrace(trace)
    try:
        namespace[name](*args)
    finally:
        sys.settrace(None)
    print(name, args)
    for event in events:
        print("   ", *event)


traced("simple", 1)
traced("boolean", 1, 0)
traced("boolean", 0, 1)
traced("decorated")
traced("expression", 2)
traced("loops", 2)
traced("loops", 0)
traced("run")
traced("same", 1)
traced("several")


# After a jump the line that was jumped to is no event of its own.
def jumped(output):
    output.append(1)
    output.append(2)
    output.append(3)
    return output


def jump(first, to):
    lines = []

    def trace(frame, event, argument):
        if frame.f_code is not jumped.__code__:
            return None
        line = frame.f_lineno - frame.f_code.co_firstlineno
        lines.append((event, line))
        if event == "line" and line == first and lines.count((event, line)) == 1:
            frame.f_lineno = frame.f_code.co_firstlineno + to
        return trace

    sys.settrace(trace)
    try:
        output = jumped([])
    finally:
        sys.settrace(None)
    print(first, to, output, lines)


jump(3, 1)
jump(1, 3)
jump(4, 2)
