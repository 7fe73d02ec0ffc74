# Futures and tasks go through their loop's call_soon() and get_debug(), and through the library's Handle: whoever replaces one of
# them, in the class, in an instance or in a module, in whatever way, is asked.
import asyncio
import asyncio.base_events as base_events
import asyncio.events as events
import collections
import contextvars
import sys
import types

Base = base_events.BaseEventLoop
seen = collections.Counter()


def counting(name, function):
    def wrapper(*args, **kwargs):
        seen[name] += 1
        return function(*args, **kwargs)
    return wrapper


async def steps():
    """Two futures that end while a task waits, and a plain yield to the loop."""
    loop = asyncio.get_running_loop()
    for i in range(2):
        future = loop.create_future()
        loop.call_later(0, future.set_result, i)
        assert await future == i
    await asyncio.sleep(0)


def run(loop):
    try:
        loop.run_until_complete(steps())
    finally:
        loop.close()


def report(what):
    print(what, sorted(seen.items()))
    seen.clear()


def new_loop(kind=asyncio.SelectorEventLoop):
    return kind()


run(new_loop())
report("nothing replaced")

# In the class, and back again.
for name in ("call_soon", "_call_soon", "_check_closed", "get_debug"):
    original = getattr(Base, name)
    setattr(Base, name, counting(name, original))
    run(new_loop())
    setattr(Base, name, original)
    report("class: " + name)
    run(new_loop())
    report("restored")

# In an instance, in its attributes as a dictionary, in a subclass.
for name in ("call_soon", "_call_soon", "_check_closed", "get_debug"):
    loop = new_loop()
    setattr(loop, name, counting(name, getattr(loop, name)))
    run(loop)
    report("instance: " + name)
    loop = new_loop()
    loop.__dict__[name] = counting(name, getattr(loop, name))
    run(loop)
    report("dictionary: " + name)
    kind = type("Loop", (asyncio.SelectorEventLoop,), {name: counting(name, getattr(Base, name))})
    run(new_loop(kind))
    report("subclass: " + name)
    run(new_loop())

# A method's code.
for name in ("call_soon", "_call_soon", "_check_closed", "get_debug"):
    function = getattr(Base, name)
    original = types.FunctionType(function.__code__, function.__globals__, name, function.__defaults__, function.__closure__)
    original.__kwdefaults__ = function.__kwdefaults__
    code = function.__code__
    base_events.counted = counting(name, original)
    if name == "call_soon":
        def other(self, callback, *args, context=None):
            return counted(self, callback, *args, context=context)
    elif name == "_call_soon":
        def other(self, callback, args, context):
            return counted(self, callback, args, context)
    else:
        def other(self):
            return counted(self)
    function.__code__ = other.__code__
    run(new_loop())
    function.__code__ = code
    del base_events.counted
    report("code: " + name)

# Handles: the class in its module, the module, __init__, its code, what handles do.
Handle = events.Handle


class CountedHandle(Handle):
    __slots__ = ()

    def __init__(self, *args):
        seen["CountedHandle"] += 1
        super().__init__(*args)


events.Handle = CountedHandle
run(new_loop())
events.Handle = Handle
report("events.Handle")

namespace = types.SimpleNamespace(**vars(events))
namespace.Handle = CountedHandle
base_events.events = namespace
run(new_loop())
base_events.events = events
report("base_events.events")

for name in ("__init__", "_run"):
    original = getattr(Handle, name)
    setattr(Handle, name, counting(name, original))
    run(new_loop())
    setattr(Handle, name, original)
    report("Handle." + name)
Handle.__setattr__ = lambda self, name, value: (seen.update([name]), object.__setattr__(self, name, value))[1]
run(new_loop())
del Handle.__setattr__
report("Handle.__setattr__")
run(new_loop())
report("restored")


# The queue.
class Queue(collections.deque):
    def append(self, item):
        seen["append"] += 1
        super().append(item)


loop = new_loop()
loop._ready = Queue()
run(loop)
report("queue")

# What a handle holds.
loop = new_loop()
future = loop.create_future()
variable = contextvars.ContextVar("variable", default=0)
context = contextvars.copy_context()
calls = []
context.run(variable.set, 5)
future.add_done_callback(lambda f: calls.append((f.result(), variable.get())), context=context)
future.add_done_callback(lambda f: calls.append("second"))
future.add_done_callback(lambda f: calls.append("cancelled"))
future.set_result("done")
assert len(loop._ready) == 3 and all(type(h) is Handle for h in loop._ready)
first = loop._ready[0]
print(first._args == (future,), first._loop is loop, first._context is context, first.cancelled(), first._repr,
      first._source_traceback, first._callback.__name__)
loop._ready[2].cancel()
loop.call_soon(loop.stop)
loop.run_forever()
print(calls)

# A closed loop; debug mode.
future = loop.create_future()
future.add_done_callback(print)
loop.close()
try:
    future.set_result(None)
except RuntimeError as e:
    print(e)


async def coroutine(f):
    pass


loop = new_loop()
loop.set_debug(True)
future = loop.create_future()
print(future._source_traceback is not None)
future.add_done_callback(coroutine)
try:
    future.set_result(None)
except TypeError as e:
    print(e)
future = loop.create_future()
future.add_done_callback(lambda f: loop.stop())
future.set_result(None)
print(loop._ready[-1]._source_traceback is not None)
loop.run_forever()
loop.set_debug(False)
print(loop.create_future()._source_traceback)
run(loop)


# Whoever watches calls sees them.
def profile(frame, event, argument):
    if event == "call" and frame.f_code.co_filename == base_events.__file__ and frame.f_code.co_name in ("call_soon", "_call_soon"):
        seen[frame.f_code.co_name] += 1


loop = new_loop()
future = loop.create_future()
future.add_done_callback(lambda f: loop.stop())
sys.setprofile(profile)
future.set_result(None)
sys.setprofile(None)
report("profiled")
loop.run_forever()
future = loop.create_future()
future.add_done_callback(lambda f: loop.stop())
sys.settrace(lambda frame, event, argument: profile(frame, event, argument))
future.set_result(None)
sys.settrace(None)
report("traced")
loop.run_forever()
loop.close()
