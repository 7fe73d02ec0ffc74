# baton-only: a trace function isn't told of generators that a collection closes, unless they have something to run then.
import gc
import sys

told = []


def trace(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        told.append((event, frame.f_code.co_name))
    return trace


def plain():
    yield 1
    yield 2


def cleans():
    try:
        yield 1
    finally:
        cleaned.append(1)


cleaned = []


def make(function):
    for i in range(20):
        next(function())


def work(function):
    make(function)
    sys.settrace(trace)
    gc.collect()
    sys.settrace(None)


work(plain)
assert not told, told
work(cleans)
assert len(cleaned) == 20, cleaned
assert told.count(("call", "cleans")) == told.count(("return", "cleans")), told
