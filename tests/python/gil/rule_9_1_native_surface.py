# Rule 9.1: the native part of asyncio: names, state before __init__, argument errors, running loops of threads and children.
import asyncio
import inspect
import os
import threading
import _asyncio

print(asyncio.Future is _asyncio.Future, asyncio.Task is _asyncio.Task, issubclass(asyncio.Task, asyncio.Future))
names = ['Future', 'Task', '_all_tasks', '_current_tasks', '_enter_task', '_get_event_loop', '_get_running_loop', '_leave_task',
         '_register_task', '_set_running_loop', '_unregister_task', 'get_event_loop', 'get_running_loop']
print([n for n in dir(_asyncio) if not n.startswith('__')] == names)
for cls in (_asyncio.Future, _asyncio.Task):
    print(cls.__name__, cls.__module__, cls.__text_signature__, sorted(n for n in vars(cls) if not n.startswith('__')))
for name in names[4:]:
    print(name, getattr(_asyncio, name).__text_signature__)
print(type(_asyncio._all_tasks).__name__, _asyncio._current_tasks)

scope = {'Future': _asyncio.Future, 'Task': _asyncio.Task, 'f': _asyncio.Future.__new__(_asyncio.Future),
         't': _asyncio.Task.__new__(_asyncio.Task), '_asyncio': _asyncio}
for text in '''Future(1)|Future(x=1)|Task()|Task(1, 2)|f.cancel(1, 2)|f.result(1)|f.add_done_callback()|iter(f)|f.done()
f.cancelled()|f._loop|f._state|repr(f)|f._callbacks|f._source_traceback|f._result|f._exception|f._log_traceback|f._cancel_message
f.get_loop()|f.cancel()|f.result()|f.exception()|f.set_result(1)|f.set_exception(1)|f.remove_done_callback(1)
repr(f._make_cancelled_error())|f._asyncio_future_blocking|setattr(f, "_log_traceback", 1)|setattr(f, "_log_traceback", 0)
delattr(f, "_log_traceback")|delattr(f, "_cancel_message")|setattr(f, "_asyncio_future_blocking", True)
t._coro|t._fut_waiter|t.cancelling()|t.done()|t._must_cancel|t.cancel()|_asyncio._enter_task(1)
_asyncio._enter_task(1, 2)|_asyncio._enter_task(1, 3)|_asyncio._leave_task(1, 3)|_asyncio._leave_task(9, 3)
_asyncio._leave_task(1, 2)|_asyncio.get_running_loop()|_asyncio._get_running_loop()|Future[int]|Task[str]|f.foo'''.replace(
        '\n', '|').split('|'):
    try:
        print(text, '->', eval(text, scope))
    except BaseException as e:
        print(text, '->', type(e).__name__, e)

# The running loop is the thread's, and a forked child has none.
seen = []


async def main():
    loop = asyncio.get_running_loop()
    thread = threading.Thread(target=lambda: seen.append(_asyncio._get_running_loop()))
    thread.start()
    thread.join()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if _asyncio._get_running_loop() is None else 1)
    print(os.waitpid(pid, 0)[1], seen, _asyncio._get_running_loop() is loop, asyncio.get_event_loop() is loop)
    iterator = iter(loop.create_future())
    print(inspect.isawaitable(loop.create_future()), type(iterator).__name__, next(iterator)._asyncio_future_blocking)
    for call in (lambda: next(iterator), lambda: iterator.throw(1), lambda: iterator.throw(ValueError('x'), 1),
                 lambda: iterator.throw(KeyError, 'k'), lambda: next(iterator)):
        try:
            call()
        except BaseException as e:
            print(type(e).__name__, e)


asyncio.run(main())
