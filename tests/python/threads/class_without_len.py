# bool() of an object whose class loses its __len__ meanwhile is one or the other, no error.
import sys
import threading

sys.setswitchinterval(1e-5)


class Box:
    pass


done = []


def change():
    for _ in range(100000):
        Box.__len__ = lambda self: 0
        del Box.__len__
    done.append(True)


changer = threading.Thread(target=change)
changer.start()
box = Box()
while not done:
    for _ in range(50):
        assert bool(box) in (True, False)
changer.join()
print("one or the other")
