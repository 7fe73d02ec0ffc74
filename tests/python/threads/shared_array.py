# Threads that append to and pop from one array.array or bytearray meet each item once, in both modes.
import array
import sys
import threading

sys.setswitchinterval(1e-5)


def together(work, count=4):
    barrier = threading.Barrier(count)
    errors = []

    def run(i):
        barrier.wait()
        try:
            work(i)
        except Exception as e:
            errors.append(repr(e))

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


for index in (), (0,), (5,), (-7,):
    numbers = array.array('q', range(4000))
    popped = [[] for _ in range(4)]

    def pop(i):
        for _ in range(900):
            popped[i].append(numbers.pop(*index))

    print(index, together(pop), sorted(sum(popped, []) + list(numbers)) == list(range(4000)))

numbers = array.array('q', range(100))


def append_and_pop(i):
    for k in range(2000):
        numbers.append(k)
        numbers.pop()


print(together(append_and_pop), len(numbers))

def pop_byte(i):
    for _ in range(900):
        popped[i].append(content.pop(*index))


for index in (), (0,), (5,), (-7,):
    content = bytearray(range(250)) * 16
    popped = [[] for _ in range(4)]
    print(index, together(pop_byte), sorted(sum(popped, []) + list(content)) == sorted(list(range(250)) * 16))

content = bytearray(range(250)) * 16


def remove(i):
    for k in range(900):
        content.remove(k % 225)


print(together(remove), sorted(content) == sorted(list(range(225, 250)) * 16))

for case in array.array('b'), array.array('b', [1, 2]), bytearray(), bytearray(b'ab'):
    for index in 0, 2, -3, -1:
        try:
            print(case.pop(index))
        except IndexError as e:
            print(e)
for case in array.array('b', [1, 2]), bytearray(b'ab'):
    with memoryview(case):
        for index in 5, 0:
            try:
                case.pop(index)
            except (IndexError, BufferError) as e:
                print(type(e).__name__, e)
        for value in 9, case[0]:
            try:
                case.remove(value)
            except (ValueError, BufferError) as e:
                print(type(e).__name__, e)
