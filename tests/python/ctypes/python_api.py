# What ctypes.pythonapi has: capsules, exceptions for other threads, handlers of signals.
# stress
import ctypes
import gc
import os
import re
import signal
import threading
import time

api = ctypes.pythonapi
object_, text, pointer = ctypes.py_object, ctypes.c_char_p, ctypes.c_void_p


def declare(name, result, *arguments):
    function = getattr(api, name)
    function.restype, function.argtypes = result, arguments
    return function


new = declare('PyCapsule_New', object_, pointer, text, pointer)
is_valid = declare('PyCapsule_IsValid', ctypes.c_int, object_, text)
get_pointer = declare('PyCapsule_GetPointer', pointer, object_, text)
get_name = declare('PyCapsule_GetName', text, object_)
get_context = declare('PyCapsule_GetContext', pointer, object_)
get_destructor = declare('PyCapsule_GetDestructor', pointer, object_)
set_pointer = declare('PyCapsule_SetPointer', ctypes.c_int, object_, pointer)
set_name = declare('PyCapsule_SetName', ctypes.c_int, object_, text)
set_context = declare('PyCapsule_SetContext', ctypes.c_int, object_, pointer)
set_destructor = declare('PyCapsule_SetDestructor', ctypes.c_int, object_, pointer)


def show(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


target = ctypes.c_int(5)
address = ctypes.addressof(target)
name = ctypes.c_char_p(b'some.name')
capsule = new(address, name, None)
print(type(capsule), type(capsule).__name__, type(capsule).__module__)
print(re.sub('0x[0-9a-f]+', 'ADDRESS', repr(capsule)))
show(is_valid, capsule, b'some.name')
show(is_valid, capsule, b'other.name')
show(is_valid, capsule, None)
show(is_valid, 5, b'some.name')
print(get_pointer(capsule, b'some.name') == address)
show(get_pointer, capsule, b'other.name')
show(get_pointer, 'no capsule', b'other.name')
show(get_name, [])
show(get_context, [])
show(get_destructor, [])
show(set_pointer, [], 5)
show(set_name, [], name)
show(set_context, [], None)
show(set_destructor, [], None)
show(set_pointer, capsule, None)
show(new, None, name, None)
print(get_name(capsule), get_context(capsule), get_destructor(capsule))
show(set_context, capsule, 77)
show(get_context, capsule)
show(set_pointer, capsule, 99)
show(get_pointer, capsule, b'some.name')
longer = ctypes.c_char_p(b'x' * 1000)
show(set_name, capsule, longer)
print(get_name(capsule) == b'x' * 1000)
show(set_name, capsule, None)
show(get_name, capsule)
show(get_pointer, capsule, None)
print(re.sub('0x[0-9a-f]+', 'ADDRESS', repr(capsule)))
show(type(capsule))

# A destructor is called with the capsule when it has died.
seen = []


context_at = api['PyCapsule_GetContext']
context_at.restype, context_at.argtypes = pointer, (pointer,)


@ctypes.PYFUNCTYPE(None, pointer)
def destructor(dying):  # by address: CPython can't make another reference to it
    seen.append(context_at(dying))


def make_some():
    for i in range(20):
        dying = new(1, name, ctypes.cast(destructor, pointer))
        set_context(dying, i + 1)


threading.Thread(target=make_some).start()
for attempt in range(200):
    gc.collect()
    if len(seen) == 20:
        break
    time.sleep(0.01)
print(sorted(seen))

# Exceptions for threads.
raise_in = declare('PyThreadState_SetAsyncExc', ctypes.c_int, ctypes.c_ulong, object_)


class Stop(Exception):
    pass


print(raise_in(2**63 + 1, Stop))


def runs(wait):
    try:
        ready.set()
        while True:
            wait()
    except Stop as e:
        stopped.append(e.args)


for wait in (lambda: None, lambda: time.sleep(0.001)):
    ready, stopped = threading.Event(), []
    threads = [threading.Thread(target=runs, args=(wait,)) for i in range(3)]
    for thread in threads:
        thread.start()
    ready.wait()
    time.sleep(0.05)
    print([raise_in(thread.ident, Stop) for thread in threads])
    for thread in threads:
        thread.join()
    print(stopped)

try:
    raise_in(threading.get_ident(), Stop)
    while True:
        pass
except Stop:
    print('in this thread')

# What the process does on a signal: a handler is taken away and put back.
get_signal = declare('PyOS_getsig', pointer, ctypes.c_int)
set_signal = declare('PyOS_setsig', pointer, ctypes.c_int, pointer)
error = ctypes.c_void_p(-1).value
print(get_signal(100000) == error, set_signal(-1, None) == error, set_signal(signal.SIGKILL, None) == error)
print(get_signal(signal.SIGUSR1), set_signal(signal.SIGUSR1, int(signal.SIG_IGN)), get_signal(signal.SIGUSR1))
os.kill(os.getpid(), signal.SIGUSR1)
met = []
for number in (signal.SIGUSR1, signal.SIGINT):
    signal.signal(number, lambda number, frame: met.append(number))
    ours = get_signal(number)
    print(ours not in (None, 1, error), set_signal(number, 1) == ours, get_signal(number))
    os.kill(os.getpid(), number)
    print(set_signal(number, ours), get_signal(number) == ours)
    for i in range(3):
        os.kill(os.getpid(), number)
        while len(met) == i:
            pass
    threading.Thread(target=os.kill, args=(os.getpid(), number)).start()
    while len(met) == 3:
        pass
    print(met)
    met.clear()

# What isn't there is named.
for name in 'PyNothing_OfThisName', '_PyNothing_OfThisName':
    try:
        getattr(api, name)
    except AttributeError as e:
        print('undefined symbol: ' + name in str(e))
