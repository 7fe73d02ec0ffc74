# At the 'call' event of a trace function f_locals has the free variables, and what is stored there reaches them.
import sys

events = []


def trace(frame, event, arg):
    if frame.f_code.co_name in ("outer", "inner", "gen", "counter", "K"):
        events.append((frame.f_code.co_name, event, sorted((k, v) for k, v in frame.f_locals.items() if type(v) is int)))
    return trace


def outer(a, b):
    c = 1

    def inner(x, y):
        z = a + x

        def deepest():
            return x, z, c

        return deepest()

    def gen(q):
        yield q, c
        yield lambda: q

    def counter():
        nonlocal c
        c += 1
        return later

    class K:
        w = a

    inner(1, 2)
    list(gen(5))
    try:
        counter()
    except NameError as error:
        print(error)
    later = 6
    return counter(), [b for _ in range(1)]


sys.settrace(trace)
print(outer(1, 2))
sys.settrace(None)
for event in events:
    print(*event)


def change(frame, event, arg):
    if frame.f_code.co_name == "reader" and event == "call":
        frame.f_locals["value"] = 7
    return None


def make():
    value = 1

    def reader():
        return value

    return reader, lambda: value


reader, other = make()
sys.settrace(change)
print(reader())
sys.settrace(None)
print(other())
