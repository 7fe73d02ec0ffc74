# sys.settrace: lines where blocks are left: the end of a finally block that goes on raising, except* whose clauses don't fit,
# with statements that fail, match statements; what has no line; the same without columns (-X no_debug_ranges).
import subprocess
import sys

SOURCE = '''
def fails_in_finally():
    try:
        missing
    finally:
        x = other
        del x[5]
def if_at_the_end():
    try:
        missing
    finally:
        if other:
            pass
def while_at_the_end(n):
    try:
        missing
    finally:
        while n:
            n -= 1
def for_at_the_end(n):
    try:
        missing
    finally:
        for i in range(n):
            i
def try_at_the_end(n):
    try:
        missing
    finally:
        try:
            n
        except ValueError:
            pass
def match_at_the_end(n):
    try:
        missing
    finally:
        match n:
            case 1:
                pass
            case 2:
                n = 3
def call_at_the_end(n):
    try:
        missing
    finally:
        other(n)
def handled_group(n):
    try:
        missing
    except* NameError as e:
        pass
def unhandled_group(n):
    try:
        missing
    except* KeyError:
        pass
    except* ValueError:
        pass
class Exit:
    def __init__(self, error=None): self.error = error
    def __enter__(self): return self
    def __exit__(self, *what):
        if self.error: raise self.error
def failing_exits(n):
    with Exit(), Exit(KeyError):
        missing
def failing_body(n):
    with Exit(), Exit():
        missing
def nested_match(n):
    match n:
        case 2:
            match n + 1:
                case _:
                    pass
def condition_in_match(n):
    match n:
        case int():
            if n == 1:
                pass
def try_in_match(n):
    match n:
        case _:
            try:
                pass
            except KeyError:
                pass
            assert 200 or n, 8
def choice(n):
    for i in [n] and () if n else None:
        pass
    return (n and 0) if n else 4
def constants_in_a_loop(n):
    pass
    while n:
        n <<= 1
        if n > 99: break
'''
space = {}
exec(compile(SOURCE, "<source>", "exec"), space)
# A loop whose constants are loaded first must not swallow the first line of its module.
MODULE = compile("pass\nwhile n:\n    n <<= 1\n    if n > 99: break\n", "<source>", "exec")


def traced(call):
    events = []

    def trace(frame, event, argument):
        if frame.f_code.co_filename != "<source>":
            return None
        events.append(f"{event} {frame.f_lineno}")
        return trace

    sys.settrace(trace)
    try:
        end = repr(call())
    except BaseException as e:
        end = repr(e)
    sys.settrace(None)
    return f"{', '.join(events)}: {end}"


for name, function in space.items():
    if name[0].islower():
        arguments = [()] if not function.__code__.co_argcount else [(0,), (2,)]
        for given in arguments:
            print(name, given, traced(lambda: function(*given)))
print(traced(lambda: exec(MODULE, {"n": 1})))
if "-X" not in sys.orig_argv[:-1] or "no_debug_ranges" not in sys.orig_argv:
    out = subprocess.run([sys.executable, "-X", "no_debug_ranges", __file__], stdout=subprocess.PIPE, text=True, check=True)
    print(out.stdout)
