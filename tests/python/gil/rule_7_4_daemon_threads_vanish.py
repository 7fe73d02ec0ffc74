# Rule 7.4: daemon threads are gone when the program ends, silently, without running their finally blocks; nothing hangs.
# timeout: 120
from _tools import child

BODIES = ['while True: pass', 'time.sleep(100)', 'held.acquire()',
        'queue.Queue().get()',
          'os.read(os.pipe()[0], 1)', 'threading.Event().wait()', 'select.select([], [], [])', 'subprocess.run(["sleep", "0.2"])',
          'time.sleep(50)',
          'pair[0].recv(1)']
for body in BODIES:
    source = '''
import threading, time, queue, os, select, subprocess, sys, socket
held, pair = threading.Lock(), socket.socketpair()
held.acquire()
started = threading.Event()
def daemon():
    try:
        started.set()
        %s
    finally:
        os.write(1, b"finally ran")
t = threading.Thread(target=daemon, daemon=True)
t.start()
started.wait()
time.sleep(0.02)
print("end", flush=True)
''' % body
    result = child(source)
    assert result == (0, 'end\n', ''), (body, result)
print(len(BODIES), 'daemons left alone')
print(child('''
import threading, time, sys
def chatty():
    while True:
        sys.stdout.write("")
        sys.stdout.flush()
for _ in range(4):
    threading.Thread(target=chatty, daemon=True).start()
time.sleep(0.05)
'''))
