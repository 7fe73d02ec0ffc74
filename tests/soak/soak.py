#!/usr/bin/env python3
"""Soak: threads, processes, asyncio, signals and forks at random, for minutes; watched from outside for hangs, crashes, growth.

    soak.py --interp build/release/baton --minutes 10                     the default mode
    soak.py --interp build/release/baton --minutes 10 --arg=-Xgil=0       without the GIL
    soak.py --interp build/release/baton --seed 7 --only forks,loops      a part, with the choices of seed 7

Two processes: the watcher (any CPython >= 3.9) starts `soak.py --inside` under the interpreter. There `--lanes` threads do
one activity after the other, chosen by the seed, beside a main thread that does what only a main thread can (signals with
handlers that raise, asyncio.run with processes). Each activity checks its own results. A line a second tells of activities
done, resident memory, descriptors, threads. The watcher fails the run if an activity failed, if one takes longer than
--patience seconds (all stacks are shown, of child processes too, where gdb is there), if the process died, if processes are
left over at the end, or if memory, threads or descriptors of the last third lie above those of the second third.
"""
import argparse
import asyncio
import collections
import concurrent.futures
import contextlib
import contextvars
import faulthandler
import gc
import json
import multiprocessing
import os
import queue
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref

import primitives

ACTIVITIES = {f.__name__: f for f in primitives.ALL}  # name -> function(random generator), run by a lane
MAIN_ACTIVITIES = {}  # the same, run by the main thread only


def activity(where):
    def note(function):
        where[function.__name__] = function
        return function
    return note


def eventually(condition, what, seconds=60):
    """Waits for what other threads and the kernel do in their own time; an error if it doesn't come."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('in vain: ' + what)
        time.sleep(0.001)


def started(threads):
    for t in threads:
        t.start()
    return threads


# --- threads -------------------------------------------------------------------------------------------------------------------

@activity(ACTIVITIES)
def counters(rng):
    """Threads that count in shared containers: nothing is lost under a lock, nothing breaks without one."""
    n, rounds = rng.randint(2, 12), rng.randint(50, 400)
    lock, total, seen, table = threading.Lock(), [0], [], {}

    def body(k):
        for i in range(rounds):
            with lock:
                total[0] += 1
            seen.append((k, i))
            table[k, i] = [i]
            if i % 7 == 0:
                table.pop((k, i))
    threads = started([threading.Thread(target=body, args=(k,)) for k in range(n)])
    for t in threads:
        t.join()
    assert total[0] == n * rounds and len(seen) == n * rounds
    assert len(table) == n * (rounds - (rounds + 6) // 7)
    for k in range(n):
        assert [i for who, i in seen if who == k] == list(range(rounds))


@activity(ACTIVITIES)
def queues(rng):
    """A line of threads joined by queues of different kinds passes everything on, in order."""
    kinds = [queue.Queue, queue.SimpleQueue, lambda: queue.Queue(3), collections.deque]
    line = [kinds[rng.randrange(3)]() for _ in range(rng.randint(2, 6))]
    count = rng.randint(50, 500)

    def hand_on(source, target):
        while True:
            item = source.get()
            target.put(item)
            if item is None:
                return
    threads = started([threading.Thread(target=hand_on, args=pair) for pair in zip(line, line[1:])])
    feeder = started([threading.Thread(target=lambda: [line[0].put(i) for i in [*range(count), None]])])
    out = []
    while (item := line[-1].get(timeout=60)) is not None:
        out.append(item)
    for t in threads + feeder:
        t.join()
    assert out == list(range(count))


@activity(ACTIVITIES)
def conditions(rng):
    """A barrier, a condition, an event and a semaphore among the same threads."""
    n = rng.randint(2, 8)
    barrier, condition, event, places = threading.Barrier(n), threading.Condition(), threading.Event(), threading.Semaphore(2)
    inside, most, turns = [0], [0], []

    def body(k):
        barrier.wait(60)
        with places:
            with condition:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.0005)
            with condition:
                inside[0] -= 1
        with condition:
            assert condition.wait_for(lambda: len(turns) == k, 60)
            turns.append(k)
            condition.notify_all()
        if k == n - 1:
            event.set()
        assert event.wait(60)
    threads = started([threading.Thread(target=body, args=(k,)) for k in range(n)])
    for t in threads:
        t.join()
    assert turns == list(range(n)) and 1 <= most[0] <= 2


@activity(ACTIVITIES)
def executor(rng):
    """A pool of threads: results, exceptions, cancelled calls, context variables."""
    variable = contextvars.ContextVar('variable', default=0)

    def work(i):
        variable.set(i)
        if i % 10 == 9:
            raise KeyError(i)
        return sum(range(i)), variable.get()
    with concurrent.futures.ThreadPoolExecutor(rng.randint(1, 6)) as pool:
        futures = [pool.submit(work, i) for i in range(rng.randint(10, 100))]
        for i, f in enumerate(futures):
            if i % 10 == 9:
                assert isinstance(f.exception(60), KeyError)
            else:
                assert f.result(60) == (i * (i - 1) // 2, i)
        last = [pool.submit(time.sleep, 0.001) for _ in range(30)]
        pool.shutdown(wait=True, cancel_futures=rng.random() < 0.5)
        assert all(f.done() for f in last)


@activity(ACTIVITIES)
def garbage(rng):
    """Cycles with finalisers and weak references: all of them die, none twice."""
    died, callbacks = [], []

    class Node:
        def __init__(self, n):
            self.n, self.me, self.data = n, self, bytearray(rng.randint(1, 5000))

        def __del__(self):
            died.append(self.n)
    count = rng.randint(10, 200)

    def make():
        return [weakref.ref(Node(i), callbacks.append) for i in range(count)]
    refs = make()
    # Another thread may be collecting or running these finalisers just now; the last one may be seen on a stack.
    eventually(lambda: gc.collect() >= 0 and len(died) >= count - 1 and sum(r() is None for r in refs) >= count - 1, 'finalisers')
    assert len(set(died)) == len(died), (len(died), count)


@activity(ACTIVITIES)
def computing(rng):
    """A thread that only computes, so that others need the lock's fairness."""
    end = time.monotonic() + rng.random() * 0.3
    a, b = 0, 1
    while time.monotonic() < end:
        for _ in range(200):
            a, b = b, (a + b) % 1000000007
    assert 0 <= a < 1000000007


