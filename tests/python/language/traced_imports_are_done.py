# What the import system does late, after the import, is not told to trace and profile functions.
import gc
import sys

import json.tool
import xml.dom.minidom

told = []


def hook(frame, event, argument):
    told.append((frame.f_code.co_filename, frame.f_code.co_name, event))
    return hook


for install in sys.settrace, sys.setprofile:
    install(hook)
    gc.collect()
    install(None)
    import sched
    print(install.__name__, [x for x in told if "importlib" in x[0]])
