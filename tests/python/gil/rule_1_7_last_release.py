# Rule 1.7: threads that end while the interpreter ends do not touch what is gone: no crash, whatever the moment.
# timeout: 120
from _tools import child

source = '''
import threading, time, sys
n = %d
def end_soon(i):
    time.sleep(i %% 7 * 0.0003)
for i in range(n):
    threading.Thread(target=end_soon, args=(i,), daemon=i %% 2 == 0).start()
print("main ends", flush=True)
'''
for n in (1, 2, 3, 8, 30, 60):
    assert child(source % n) == (0, 'main ends\n', ''), n
print('all ended')
