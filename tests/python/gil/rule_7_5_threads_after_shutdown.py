# Rule 7.5: a thread that is started when shutdown has begun does not hang the program (3.11 says nothing more).
# timeout: 120
from _tools import BATON, child

source = '''
import atexit, threading, os
def start():
    t = threading.Thread(target=lambda: None)
    try:
        t.start()
        t.join(5)
    except RuntimeError:
        pass
    print("done", flush=True)
atexit.register(start)
print("main ends", flush=True)
'''
print(child(source))
# While the interpreter finalises, CPython may hang in start(); here it must not.
if BATON:
    status, out, err = child('''
import threading, atexit
atexit.register(lambda: threading.Thread(target=lambda: None, daemon=True).start())
class D:
    def __del__(self):
        try: threading.Thread(target=lambda: None, daemon=True).start()
        except BaseException: pass
d = D()
print("main ends", flush=True)
''')
    assert (status, out) == (0, 'main ends\n'), (status, out, err)
