# A thread that asks with poll() for what another thread is to read makes way for it. On one processor it would ask hundreds of
# times before the other one runs.
# baton-only
# alone
# no-stress
# no-tsan
import os
import select
import threading

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
ROUNDS = 300
results, results_end = os.pipe()
ready = threading.Semaphore(0)
done = threading.Semaphore(0)
polls = []


def watcher():
    for _ in range(ROUNDS):
        ready.acquire()
        n = 0
        while not read[0]:
            poll = select.poll()
            poll.register(results, select.POLLIN)
            assert poll.poll(50) in ([], [(results, select.POLLIN)])
            n += 1
        polls.append(n)
        done.release()


def reader():
    for _ in range(ROUNDS):
        assert os.read(results, 100) == b"result"
        read[0] = True


# Another process makes results, as a pool's worker does.
commands_end, commands = os.pipe()
if os.fork() == 0:
    os.close(commands)
    while os.read(commands_end, 1):
        for _ in range(2000):
            pass
        os.write(results_end, b"result")
    os._exit(0)

read = [False]
threads = [threading.Thread(target=watcher), threading.Thread(target=reader)]
for thread in threads:
    thread.start()
for _ in range(ROUNDS):
    read[0] = False
    ready.release()
    select.select([], [], [], 0.001)  # the watcher waits by then
    os.write(commands, b"c")
    done.acquire()
for thread in threads:
    thread.join()
os.close(commands)
os.wait()
assert sum(polls) < 5 * ROUNDS, sum(polls)
print("made way")  # expect: made way
