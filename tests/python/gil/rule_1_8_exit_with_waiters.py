# Rules 1.7 and 1.8: threads that end, or wait for the GIL, while the interpreter finishes neither hang nor crash it.
# timeout: 120
from _tools import BATON, child

SOURCES = ['''
import threading
def spin():
    while True: pass
for _ in range(4):
    threading.Thread(target=spin, daemon=True).start()
print("end")
''', '''
import threading, time
def nap():
    while True: time.sleep(0.0001)
for _ in range(8):
    threading.Thread(target=nap, daemon=True).start()
time.sleep(0.02)
print("end")
''', '''
import threading, sys, os
def forever():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
threading.Thread(target=forever, daemon=True).start()
r, w = os.pipe()
threading.Thread(target=os.read, args=(r, 1), daemon=True).start()
print("end")
''']
if BATON:       # CPython 3.11 itself crashes now and then on this one
    SOURCES.append('''
import _thread
def short(): pass
for _ in range(50):
    _thread.start_new_thread(short, ())
print("end")
''')
for source in SOURCES:
    for _ in range(3):
        status, out, err = child(source)
        assert (status, out, err) == (0, 'end\n', ''), (source, status, out, err)
