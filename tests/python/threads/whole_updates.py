# dict.update(dict), dict.copy(), deque.extend(list) and deque.copy() are one step each: copies never show half of an update, whatever
# the GIL's mode.
import collections
import sys
import threading

sys.setswitchinterval(1e-5)
WIDTH, ROUNDS = 20, 4000
keys = [f"key {n}" for n in range(WIDTH)]
by_text = [dict.fromkeys(keys, value) for value in (0, 1)]
by_number = [dict.fromkeys(range(WIDTH), value) for value in (0, 1)]
texts, numbers = dict(by_text[0]), dict(by_number[0])
window = collections.deque([0] * WIDTH, maxlen=WIDTH)
front = collections.deque([0] * WIDTH, maxlen=WIDTH)
growing = collections.deque()
done = []


def write():
    for n in range(ROUNDS):
        texts.update(by_text[n % 2])
        numbers.update(by_number[n % 2])
        window.extend([n] * WIDTH)
        front.extendleft((n,) * WIDTH)
        growing.extend([-1] * 5)
    done.append(True)


def grow():
    while not done:
        growing.extend([1] * 5)
        if len(growing) > 5000:
            growing.clear()


def is_whole(values, width=WIDTH):
    return len(values) == width and len(set(values)) == 1


threads = [threading.Thread(target=write), threading.Thread(target=grow)]
for thread in threads:
    thread.start()
while not done:
    for _ in range(20):
        assert is_whole(list(texts.copy().values()))
        assert is_whole(list(dict(texts).values()))
        assert is_whole(list({**numbers}.values()))
        assert is_whole(list(window.copy()))
        assert is_whole(list(front.copy()))
for thread in threads:
    thread.join()
rest = list(growing)
assert all(is_whole(rest[n : n + 5], 5) for n in range(0, len(rest), 5))
print("whole")
