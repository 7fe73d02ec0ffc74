# _thread._count(): what asks for the number of threads finds what is left of those that ended gone, as the library's
# helpers of tests do (threading._dangling).
import _thread
import threading
import weakref


class Held:
    pass


def run_one():
    held = Held()
    thread = threading.Thread(target=lambda value: None, args=(held,))
    thread.held = held
    thread.start()
    thread.join()
    return weakref.ref(thread), weakref.ref(held)


before = _thread._count(), threading._dangling.copy()
refs = [run_one() for _ in range(3)]
after = _thread._count(), threading._dangling
print(before == after, [(a(), b()) for a, b in refs])
print(_thread._count())
