# Rules 6.6 and 6.7: where exceptions of threads go; names, idents, states and errors of Thread.
import sys
import threading
import _thread
import time

seen = []
sys.unraisablehook = lambda u: seen.append(('unraisable', u.exc_type.__name__, u.object is boom or u.object))
threading.excepthook = lambda a: seen.append(('excepthook', a.exc_type.__name__, str(a.exc_value), a.thread.name))


def boom(): raise ValueError('boom')


def leave(): raise SystemExit(3)


lock = _thread.allocate_lock()
_thread.start_new_thread(boom, ())
while not seen:
    time.sleep(0.001)
_thread.start_new_thread(leave, ())
t = threading.Thread(target=boom, name='named')
t.start()
t.join()
t = threading.Thread(target=leave)
t.start()
t.join()
t = threading.Thread(target=_thread.exit)
t.start()
t.join()
time.sleep(0.02)
for s in seen:
    print(s)
threading.excepthook = threading.__excepthook__

t = threading.Thread(target=boom)
print(t.name.rsplit('-', 1)[0], t.name.endswith('(boom)'), t.ident, t.native_id, t.daemon, t.is_alive(),
        repr(t).startswith('<Thread('), 'initial' in repr(t))


def error(f, *a):
    try:
        f(*a)
        print('no error')
    except Exception as e:
        print(type(e).__name__, e)


error(t.join)
quick = threading.Thread(target=time.sleep, args=(0.05,), daemon=True)
quick.start()
assert quick.is_alive() and quick.ident and 'started daemon' in repr(quick)
error(quick.start)
error(setattr, quick, 'daemon', False)
quick.join(0.001)
quick.join()
assert not quick.is_alive() and 'stopped' in repr(quick)
error(threading.current_thread().join)
error(threading.Thread, None, None, None, 5)
error(lambda: threading.Thread(target=5, args=5).start())
error(lambda: threading.Thread(nope=1))
main = threading.main_thread()
print(main.name, main is threading.current_thread(), main.ident == threading.get_ident(), repr(main).split(',')[0])


def from_raw():
    me = threading.current_thread()
    names.append((type(me).__name__, me.name.split('-')[0], me.daemon, me.is_alive()))
    lock.release()


names = []
lock.acquire()
_thread.start_new_thread(from_raw, ())
lock.acquire()
print(names)


class Sub(threading.Thread):
    def run(self): self.value = threading.current_thread() is self


s = Sub(name='sub')
s.start()
s.join()
assert s.value and s.name == 's'.join(['', 'ub'])
results = []
timer = threading.Timer(0.02, results.append, ['timer'])
timer.start()
timer.join()
cancelled = threading.Timer(5, results.append, ['never'])
cancelled.start()
cancelled.cancel()
cancelled.join()
print(results)
