# Rule 3.4, done better: a signal delivered to a worker while the main thread waits in join() is handled at once.
# alone
# baton-only
import signal
import threading
import time

hits = []
signal.signal(signal.SIGUSR1, lambda s, f: hits.append(time.monotonic()))
sent = []


def worker():
    time.sleep(0.1)
    sent.append(time.monotonic())
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    time.sleep(0.5)


t = threading.Thread(target=worker)
t.start()
t.join()
assert len(hits) == 1
assert hits[0] - sent[0] < 0.3, 'handled %.2f s late' % (hits[0] - sent[0])
