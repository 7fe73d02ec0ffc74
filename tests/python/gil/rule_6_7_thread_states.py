# Rule 6.7: names and idents of threads, and what can't be done with them in which state.
import threading


def target(): pass


def error(call, *args):
    try:
        call(*args)
        print('no error')
    except Exception as e:
        print(type(e).__name__, e)


t = threading.Thread(target=target)
print(t.name.split('-')[0], t.name.endswith(' (target)'), t.ident, t.is_alive())
error(t.join)
gate = threading.Event()
t = threading.Thread(target=gate.wait)
t.start()
assert isinstance(t.ident, int) and t.native_id
error(t.start)
error(setattr, t, 'daemon', True)
gate.set()
t.join()
error(t.start)
error(threading.current_thread().join)

# Idents of ended threads may come back; those of living ones differ.
gate = threading.Event()
alive = [threading.Thread(target=gate.wait) for _ in range(20)]
for t in alive:
    t.start()
print(len({t.ident for t in alive}), len({t.native_id for t in alive}))
gate.set()
for t in alive:
    t.join()
