# Rule 1.5: a switch is counted when the holder differs from the last one, not when a thread takes the GIL again.
# baton-only
# modes: gil=1
import threading
import time
import baton.gil
from _tools import Hog

before = baton.gil.stats()['switches']
for _ in range(300):
    time.sleep(0)
    open('/dev/null').close()
assert baton.gil.stats()['switches'] == before, 'the same thread took it again'

lock, other = threading.Lock(), threading.Lock()
lock.acquire()
other.acquire()
ROUNDS = 200


def answer():
    for _ in range(ROUNDS):
        lock.acquire()
        other.release()


t = threading.Thread(target=answer)
t.start()
before = baton.gil.stats()['switches']
for _ in range(ROUNDS):
    lock.release()
    other.acquire()
t.join()
switches = baton.gil.stats()['switches'] - before
assert 2 * ROUNDS - 2 <= switches <= 2 * ROUNDS + 20, switches

before = baton.gil.stats()
with Hog(2):
    time.sleep(0.3)
after = baton.gil.stats()
assert after['switches'] > before['switches'] + 5 and after['forced_switches'] > before['forced_switches']
