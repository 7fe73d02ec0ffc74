# A list's last item, read while other threads put items in at the front and take them out again, is the last item; and what several
# threads remove() by value is found, and nothing else.
import sys
import threading

sys.setswitchinterval(1e-5)
ROUNDS = 20000
done = threading.Event()
numbers = [*range(20), 'last']


def churn():
    for i in range(ROUNDS):
        numbers.insert(0, i)
        del numbers[0]
    done.set()


def read_constant(seen):
    while not done.is_set():
        for _ in range(200):
            seen.add(numbers[-1])


def read_variable(seen, at=-1):
    while not done.is_set():
        for _ in range(200):
            seen.add(numbers[at])


def read_by_method(seen):
    while not done.is_set():
        for _ in range(200):
            seen.add(numbers.__getitem__(-1))


results = [set() for _ in range(3)]
threads = [threading.Thread(target=churn)]
threads += [threading.Thread(target=read, args=(seen,)) for read, seen in zip((read_constant, read_variable, read_by_method), results)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print([seen <= {'last'} for seen in results])
for i in -22, 21, -10 ** 30:
    try:
        numbers[i]
    except IndexError as e:
        print(e)
print(numbers[-21], numbers[-1])

numbers = list(range(4000))
failures = []


def remove(which):
    for i in range(which, 4000, 8):
        try:
            numbers.remove(i)
        except ValueError as e:
            failures.append((i, str(e)))


threads = [threading.Thread(target=remove, args=(which,)) for which in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(failures, numbers == [i for i in range(4000) if i % 8 >= 4])
try:
    numbers.remove(0)
except ValueError as e:
    print(e)
