# Rule 7.6: Ctrl-C while the interpreter joins threads at exit is reported, and the program ends.
from _tools import child

status, out, err = child('''
import threading, time, os, signal
stop = threading.Event()
def work():
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.3)
threading.Thread(target=work).start()
print("main ends", flush=True)
''')
print(status, out, err.splitlines()[0].split(' from')[0], err.splitlines()[-1])
