# Exceptions that nobody can catch: in threads, in __del__, in atexit, in weakref callbacks; warnings on stderr.
from _run import show

show('thread', '''
import threading
def f(): 1 / 0
t = threading.Thread(target=f, name="T")
t.start()
t.join()
print("main goes on")
''')
show('thread excepthook', '''
import threading
threading.excepthook = lambda args: print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)
def f(): 1 / 0
t = threading.Thread(target=f, name="T")
t.start()
t.join()
''')
show('SystemExit in a thread', 'import threading, sys\nt = threading.Thread(target=sys.exit, args=(5,))\nt.start()\n'
     't.join()\nprint("quiet")\n')
show('unraisable hook', '''
import sys, gc
seen = []
sys.unraisablehook = lambda u: seen.append((u.exc_type.__name__, str(u.exc_value), u.err_msg))
class D:
    def __del__(self): raise ValueError("in del")
d = D()
del d
gc.collect()
print(seen)
''')
show('atexit', 'import atexit\natexit.register(lambda: 1 / 0)\natexit.register(print, "ran first")\nprint("body")\n')
show('atexit after an error', 'import atexit\natexit.register(print, "at exit")\n1 / 0\n')
show('start_new_thread', '''
import _thread, time, sys
done = _thread.allocate_lock()
done.acquire()
seen = []
sys.unraisablehook = lambda u: (seen.append((u.exc_type.__name__, u.err_msg)), done.release())
def f(): 1 / 0
_thread.start_new_thread(f, ())
done.acquire()
print(seen)
''')
show('warnings', 'import warnings\nwarnings.warn("careful")\nwarnings.warn("old", DeprecationWarning)\n'
     'warnings.warn("custom", UserWarning, stacklevel=1)\nprint("after")\n')
show('warnings as errors', 'import warnings\nwarnings.warn("careful")\n', flags=('-W', 'error'))
show('warning filters', 'import warnings\nwith warnings.catch_warnings(record=True) as w:\n'
     '    warnings.simplefilter("always")\n    warnings.warn("a")\n    warnings.warn("b", RuntimeWarning)\n'
     'print([(str(x.message), x.category.__name__, x.lineno) for x in w])\n')
show('syntax warnings', 'x = 1 is 1\ny = "\\d"\nassert (1, "always true")\n', flags=('-W', 'always'))
show('exit in finally', 'import sys\ntry:\n    sys.exit(2)\nfinally:\n    print("finally")\n')
show('os._exit', 'import os, atexit\natexit.register(print, "not shown")\nos._exit(4)\n')
show('error after output', 'print("buffered text")\nraise ValueError("after")\n')
