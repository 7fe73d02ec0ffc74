# Rule 7.7: os._exit skips callbacks, threads and streams; a forked Process runs multiprocessing's own exit, then os._exit.
# timeout: 120
from _tools import child

print(child('''
import os, atexit, threading, sys
atexit.register(print, "no")
threading._register_atexit(print, "no")
threading.Thread(target=threading.Event().wait).start()
sys.stdout.write("not flushed")
os._exit(7)
'''))
print(child('''
import atexit, multiprocessing, multiprocessing.util, os, sys
atexit.register(lambda: print("atexit of", "parent" if os.getpid() == parent else "child", flush=True))
parent = os.getpid()
def work():
    multiprocessing.util.Finalize(None, print, ("finalize in the child",), {"flush": True}, exitpriority=10)
    sys.stdout.write("from the child\\n")
if __name__ == "__main__":
    p = multiprocessing.get_context("fork").Process(target=work)
    p.start()
    p.join()
    print(p.exitcode, flush=True)
'''))