# --- processes -----------------------------------------------------------------------------------------------------------------

@activity(ACTIVITIES)
def forks(rng):
    """A plain fork beside all these threads; the child allocates, starts a thread, collects."""
    code = rng.randint(1, 100)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            out = []
            t = threading.Thread(target=lambda: out.append(sum(range(1000))))
            t.start()
            t.join()
            gc.collect()
            os.write(write, b'%d %d' % (out[0], threading.active_count()))
        except BaseException:
            traceback.print_exc()
            code = 101
        os._exit(code)
    os.close(write)
    with open(read, 'rb') as f:
        text = f.read()
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == code, (status, code, text)
    assert text == b'499500 1', text


def answer(pipe):
    """Target of processes: squares what comes, until None."""
    while (n := pipe.recv()) is not None:
        pipe.send(n * n)
    pipe.close()
    sys.exit(5)


@activity(ACTIVITIES)
def processes(rng):
    """A process of multiprocessing, asked over a pipe, ended by itself or terminated."""
    method = rng.choice(['fork', 'fork', 'spawn', 'forkserver'])
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    p = context.Process(target=answer, args=(there,))
    p.start()
    there.close()
    for n in range(rng.randint(1, 50)):
        here.send(n)
        assert here.poll(90) and here.recv() == n * n
    killed = rng.random() < 0.3
    if killed:
        p.terminate()
    else:
        here.send(None)
    p.join(90)
    # Another thread's active_children() may have asked the kernel first: its answer is stored a moment later.
    eventually(lambda: p.exitcode is not None, 'exit status')
    # start() in another thread polls this process too; of two threads that read a fork server's answer one gets 255, as in 3.11.
    expected = [-signal.SIGTERM if killed else 5] + [255] * (method == 'forkserver')
    assert p.exitcode in expected, (method, p.exitcode)
    here.close()


