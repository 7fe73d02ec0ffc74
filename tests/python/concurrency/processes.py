# multiprocessing: Process, Pool, Queue, Pipe, Value, Array, Manager, locks, events, under fork, spawn and forkserver.
# timeout: 150
import concurrent.futures
import multiprocessing as mp
import os
import sys
import time


def double(x): return x * 2


def fail(x): raise ValueError('bad %s' % x)


def child(q, conn, value, array, event, lock):
    q.put(('from child', os.getpid() != os.getppid(), mp.current_process().name))
    with lock:  # the two children share this end, and a message is read in two steps
        conn.send(conn.recv() + 1)
    for _ in range(100):
        with lock:
            value.value += 1
    array[1] = 7
    event.set()


def exit_with(code): sys.exit(code)


def sleeper(): time.sleep(60)


def put_many(q, n):
    for i in range(n):
        q.put((n, i))


def use_manager(d, items):
    d['child'] = 1
    items.append('child')


def communication(ctx):
    q, (a, b), value, array = ctx.Queue(), ctx.Pipe(), ctx.Value('i', 0), ctx.Array('i', [0, 0])
    event, lock = ctx.Event(), ctx.Lock()
    ps = [ctx.Process(target=child, args=(q, b, value, array, event, lock), name='child%d' % n) for n in range(2)]
    for p in ps:
        p.start()
    a.send(1), a.send(1)
    print(sorted(q.get(timeout=50) for _ in ps), a.recv(), a.recv(), event.wait(50))
    for p in ps:
        p.join()
    print([p.exitcode for p in ps], value.value, array[:], ps[0].is_alive(), ps[0].daemon)
    producers = [ctx.Process(target=put_many, args=(q, n)) for n in (50, 60)]
    for p in producers:
        p.start()
    got = [q.get(timeout=50) for _ in range(110)]
    for p in producers:
        p.join()
    print(all([i for m, i in got if m == n] == list(range(n)) for n in (50, 60)), q.empty())


def endings(ctx):
    codes = []
    for target, args in ((exit_with, (5,)), (exit_with, ('text',)), (double, (1,)), (fail, (1,))):
        p = ctx.Process(target=target, args=args)
        p.start()
        p.join()
        codes.append(p.exitcode)
    p = ctx.Process(target=sleeper)
    p.start()
    p.join(0.01)
    alive = p.is_alive()
    p.terminate()
    p.join()
    print(codes, alive, p.exitcode)
    p.close()
    try:
        p.is_alive()
    except ValueError as e:
        print(e)


def pools(ctx):
    with ctx.Pool(2) as pool:
        print(pool.map(double, range(6)), pool.apply(double, (4,)), list(pool.imap(double, range(3))),
                pool.starmap(pow, [(2, 3)]))
        print(sorted(pool.imap_unordered(double, range(3))), pool.apply_async(double, (9,)).get(50))
        try:
            pool.map(fail, [1])
        except ValueError as e:
            print(repr(e), type(e.__cause__).__name__)


def managers(ctx):
    with ctx.Manager() as m:
        d, items = m.dict(), m.list([0])
        p = ctx.Process(target=use_manager, args=(d, items))
        p.start()
        p.join()
        print(dict(d), list(items), m.Namespace(x=1).x)


def errors(ctx):
    p = ctx.Process(target=double, args=(1,))
    for bad in (p.join, lambda: mp.get_context('nope'), lambda: ctx.Pool(0), lambda: ctx.Process(5)):
        try:
            bad()
        except (AssertionError, ValueError) as e:
            print(type(e).__name__, e)
    print(mp.get_all_start_methods(), mp.active_children(), mp.cpu_count() > 0, mp.parent_process())


def executors():
    with concurrent.futures.ProcessPoolExecutor(2) as ex:
        print(list(ex.map(double, range(5))), ex.submit(double, 'x').result(), repr(ex.submit(fail, 'f').exception()))
        try:
            ex.submit(os._exit, 3).result()
        except concurrent.futures.process.BrokenProcessPool as e:
            print(type(e).__name__)


def main():
    for method in ('fork', 'spawn', 'forkserver'):
        print(method)
        ctx = mp.get_context(method)
        communication(ctx)
        endings(ctx)
        pools(ctx)
    ctx = mp.get_context('fork')
    managers(ctx)
    errors(ctx)
    executors()


if __name__ == '__main__':
    main()
