# Rule 7.1: at the end, threading's own callbacks run, last first, then all threads are joined, those started meanwhile too.
# timeout: 120
from _tools import child

print(child('''
import threading, time
def say(x): print(x, flush=True)
said = threading.Event()
threading._register_atexit(say, "threading 1")
threading._register_atexit(say, "threading 2")
def chain(n):
    said.wait()
    time.sleep(0.02)
    say("thread %d ends" % n)
    if n: threading.Thread(target=chain, args=(n - 1,)).start()
threading.Thread(target=chain, args=(3,)).start()
import atexit
atexit.register(say, "atexit")
say("main ends")
said.set()
'''))
print(child('''
import threading
def late():
    try:
        threading._register_atexit(print, "never")
    except RuntimeError as e:
        print(e, flush=True)
threading._register_atexit(late)
'''))
# Executors are joined there: what was submitted is done before anything of atexit.
print(child(r'''
import atexit, concurrent.futures, threading, time, os
atexit.register(print, "atexit")
said = threading.Event()
ex = concurrent.futures.ThreadPoolExecutor(2)
for i in range(4): ex.submit(lambda: (said.wait(), time.sleep(0.02), os.write(1, b"done\n")))
print("main ends", flush=True)
said.set()
'''))
