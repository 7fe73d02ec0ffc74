# Classes that threads register with one abstract base class all stay registered, while others ask and classes come and go.
import abc
import gc
import threading

COUNT = 300


class Base(metaclass=abc.ABCMeta):
    pass


class Other:
    pass


registered = [[], [], []]
done = threading.Event()
wrong = []


def register(into):
    for i in range(COUNT):
        made = type('Made', (), {})
        Base.register(made)
        if not issubclass(made, Base):
            wrong.append('registered, but not a subclass')
        if i % 3:
            into.append(made)  # the others die: their references are dropped when there are many
        if i % 50 == 0:
            gc.collect()


def ask():
    while not done.is_set():
        if isinstance(Other(), Base) or issubclass(int, Base):
            wrong.append('never registered')


threads = [threading.Thread(target=register, args=(into,)) for into in registered]
asking = threading.Thread(target=ask)
for thread in threads + [asking]:
    thread.start()
for thread in threads:
    thread.join()
done.set()
asking.join()
print(wrong[:3], all(issubclass(made, Base) for into in registered for made in into))
Base.register(Other)
print(isinstance(Other(), Base), issubclass(int, Base))
