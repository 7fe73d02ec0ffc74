# What the C library reads of the environment (TZ in time.mktime() and strftime(), the environment that posix_spawn() passes on)
# while other threads add variables to it: nothing is lost, nobody reads what is gone.
import os
import subprocess
import threading
import time

ADDED = 400
done = threading.Event()
faults = []


def add(prefix):
    for i in range(ADDED):
        os.environ[f'{prefix}{i}'] = 'value' * (i % 7)
        os.environ[f'{prefix}shared'] = str(i % 3)
        if i % 5 == 4:
            del os.environ[f'{prefix}{i}']


def read():
    moment = (2024, 2, 3, 4, 5, 6, 0, 0, -1)
    expected = time.mktime(moment)
    while not done.is_set():
        if time.mktime(moment) != expected or time.strftime('%H', moment) != '04':
            faults.append(1)


os.environ['TZ'] = 'UTC0'
time.tzset()
readers = [threading.Thread(target=read) for _ in range(2)]
writers = [threading.Thread(target=add, args=(prefix,)) for prefix in 'ab']
for thread in readers + writers:
    thread.start()
for thread in writers:
    thread.join()
done.set()
for thread in readers:
    thread.join()

inherited = subprocess.run(['env', '-0'], stdout=subprocess.PIPE, check=True).stdout.decode().split('\0')
names = sorted(entry.partition('=')[0] for entry in inherited if entry[:1] in ('a', 'b') and entry[1:2].isdigit())
print(len(faults), len(names), names == sorted(n for n in os.environ if n[:1] in ('a', 'b') and n[1:2].isdigit()))
print([entry for entry in sorted(inherited) if 'shared' in entry])
