# Rule 2.6: an exception for another thread's code comes at its next check, never inside a native call that works.
import _thread
import signal
import threading
import time

signal.signal(signal.SIGINT, signal.default_int_handler)
timer = threading.Timer(0.05, _thread.interrupt_main)
data = list(range(400000, 0, -1)) * 2
copy = sorted(data)
try:
    timer.start()
    while True:
        copy = sorted(data)
        whole = len(copy) == len(data) and copy[0] == copy[1] == 1
        assert whole
except KeyboardInterrupt:
    pass
timer.join()
# The list that was being sorted when it came is either the old one or the new one, whole.
assert len(copy) == len(data)
lst = list(data)
timer = threading.Timer(0.02, _thread.interrupt_main)
try:
    timer.start()  # on a loaded machine the interrupt comes before this returns
    lst.sort()
    time.sleep(5)
except KeyboardInterrupt:
    pass
timer.join()
assert len(lst) == len(data)
assert lst == data or all(lst[i] <= lst[i + 1] for i in range(0, len(lst) - 1, 997))
print('between the calls')
