# A profile function that is set within calls of natives hears of their ends; after setprofile(None) nobody does.
import sys


def first(frame, event, argument): events.append(("first", event, frame.f_code.co_name, getattr(argument, "__name__", argument)))
def second(frame, event, argument): events.append(("second", event, frame.f_code.co_name, getattr(argument, "__name__", argument)))


def change(item):
    sys.setprofile(second if item else None)
    return item


def run(item):
    sys.setprofile(first)
    len([])
    list(map(change, [item]))
    sorted([item], key=change)
    len([])
    sys.setprofile(first)
    sys.setprofile(second)
    len([])
    sys.setprofile(None)


for item in (0, 1):
    events = []
    run(item)
    for event in events: print(item, *event)
