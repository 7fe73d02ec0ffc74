# A main thread that wakes another one and goes to sleep at once sets no timer for its idle collection. It has to have one all the
# same as soon as the other thread waits for what a finaliser sets going, in whichever way it waits.
# timeout: 120
# no-stress: a collection within event.wait() would run event.set() on the thread that holds the event's lock
import os
import threading
import _thread


class Acts:
    def __init__(self, act):
        self.act = act

    def __del__(self):
        self.act()


def take_turns(go, done, rounds):   # the main thread counts as I/O-bound from then on, and owes its wake-ups
    for _ in range(rounds):
        go.release()
        done.acquire()


def play(name, wait, act, before_sleep=None):
    go, done, rounds = threading.Lock(), threading.Lock(), 300
    go.acquire()
    done.acquire()
    ready = []

    def partner():
        for _ in range(rounds):
            go.acquire()
            done.release()
        go.acquire()
        ready.append(name)
        wait()
        done.release()

    t = threading.Thread(target=partner)
    t.start()
    take_turns(go, done, rounds)
    Acts(act)
    go.release()
    if before_sleep:
        before_sleep(go)
    done.acquire()
    t.join()
    print(*ready)


lock = threading.Lock()
lock.acquire()
play("waits for a lock", lock.acquire, lock.release)

r, w = os.pipe()
play("waits for a pipe", lambda: os.read(r, 1), lambda: os.write(w, b"x"))
play("computes, then waits for a pipe", lambda: (sum(range(2000000)), os.read(r, 1)), lambda: os.write(w, b"x"))

event = threading.Event()
play("waits for an event", event.wait, event.set)

lock = threading.Lock()
lock.acquire()


def barge(go):     # the woken thread finds it locked, and sleeps on
    if go.acquire(False):
        _thread.start_new_thread(lambda: (os.read(r, 1), go.release()), ())


def act():
    lock.release()
    os.write(w, b"x")


play("finds its lock taken", lock.acquire, act, barge)


# Nobody is woken: the waiter has gone.
gone, never = threading.Lock(), threading.Lock()
gone.acquire()
never.acquire()
t = threading.Thread(target=gone.acquire, args=(True, 0.05))
t.start()
t.join()
go, done = threading.Lock(), threading.Lock()
go.acquire()
done.acquire()


def answer():
    for _ in range(300):
        go.acquire()
        done.release()


t = threading.Thread(target=answer)
t.start()
take_turns(go, done, 300)
t.join()
Acts(never.release)
gone.release()
never.acquire()
print("nobody was woken")


# The woken thread ends.
def ends():
    for _ in range(300):
        go.acquire()
        done.release()
    go.acquire()


never = threading.Lock()
never.acquire()
_thread.start_new_thread(ends, ())
take_turns(go, done, 300)
Acts(never.release)
go.release()
never.acquire()
print("the woken thread has ended")