def cube(n):
    if n == 13:
        raise ValueError('thirteen')
    return n ** 3


@activity(ACTIVITIES)
def pools(rng):
    """multiprocessing.Pool and ProcessPoolExecutor."""
    count = rng.randint(5, 60)
    expected = [n ** 3 for n in range(20, 20 + count)]
    if rng.random() < 0.5:
        with multiprocessing.get_context(rng.choice(['fork', 'spawn'])).Pool(2) as pool:
            assert pool.map_async(cube, range(20, 20 + count), chunksize=rng.randint(1, 9)).get(90) == expected
            try:
                pool.apply_async(cube, (13,)).get(90)
                raise AssertionError('no error')
            except ValueError as e:
                assert e.args == ('thirteen',)
    else:
        context = multiprocessing.get_context(rng.choice(['forkserver', 'spawn']))
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
            assert list(pool.map(cube, range(20, 20 + count), timeout=90)) == expected
            assert isinstance(pool.submit(cube, 13).exception(90), ValueError)


@activity(ACTIVITIES)
def commands(rng):
    """subprocess: input, output, exit status, a timeout, a signal."""
    p = subprocess.run(['sh', '-c', 'cat; exit 3'], input=b'x' * rng.randint(0, 200000), stdout=subprocess.PIPE, timeout=60)
    assert p.returncode == 3 and p.stdout.count(b'x') == len(p.stdout)
    p = subprocess.Popen(['sleep', '60'])
    try:
        p.wait(0.01)
        raise AssertionError('sleep 60 has ended')
    except subprocess.TimeoutExpired:
        p.send_signal(rng.choice([signal.SIGTERM, signal.SIGKILL]))
    assert p.wait(60) < 0


# --- asyncio -------------------------------------------------------------------------------------------------------------------

async def echo_server(rng):
    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(line.upper())
                await writer.drain()
        writer.close()
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    address = server.sockets[0].getsockname()

    async def client(k):
        reader, writer = await asyncio.open_connection(*address)
        for i in range(rng.randint(1, 20)):
            writer.write(b'line %d of %d\n' % (i, k))
            assert await asyncio.wait_for(reader.readline(), 60) == b'LINE %d OF %d\n' % (i, k)
        writer.close()
        await writer.wait_closed()
    async with server:
        await asyncio.gather(*[client(k) for k in range(rng.randint(1, 20))])


async def task_tree(rng):
    done = []

    async def leaf(i):
        try:
            await asyncio.sleep(rng.random() * 0.01)
            if i % 11 == 10:
                raise ValueError(i)
            done.append(i)
        except asyncio.CancelledError:
            done.append('cancelled')
            raise
    count = rng.randint(1, 40)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(leaf(i)) for i in range(count)]
        assert sorted(done) == list(range(count)) and count <= 10
    except* ValueError as group:
        assert count > 10 and all(isinstance(e, ValueError) for e in group.exceptions)
    assert all(t.done() for t in tasks)


async def timeouts(rng):
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(60)
        raise AssertionError('no timeout')
    except TimeoutError:
        pass


async def in_threads(rng):
    loop = asyncio.get_running_loop()
    n = rng.randint(1, 10)
    assert await asyncio.gather(*[asyncio.to_thread(lambda k=k: k * 2) for k in range(n)]) == [2 * k for k in range(n)]
    called = asyncio.Event()
    t = threading.Thread(target=loop.call_soon_threadsafe, args=(called.set,))
    t.start()
    await asyncio.wait_for(called.wait(), 60)
    t.join()


