# marshal numbers what it has written: few, many, and as many as make its table grow, with references near and far.
import marshal


def goes_round(value):
    assert marshal.loads(marshal.dumps(value)) == value


for n in (1, 7, 15, 16, 17, 18, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300, 5000):
    texts = ["text %d" % i for i in range(n)]
    texts.append(texts)  # a reference to the list itself
    data = marshal.dumps(texts)
    back = marshal.loads(data)
    assert back[n] is back and back[:n] == texts[:n]
    texts.pop()
    again = texts + texts[::-1]
    back = marshal.loads(marshal.dumps(again))
    assert back == again and all(back[i] is back[2 * n - 1 - i] for i in range(n))
    for version in range(5):
        assert marshal.loads(marshal.dumps(again, version)) == again
    del texts, back
    goes_round([(i, float(i), str(i).encode()) for i in range(n)] * 2)
    goes_round({str(i): [i << 70, {i}, frozenset([i])] for i in range(n)})
    print(n)
