# What is called after a function has begun tracing and yielded, or has returned to native code, is traced; so with profiling.
import contextlib
import functools
import sys
import threading

told = []


def trace(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        told.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


def profile(frame, event, argument):
    if frame.f_code.co_filename == __file__ and not event.startswith("c_"):
        told.append((event, frame.f_code.co_name))


def begin(setter, function):
    setter(function)


@contextlib.contextmanager
def tracing(setter, function):
    setter(function)
    try:
        yield
    finally:
        setter(None)


class Tracing:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __enter__(self):
        begin(*self.arguments)

    def __exit__(self, *exc_info):
        self.arguments[0](None)

    @property
    def begun(self):
        begin(*self.arguments)

    def __add__(self, other):
        begin(*self.arguments)

    def __iter__(self):
        begin(*self.arguments)
        yield 1

    def __lt__(self, other):
        begin(*self.arguments)
        return True


def work():
    a = 1
    return a


def numbers():
    yield work()
    yield 2


def by_manager(*arguments):
    with tracing(*arguments):
        work()


def by_class(*arguments):
    with Tracing(*arguments):
        work()


def by_property(*arguments):
    Tracing(*arguments).begun
    work()
    arguments[0](None)


def by_operator(*arguments):
    Tracing(*arguments) + 1
    work()
    arguments[0](None)


def by_iteration(*arguments):
    for x in map(int, Tracing(*arguments)):
        work()
    arguments[0](None)


def by_sorting(*arguments):
    sorted([Tracing(*arguments), Tracing(*arguments)])
    work()
    arguments[0](None)


def deep(*arguments):
    functools.reduce(lambda x, y: list(map(lambda z: begin(*arguments), [1])), [1, 2])
    work()
    arguments[0](None)


def in_generator(*arguments):
    g = numbers()
    list(map(lambda x: begin(*arguments), [1]))
    for x in g:
        work()
    arguments[0](None)


def resumes(*arguments):
    g = numbers()
    next(g)
    Tracing(*arguments) + 1
    for x in g:
        work()
    arguments[0](None)


def often(*arguments):
    for i in range(30):
        work()
    del told[:]
    by_manager(*arguments)


def main():
    for function in (by_manager, by_class, by_property, by_operator, by_iteration, by_sorting, deep, in_generator, resumes,
                     often):
        for setter, hook in (sys.settrace, trace), (sys.setprofile, profile):
            del told[:]
            function(setter, hook)
            print(function.__name__, setter.__name__)
            for entry in told:
                print("   ", *entry)


for i in range(3):
    main()
thread = threading.Thread(target=main)
thread.start()
thread.join()