async def in_processes(rng):
    p = await asyncio.create_subprocess_exec('sh', '-c', 'read x; echo "<$x>"; exit 4', stdin=asyncio.subprocess.PIPE,
                                             stdout=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(p.communicate(b'word\n'), 60)
    assert (out, p.returncode) == (b'<word>\n', 4), (out, p.returncode)


@activity(ACTIVITIES)
def loops(rng):
    """An event loop in this thread: servers, task groups, timeouts, threads, processes."""
    async def main():
        for part in rng.sample([echo_server, task_tree, timeouts, in_threads, in_processes], rng.randint(1, 5)):
            await asyncio.create_task(part(rng))  # a task each: 3.11's TaskGroup may leave its own marked as being cancelled
    asyncio.run(main(), debug=rng.random() < 0.1)


@activity(ACTIVITIES)
def sockets(rng):
    """Plain sockets between two threads, with timeouts."""
    a, b = socket.socketpair()
    with a, b:
        data = rng.randbytes(rng.randint(1, 300000))
        t = threading.Thread(target=lambda: (b.sendall(data), b.shutdown(socket.SHUT_WR)))
        t.start()
        a.settimeout(60)
        got = bytearray()
        while piece := a.recv(65536):
            got += piece
        t.join()
        assert got == data
        a.settimeout(0.001)
        c, d = socket.socketpair()
        with c, d:
            c.settimeout(0.001)
            try:
                c.recv(1)
                raise AssertionError('nothing was sent')
            except TimeoutError:
                pass


# --- the main thread -----------------------------------------------------------------------------------------------------------

@activity(MAIN_ACTIVITIES)
def alarms(rng):
    """A timer's handler that counts, while the main thread waits, computes and locks; no signal is lost for good."""
    hits = []
    old = signal.signal(signal.SIGALRM, lambda *a: hits.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        for _ in range(rng.randint(1, 10)):
            time.sleep(0.005)
            threading.Event().wait(0.005)
            sum(range(10000))
            subprocess.run(['true'], timeout=60)
        eventually(lambda: len(hits) > 3, 'alarms')
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


class Raised(Exception):
    pass


@activity(MAIN_ACTIVITIES)
def raising_handlers(rng):
    """Handlers that raise out of whatever the main thread does; locks taken by `with` are free afterwards."""
    arrived = []

    def handler(*args):
        arrived.append(1)  # an exception out of a finaliser that happens to run is reported and lost
        raise Raised
    old = signal.signal(signal.SIGUSR1, handler)
    lock, condition = threading.Lock(), threading.Condition()
    try:
        for _ in range(rng.randint(1, 15)):
            armed = threading.Event()
            arrived.clear()

            def send():
                armed.wait(60)
                time.sleep(rng.random() * 0.002)
                os.kill(os.getpid(), signal.SIGUSR1)
            t = threading.Thread(target=send)
            t.start()
            try:
                armed.set()
                end = time.monotonic() + 60
                while not arrived:
                    assert time.monotonic() < end, 'the signal is lost'
                    with lock:
                        pass
                    with condition:
                        condition.wait(0.0005)
            except Raised:
                pass
            except RuntimeError as e:  # raised within wait(), after it gave the lock up: `with` has nothing to release
                assert isinstance(e.__context__, Raised), e
            t.join()
            assert not lock.locked()
            assert condition.acquire(timeout=60)
            condition.release()
    finally:
        signal.signal(signal.SIGUSR1, old)


@activity(MAIN_ACTIVITIES)
def loop_with_signals(rng):
    """asyncio in the main thread with its own signal handlers."""
    async def main():
        loop = asyncio.get_running_loop()
        hits = asyncio.Queue()
        loop.add_signal_handler(signal.SIGUSR2, hits.put_nowait, 1)
        for _ in range(rng.randint(1, 20)):
            os.kill(os.getpid(), signal.SIGUSR2)
            assert await asyncio.wait_for(hits.get(), 60) == 1
        await in_processes(rng)
        loop.remove_signal_handler(signal.SIGUSR2)
    asyncio.run(main())


@activity(MAIN_ACTIVITIES)
def interrupts(rng):
    """Ctrl-C cancels asyncio.run's main task and comes out as KeyboardInterrupt."""
    cancelled = []

    async def main():
        threading.Timer(rng.random() * 0.01, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise
    try:
        asyncio.run(main())
        raise AssertionError('not interrupted')
    except KeyboardInterrupt:
        assert cancelled == [1]


# --- the inner process ---------------------------------------------------------------------------------------------------------

class Lanes:
    """Lane 0 is the main thread. What each is at, since when, and what went wrong."""

    def __init__(self, opts):
        self.opts, self.end = opts, time.monotonic() + opts.minutes * 60
        self.at = [('', time.monotonic())] * (opts.lanes + 1)
        self.done, self.failures = collections.Counter(), []

    def run(self, lane):
        rng = random.Random(self.opts.seed * 1000 + lane)
        table = dict(MAIN_ACTIVITIES, computing=computing, loops=loops) if lane == 0 else ACTIVITIES
        names = sorted(n for n in table if not self.opts.only or n in self.opts.only.split(','))
        while names and time.monotonic() < self.end and not self.failures:
            name = rng.choice(names)
            self.at[lane] = (name, time.monotonic())
            try:
                table[name](rng)
            except BaseException:
                self.failures.append('lane %d, %s:\n%s' % (lane, name, traceback.format_exc()))
            self.done[lane, name] += 1  # a key belongs to one lane
        self.at[lane] = ('', time.monotonic())


def resident_kb():
    with open('/proc/self/status') as f:
        return next(int(line.split()[1]) for line in f if line.startswith('VmRSS'))


def inside(opts):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.register(signal.SIGQUIT, all_threads=True)
    lanes = Lanes(opts)
    stop = threading.Event()

    def tell():
        while not stop.wait(1):
            now = time.monotonic()
            waiting = [(round(now - since), name) for name, since in lanes.at if name]
            print(json.dumps({'done': sum(list(lanes.done.values())), 'kb': resident_kb(), 'threads': threading.active_count(),
                              'fds': len(os.listdir('/proc/self/fd')), 'longest': max(waiting, default=(0, ''))}), flush=True)
    teller = threading.Thread(target=tell)
    teller.start()
    threads = started([threading.Thread(target=lanes.run, args=(i,), name='lane %d' % i) for i in range(1, opts.lanes + 1)])
    lanes.run(0)
    for t in threads:
        t.join()
    stop.set()
    teller.join()
    by_name = collections.Counter()
    for (_, name), n in lanes.done.items():
        by_name[name] += n
    print(json.dumps({'by name': by_name, 'failures': lanes.failures}), flush=True)
    sys.exit(1 if lanes.failures else 0)


# --- the watcher ---------------------------------------------------------------------------------------------------------------

def members(group):
    """The living processes of a group, without zombies."""
    found = []
    for name in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            with open('/proc/%s/stat' % name) as f:
                fields = f.read().rpartition(')')[2].split()
            if int(fields[2]) == group and fields[0] != 'Z':
                found.append(int(name))
    return found


def tell_stacks(group):
    for pid in members(group):
        with contextlib.suppress(OSError):
            with open('/proc/%d/cmdline' % pid, 'rb') as f:
                print('--- process %d: %s' % (pid, f.read().replace(b'\0', b' ').decode(errors='replace')), flush=True)
        if shutil.which('gdb'):
            subprocess.run(['gdb', '-p', str(pid), '-batch', '-ex', 'thread apply all bt 30'], stderr=subprocess.DEVNULL)
        with contextlib.suppress(OSError, StopIteration):
            with open('/proc/%d/status' % pid) as f:
                caught = int(next(line.split()[1] for line in f if line.startswith('SigCgt')), 16)
            if caught >> (signal.SIGQUIT - 1) & 1:  # faulthandler is there
                os.kill(pid, signal.SIGQUIT)
    time.sleep(3)


def kill_group(group):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def grew(name, samples, allowed):
    """Compares the medians of the second and the last third. -> what to report, or None"""
    third = len(samples) // 3
    if third < 20:
        return None
    before, after = statistics.median(samples[third:2 * third]), statistics.median(samples[2 * third:])
    print('%s: %g in the second third, %g in the last' % (name, before, after))
    return '%s grows' % name if after > before + allowed(before) else None


def watch(opts):
    interp = os.path.abspath(opts.interp) if os.path.exists(opts.interp) else opts.interp
    command = [interp, *opts.arg, os.path.abspath(__file__), '--inside', '--minutes', str(opts.minutes), '--seed',
               str(opts.seed), '--lanes', str(opts.lanes), '--only', opts.only]
    print('seed %d: %s' % (opts.seed, ' '.join(command)), flush=True)
    place = tempfile.mkdtemp(prefix='soak-')
    p = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=place, text=True, start_new_session=True)
    last, problems, samples, end = [time.monotonic()], [], [], {}

    def dog():
        while p.poll() is None:
            time.sleep(1)
            if time.monotonic() - last[0] > opts.patience:
                problems.append('nothing is heard for %d s' % opts.patience)
                tell_stacks(p.pid)
                kill_group(p.pid)
                return
        if p.returncode != 0:  # killed: what it leaves behind holds the pipe, and would for ever
            time.sleep(10)
            kill_group(p.pid)
    guard = threading.Thread(target=dog, daemon=True)
    guard.start()
    noted = 0
    for line in p.stdout:
        last[0] = time.monotonic()
        try:
            sample = json.loads(line)
        except ValueError:
            print(line, end='')
            continue
        if 'failures' in sample:
            end = sample
            continue
        samples.append(sample)
        if time.monotonic() - noted > 30:
            noted = time.monotonic()
            print(line, end='', flush=True)
        if sample['longest'][0] > opts.patience:
            problems.append('%s does not end' % sample['longest'][1])
            tell_stacks(p.pid)
            kill_group(p.pid)
            break
    p.stdout.close()
    try:
        status = p.wait(opts.patience)
    except subprocess.TimeoutExpired:
        problems.append('the program does not end')
        tell_stacks(p.pid)
        kill_group(p.pid)
        status = p.wait()
    guard.join()
    if status != 0 and not problems:
        problems.append('exit status %d' % status)
    problems += end.get('failures', [])
    give_up = time.monotonic() + 10  # the resource tracker and the fork server end when their pipes close
    while (left := members(p.pid)) and time.monotonic() < give_up:
        time.sleep(0.1)
    if left:
        problems.append('%d processes are left over' % len(left))
        tell_stacks(p.pid)
        kill_group(p.pid)
    problems += filter(None, [grew('resident KB', [s['kb'] for s in samples], lambda kb: kb * 0.15 + 16000),
                              grew('descriptors', [s['fds'] for s in samples], lambda n: n * 0.5 + 10),
                              grew('threads', [s['threads'] for s in samples], lambda n: n * 0.5 + 10)])
    shutil.rmtree(place, ignore_errors=True)
    print(end.get('by name', {}))
    for problem in problems:
        print('FAILED:', problem)
    print('soak: %d activities, %s' % (samples[-1]['done'] if samples else 0, 'failed' if problems else 'ok'))
    return 1 if problems else 0


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--interp', default=sys.executable)
    p.add_argument('--arg', action='append', default=[], help='an argument for the interpreter, as in --arg=-Xgil=0 (repeatable)')
    p.add_argument('--minutes', type=float, default=1)
    p.add_argument('--seed', type=int, default=int(time.time()) % 100000)
    p.add_argument('--lanes', type=int, default=4, help='threads that act, beside the main one')
    p.add_argument('--only', default='', help='these activities, separated by commas')
    p.add_argument('--patience', type=int, default=120, help='seconds after which an activity counts as hanging')
    p.add_argument('--inside', action='store_true', help=argparse.SUPPRESS)
    opts = p.parse_args()
    if opts.inside:
        inside(opts)
    sys.exit(watch(opts))


if __name__ == '__main__':
    main()
