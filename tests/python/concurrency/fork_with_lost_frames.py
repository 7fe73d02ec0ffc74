# Threads lost in a fork stand still for ever in the child: what their frames refer to doesn't die there, so no callback or __del__
# of theirs runs, and none waits for a lock that a lost thread holds. Native functions that they were in leave nothing behind on
# their stacks, which the child's new threads get.
import gc
import os
import sys
import threading
import time
import traceback
import weakref

stop = threading.Event()
started = threading.Semaphore(0)
lock = threading.Lock()
refs = []
died = []


class Thing:
    def __del__(self):
        died.append(os.getpid())


def called_back(ref):
    with lock:
        died.append(os.getpid())


def holding():
    thing = Thing()
    refs.append(weakref.ref(thing, called_back))
    with lock:
        started.release()
        stop.wait()
    return thing


def in_a_native_call(kind):
    def wait(*args):
        started.release()
        stop.wait()
        return 0
    if kind == 'sort':
        sorted([3, 1, 2], key=wait)
    if kind == 'map':
        list(map(wait, [1]))
    if kind == 'default':
        class D(dict):
            __missing__ = wait
        D()[1]
    if kind == 'repr':
        class R:
            __repr__ = wait
        try:
            repr([R()])
        except TypeError:
            pass


def generating(frames):
    def generator():
        frames.append(sys._getframe())
        try:
            1 / 0
        except ZeroDivisionError as e:
            frames.append(e.__traceback__)
            started.release()
            stop.wait()
        yield 1
    list(generator())


def deep(n):
    if n:
        sorted([n], key=lambda k: deep(k - 1))


def work(out):
    for _ in range(20):
        deep(20)
        repr([[{1: (2, 3)}] * 10])
    out.append(1)


frames = []
threads = [threading.Thread(target=holding), threading.Thread(target=generating, args=(frames,))]
threads += [threading.Thread(target=in_a_native_call, args=(kind,)) for kind in ('sort', 'map', 'default', 'repr')]
for t in threads:
    t.start()
for t in threads:
    started.acquire()
time.sleep(0.1)


def child():
    out = []
    new = [threading.Thread(target=work, args=(out,)) for _ in range(12)]
    for t in new:
        t.start()
        gc.collect()
    for t in new:
        t.join()
    for _ in range(3):
        gc.collect()
    assert len(out) == 12
    assert refs[0]() is not None and not died, died
    assert [f.f_code.co_name for f in (frames[0], frames[1].tb_frame)] == ['generator'] * 2
    assert len(traceback.extract_tb(frames[1])) == 1 and 'frames' in frames[0].f_locals
    return 5


for i in range(5):
    pid = os.fork()
    if pid == 0:
        try:
            code = child()
        except BaseException:
            traceback.print_exc()
            code = 1
        os._exit(code)
    end = time.monotonic() + 30
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > end:
            os.kill(pid, 9)
        time.sleep(0.005)
    print('child', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
stop.set()
for t in threads:
    t.join()
