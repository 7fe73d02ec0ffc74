# Rule 5: a digest's update with less than 2048 bytes keeps the GIL, from 2048 on it lets go; for OpenSSL's digests and for our own.
# modes: gil=1
# alone
import _blake2
import _hashlib
import _md5
import _sha256
import _sha3
import os
import sys
import threading
import time
from _tools import BATON

if BATON and sys._xoptions.get('gil_policy') != 'cpython':      # the fair policy would preempt for the other thread's sake
    os.execv(sys.executable, [sys.executable, '-X', 'gil=1', '-X', 'gil_policy=cpython', __file__])

sys.setswitchinterval(60)       # so that nobody is preempted: what the other thread gets, it gets by voluntary release
turns = 0
stop = False


def other():
    global turns
    while not stop:
        turns += 1
        time.sleep(0)           # lets go, and waits behind the working thread


def turns_during(work):
    global stop
    stop = False
    t = threading.Thread(target=other)
    t.start()
    before = turns
    work()
    got = turns - before
    stop = True
    t.join()
    return got


def feed(make, size, seconds=0.3):
    h, data = make(), b'x' * size

    def work():
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            h.update(data)
    return work


for make in (_hashlib.openssl_sha256, lambda: _hashlib.hmac_new(b'k', b'', 'md5'), _sha256.sha256, _md5.md5, _sha3.sha3_256,
             _blake2.blake2b):
    held, released = turns_during(feed(make, 2047)), turns_during(feed(make, 2048))
    print(held == 0, released > 0 or not BATON)       # CPython's own md5 and sha256 never let go
