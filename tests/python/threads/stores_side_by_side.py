# Threads that store into one dict, append to one list and add to one set, and into containers of their own that live long, in loops that are
# compiled: nothing is lost, nothing torn, and what is stored lives on through collections.
# timeout: 120
import gc
import threading

THREADS, N = 3, 8000
by_number, by_name, by_few = {}, {}, {}
in_order = []
numbers, words, evens = set(), set(), set()
names = [[f'{me}_{n}' for n in range(N)] for me in range(THREADS)]
own = [({}, [None] * 64, []) for _ in range(THREADS)]


def work(me):
    dict_of_own, list_of_own, grown = own[me]
    name_of = names[me]
    for n in range(N):
        by_number[n * THREADS + me] = [me, n]
        by_name[name_of[n]] = [n]
        by_few[n & 7] = (n & 7, [me])
        in_order.append([me, n])
        numbers.add(n * THREADS + me)
        words.add(name_of[n])
        evens.add(n & 510)
        dict_of_own[n & 255] = [n, str(n)]
        list_of_own[n & 63] = [n, str(n)]
        grown.append([n])
        if n % 2000 == 1999:
            gc.collect()


def look(stop):
    while not stop:
        for k in range(8):
            pair = by_few.get(k)
            assert pair is None or pair[0] == k
        assert 1 not in evens and 513 not in evens
        assert all(n & 1 == 0 for n in evens.copy())
        if in_order:
            assert len(in_order[-1]) == 2


stop = []
looker = threading.Thread(target=look, args=(stop,))
looker.start()
threads = [threading.Thread(target=work, args=(me,)) for me in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
stop.append(True)
looker.join()

print(len(by_number), all(by_number[n * THREADS + me] == [me, n] for me in range(THREADS) for n in range(N)))
print(len(by_name), all(by_name[names[me][n]] == [n] for me in range(THREADS) for n in range(N)))
print(sorted(by_few), [pair[0] for _, pair in sorted(by_few.items())])
print(len(in_order), all([n for who, n in in_order if who == me] == list(range(N)) for me in range(THREADS)))
print(len(numbers), numbers == set(range(N * THREADS)), words == {name for name_of in names for name in name_of})
print(len(evens), evens == set(range(0, 512, 2)))
for dict_of_own, list_of_own, grown in own:
    last = [N - 256 + (k - N) % 256 for k in range(256)]
    print(all(dict_of_own[k] == [last[k], str(last[k])] for k in range(256)), list(dict_of_own) == list(range(256)))
    last = [N - 64 + (k - N) % 64 for k in range(64)]
    print(all(list_of_own[k] == [last[k], str(last[k])] for k in range(64)), grown == [[n] for n in range(N)])
