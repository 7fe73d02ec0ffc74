# A module without code is on line 0: trace functions see that it runs, so that tools find it covered, and f_lineno is a number.
import sys

told = []


def trace(frame, event, argument):
    told.append((event, frame.f_lineno))
    return trace


for source in "", "\n", "# comment\n", "\n\n# comment", '"""doc"""', "pass", "\n\npass", "1", "\n\nif 0: pass", "x: int":
    code = compile(source, "module", "exec")
    del told[:]
    sys.settrace(trace)
    exec(code, {})
    sys.settrace(None)
    print(repr(source), told[:-1], {line for start, end, line in code.co_lines()}, list(code.co_positions())[:2])
for source in '"""doc"""', "assert 0":
    print(list(compile(source, "module", "exec", optimize=2).co_positions()))
