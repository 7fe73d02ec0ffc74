# Rule 3.5: SIGINT raises KeyboardInterrupt in the main thread; _thread.interrupt_main simulates a signal; its errors.
import _thread
import os
import signal
import threading
import time
from _tools import Worker, child

try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
    print('not interrupted')
except KeyboardInterrupt as e:
    print('interrupted', e.args)


def interrupt(*args):
    time.sleep(0.05)
    _thread.interrupt_main(*args)


t = Worker(interrupt)
t.start()
try:
    while True:
        pass
except KeyboardInterrupt:
    print('interrupt_main')
t.join()
hits = []
signal.signal(signal.SIGUSR1, lambda s, f: hits.append(s))
_thread.interrupt_main(signal.SIGUSR1)
for _ in range(100):
    pass
assert hits == [signal.SIGUSR1]
for bad in (-1, 0, 65, 1000000):
    try:
        _thread.interrupt_main(bad)
        print(bad, 'accepted')
    except (ValueError, OverflowError) as e:
        print(bad, type(e).__name__, e)
# No effect where the signal is ignored or has its default action.
signal.signal(signal.SIGINT, signal.SIG_IGN)
_thread.interrupt_main()
signal.signal(signal.SIGINT, signal.SIG_DFL)
_thread.interrupt_main()
signal.signal(signal.SIGUSR1, signal.SIG_DFL)
_thread.interrupt_main(signal.SIGUSR1)
time.sleep(0.01)
signal.signal(signal.SIGINT, signal.default_int_handler)
print('still here')
status, out, err = child('import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nfor _ in range(10**9): pass')
print(status, repr(out), err.splitlines()[-1])
status, out, err = child('import os, sys\nr, w = os.pipe()\nos.close(r)\ntry: os.write(w, b"x")\n'
     'except BrokenPipeError as e: print(e)')
print(status, out, err)
