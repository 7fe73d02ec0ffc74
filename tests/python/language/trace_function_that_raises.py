# An exception from a trace or profile function goes through the frame that was told, once for the event and once for the frame
# where it had more to do; what fails at a return or before the first line is for no handler of that frame.
import sys
import traceback


def f(x):
    y = x
    if x > 1:
        1 / 0
    return y


def g(n):
    yield n
    return 2


def failing(name, at, profiles):
    seen = 0

    def hook(frame, event, argument):
        nonlocal seen
        if frame.f_code.co_name not in "fg":
            return None
        if event == name or profiles and "c_" in event:
            seen += 1
            if seen == at:
                raise KeyError(event)
        return hook
    return hook


for name in "call", "line", "return", "exception":
    for at in 1, 2, 3:
        for argument in 1, 2:
            for install in sys.settrace, sys.setprofile:
                install(failing(name, at, install is sys.setprofile))
                try:
                    f(argument)
                    sum(g(1))
                    sum(x for x in g(1))
                except Exception as e:
                    install(None)
                    entries = [(x.name, x.lineno) for x in traceback.extract_tb(e.__traceback__)]
                    print(name, at, argument, install.__name__, repr(e), repr(e.__context__), entries)
                install(None)


def raises_at(event_name):
    def hook(frame, event, argument):
        if frame.f_code.co_name == "guarded" and event == event_name:
            raise KeyError(event)
        return hook
    return hook


def guarded():
    try:
        return "returned"
    except KeyError as e:
        return "handled", e.args


def guarded_generator():
    def guarded():
        try:
            yield 1
            yield 2
        except KeyError as e:
            yield "handled", e.args
    return list(guarded())


for function in guarded, guarded_generator:
    for event in "call", "line", "return":
        sys.settrace(raises_at(event))
        try:
            result = function()
        except KeyError as e:
            result = e
        print(function.__name__, event, repr(result), sys.gettrace())
        sys.settrace(None)
