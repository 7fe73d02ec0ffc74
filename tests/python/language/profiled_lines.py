# The end of a native call is reported to a profile function on the line of the call, not on the line that comes next.
import sys


def report(frame, event, argument):
    events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))


def calls(items):
    items.append(1)
    for item in items: items.count(item); len(items)
    x = len(
        items)
    items.index(*[1])
    try:
        items.index(7)
    except ValueError:
        items.clear()
    return max(
        x, key=None, default=
        2) if not x else x


events = []
sys.setprofile(report)
calls([2])
sys.setprofile(None)
for event in events: print(*event)
