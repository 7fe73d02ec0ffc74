# Rules 7.1-7.3, 7.5-7.7: the order at exit: threading callbacks, join of threads, atexit callbacks, finalizers, flush.
# timeout: 120
from _tools import child

print(child('''
import atexit, threading, time, weakref, sys, concurrent.futures
def say(x): print(x, flush=True)
class K: pass
k = K()
atexit.register(say, "atexit 1")
weakref.finalize(k, say, "finalize")
atexit.register(say, "atexit 2")
ended, told = threading.Event(), threading.Event()
threading._register_atexit(told.set)
threading._register_atexit(say, "threading 1")
threading._register_atexit(say, "threading 2")
def late():
    told.wait()
    time.sleep(0.05)
    say("thread ends")
    threading.Thread(target=lambda: (time.sleep(0.05), say("thread of the thread ends"))).start()
threading.Thread(target=late).start()
ex = concurrent.futures.ThreadPoolExecutor(1)
ex.submit(lambda: (ended.wait(), time.sleep(0.05), say("executor done")))
say("main ends")
ended.set()
'''))
print(child('import atexit\natexit.register(print, 1)\natexit.register(print, 2)\natexit.unregister(print)\n'
     'atexit.register(print, 3)\n'))
print(child('import atexit, sys\natexit.register(sys.exit, 5)\natexit.register(lambda: print("second"))\n')[:2])
print(child('import atexit\n@atexit.register\ndef f():\n    print("f")\n    atexit.register(print, "registered late")\n'))
print(child('import sys\nsys.stdout.write("no newline, flushed at exit")'))
print(child('import os, atexit, threading\natexit.register(print, "no")\n'
     'threading.Thread(target=print, args=("t",)).start()\nimport time; time.sleep(.05)\n'
     'import sys; sys.stdout.flush()\nos._exit(7)'))
print(child('import threading, sys, time\nthreading.Thread(target=lambda: (time.sleep(.1), print("joined"))).start()\n'
     'sys.exit(3)'))
print(child('import threading, sys, time\nthreading.Thread(target=lambda: (time.sleep(.1), print("joined"))).start()\n'
     'raise SystemExit("msg")'))
print(child('class D:\n    def __del__(self): print("del at exit")\nd = D()\nimport builtins\nbuiltins.keep = None\n'
     'del d\nimport gc; gc.collect()\nprint("end")'))
