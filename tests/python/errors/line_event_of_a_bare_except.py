# The line event of a bare `except` comes behind the instruction that makes the exception the handled one, as of any other
# handler; that instruction is on no line, and tools that measure coverage skip events at it.
import dis
import sys

told = []


def trace(frame, event, argument):
    if event == "line":
        told.append((frame.f_lineno - frame.f_code.co_firstlineno, dis.opname[frame.f_code.co_code[frame.f_lasti]]))
    return trace


def bare():
    try:
        int("x")
    except:
        a = 5


def named():
    try:
        int("x")
    except KeyError:
        a = 5
    except ValueError as e:
        a = 6
    try:
        raise ValueError
    finally:
        a = 9


def nested():
    try:
        try:
            int("x")
        except:
            raise
    except:
        pass


for function in bare, named, nested:
    del told[:]
    sys.settrace(trace)
    try:
        function()
    except ValueError as e:
        pass
    sys.settrace(None)
    print(function.__name__, [line for line, name in told], "PUSH_EXC_INFO" in [name for line, name in told])
    print({i.positions.lineno for i in dis.get_instructions(function) if i.opname == "PUSH_EXC_INFO"})
    print(sorted({line - function.__code__.co_firstlineno for start, end, line in function.__code__.co_lines() if line}))
