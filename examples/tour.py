#!/usr/bin/env python3
"""A tour of what the GIL does on this very machine: measured numbers, and a one-line verdict for each.

    ./baton examples/tour.py         all of it, with the same threads once more under -X gil=0
    python3.11 examples/tour.py      all but what CPython can't do

Takes about ten seconds (under 30 on a busy machine). A part that raises is reported as failed, and the exit status is 1.
"""
import os
import sys
import threading
import time

clock = time.perf_counter
BATON = sys.implementation.name == 'baton'
CORES = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else (os.cpu_count() or 1)
THREADS = min(max(2, CORES), 8)
PART_SECONDS = 25           # a part that takes longer than this is broken
WORK_SECONDS = 1.0          # what the CPU-bound work takes in one thread, after calibration

rows = []                   # (part, what, value, verdict) for the table
bars = []                   # (label, speed relative to one thread) for the chart


# --- the work ----------------------------------------------------------------

def collatz(first, last):
    """CPU-bound: the longest chain of halving and tripling that begins in first..last-1."""
    best = 0
    for start in range(first, last):
        n = start
        steps = 0
        while n != 1:
            if n & 1:
                n = 3 * n + 1
            else:
                n >>= 1
            steps += 1
        if steps > best:
            best = steps
    return best


def calibrate():
    """How many starting numbers make up WORK_SECONDS here."""
    size = 250
    collatz(1, 2000)            # warm up: caches, compiled code
    while True:
        began = clock()
        collatz(1, size)
        took = clock() - began
        if took > 0.1:
            return max(100, int(size * WORK_SECONDS / took * 0.9))
        size *= 2


def slices(size, parts):
    """Cuts 1..size into interleaved pieces of equal cost: many small ranges, dealt round robin."""
    chunk = max(1, size // (parts * 16))
    dealt = [[] for _ in range(parts)]
    for number, first in enumerate(range(1, size, chunk)):
        dealt[number % parts].append((first, min(first + chunk, size)))
    return dealt


def work_through(ranges):
    best = 0
    for first, last in ranges:
        best = max(best, collatz(first, last))
    return best


def in_threads(function, arguments):
    """Runs function(argument) in a thread for each argument -> (results, wall seconds, CPU seconds)."""
    results = [None] * len(arguments)
    errors = []

    def body(index, argument):
        try:
            results[index] = function(argument)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=body, args=(i, a)) for i, a in enumerate(arguments)]
    began, cpu = clock(), time.process_time()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    wall, cpu = clock() - began, time.process_time() - cpu
    if errors:
        raise errors[0]
    return results, wall, cpu


def measure_cpu_threads(size, threads):
    """-> (answer, wall seconds, cores kept busy) of the whole work, shared out to so many threads."""
    answers, wall, cpu = in_threads(work_through, slices(size, threads))
    return max(answers), wall, cpu / wall


# --- the parts ---------------------------------------------------------------

def part_cpu(state):
    """CPU-bound work, 1 and N threads"""
    answer, one, _ = measure_cpu_threads(state['size'], 1)
    same, many, busy = measure_cpu_threads(state['size'], THREADS)
    assert answer == same, 'the threads computed something else'
    state['one'], state['answer'] = one, answer
    gain = one / many
    state['cpu_gain'] = gain
    yield 'in 1 thread', '%.2f s' % one
    yield 'in %d threads' % THREADS, '%.2f s, %.2f times as fast, %.1f cores busy' % (many, gain, busy)
    bars.append(('CPU-bound, 1 thread', 1.0))
    bars.append(('CPU-bound, %d threads' % THREADS, gain))
    if gain > 1.3:
        yield None, 'threads run Python code in parallel here: no GIL holds them back'
    else:
        yield None, 'threads gain nothing: the GIL lets one at a time run Python code'


def part_io(state):
    """I/O-bound work, 1 and N threads"""
    import socket
    clients, requests, delay = 8, 3, 0.03
    pairs = [socket.socketpair() for _ in range(clients)]

    def serve(connection):
        while connection.recv(16):
            time.sleep(delay)           # the disk, the database, the network
            connection.sendall(b'answer')

    def ask(connections):
        for c in connections:
            for _ in range(requests):
                c.sendall(b'question')
                assert c.recv(16) == b'answer'

    servers = [threading.Thread(target=serve, args=(server,), daemon=True) for _, server in pairs]
    for s in servers:
        s.start()
    mine = [client for client, _ in pairs]
    _, one, _ = in_threads(ask, [mine])
    _, many, _ = in_threads(ask, [[c] for c in mine])
    for client, server in pairs:
        client.close()
    for s in servers:
        s.join()
    for client, server in pairs:
        server.close()
    gain = one / many
    yield 'in 1 thread', '%.2f s for %d requests of %.0f ms' % (one, clients * requests, delay * 1000)
    yield 'in %d threads' % clients, '%.2f s, %.1f times as fast' % (many, gain)
    bars.append(('I/O-bound, 1 thread', 1.0))
    bars.append(('I/O-bound, %d threads' % clients, gain))
    if gain > clients * 0.5:
        yield None, 'threads help: whoever waits for I/O lets go of the GIL'
    else:
        yield None, 'threads help less than they should: %d of them made it %.1f times as fast' % (clients, gain)


def process_body(ranges, channel):
    channel.send(work_through(ranges))
    channel.close()


def part_processes(state):
    """The same CPU-bound work in processes"""
    import multiprocessing
    began = clock()
    children = []
    for ranges in slices(state['size'], THREADS):
        mine, theirs = multiprocessing.Pipe(False)
        child = multiprocessing.Process(target=process_body, args=(ranges, theirs))
        child.start()
        theirs.close()
        children.append((child, mine))
    answers = []
    for child, mine in children:
        answers.append(mine.recv())
        child.join()
        assert child.exitcode == 0, 'a child ended with %r' % child.exitcode
    wall = clock() - began
    assert max(answers) == state['answer'], 'the processes computed something else'
    gain = state['one'] / wall
    yield 'in %d processes' % THREADS, '%.2f s with their start, %.2f times as fast as one thread' % (wall, gain)
    bars.append(('CPU-bound, %d processes' % THREADS, gain))
    if CORES == 1:
        yield None, 'there is one core here: nothing can run in parallel'
    elif gain > 1.3:
        yield None, 'processes use the cores: each has a GIL of its own, and pays for copies and start'
    else:
        yield None, 'little gained: is something else using the cores?'


def part_asyncio(state):
    """A thousand waits in asyncio"""
    import asyncio
    waits, each = 1000, 0.2

    async def wait(number):
        await asyncio.sleep(each)
        return number

    async def everything():
        return await asyncio.gather(*[wait(i) for i in range(waits)])

    began, cpu = clock(), time.process_time()
    numbers = asyncio.run(everything())
    wall, cpu = clock() - began, time.process_time() - cpu
    assert numbers == list(range(waits)), 'the waits came back in the wrong order'
    yield '%d waits of %.0f ms' % (waits, each * 1000), '%.2f s in one thread, %.0f ms of CPU' % (wall, cpu * 1000)
    yield 'one after another', '%.0f s' % (waits * each)
    yield None, 'one thread holds a thousand waits: they cost %.0f us each, and no lock is needed' % (cpu / waits * 1e6)


class Account:
    def __init__(self):
        self.balance = 0

    def read(self):
        return self.balance

    def write(self, value):
        self.balance = value


def part_race(state):
    """A race on shared data, with and without a lock"""
    deposits, threads = 20000, 4

    def run(guard):
        account = Account()

        def deposit(count):
            for i in range(count):
                if guard is None:
                    value = account.read()
                    if i % 500 == 250:
                        time.sleep(0)           # any I/O would do: another thread gets its turn
                    account.write(value + 1)
                else:
                    with guard:
                        value = account.read()
                        if i % 500 == 250:
                            time.sleep(0)
                        account.write(value + 1)

        _, wall, _ = in_threads(deposit, [deposits] * threads)
        return deposits * threads - account.balance, wall

    lost, bare = run(None)
    none, locked = run(threading.Lock())
    yield 'without a lock', '%d of %d deposits lost, %.2f s' % (lost, deposits * threads, bare)
    yield 'with a lock', '%d lost, %.2f s' % (none, locked)
    assert none == 0, 'a lock did not protect'
    if lost:
        yield None, 'the GIL does not make read-change-write one step: a lock does'
    else:
        yield None, 'nothing was lost this time, but nothing promises it: use a lock'


def take_turns(seconds, threads):
    """CPU-bound threads for so long -> (turns taken in all, loop rounds of each, the longest time one waited, in s)."""
    stop = clock() + seconds
    runner = [None]
    turns = []

    def spin(me):
        rounds = longest = 0
        before = clock()
        while before < stop:
            for _ in range(50):
                rounds += 1
            now = clock()
            if runner[0] != me:
                runner[0] = me
                turns.append(me)
            if now - before > longest:
                longest = now - before
            before = now
        return rounds, longest

    results, _, _ = in_threads(spin, list(range(threads)))
    return len(turns), [r[0] for r in results], max(r[1] for r in results)


def part_switching(state):
    """The switch interval, and fairness"""
    usual = sys.getswitchinterval()
    try:
        for interval in (0.001, 0.005, 0.05):
            sys.setswitchinterval(interval)
            turns, rounds, longest = take_turns(0.6, 2)
            yield '%g ms interval' % (interval * 1000), '%.1f ms a turn, longest wait %.1f ms' % (
                600.0 / max(turns, 1), longest * 1000)
        sys.setswitchinterval(usual)
        _, rounds, _ = take_turns(1.0, 4)
    finally:
        sys.setswitchinterval(usual)
    shares = sorted(100.0 * r / sum(rounds) for r in rounds)
    yield 'shares of 4 threads', ' '.join('%.1f%%' % s for s in shares)
    if state['cpu_gain'] > 1.3:
        yield None, 'without a GIL there are no turns to take: the system shares out the cores'
    elif shares[-1] - shares[0] < 6:
        yield None, 'the running thread is asked to let go once an interval, and the shares are even'
    else:
        yield None, 'the running thread is asked to let go once an interval; the shares are %.0f points apart' % (
            shares[-1] - shares[0])


def part_convoy(state):
    """Short waits beside a CPU-bound thread"""
    wait = 0.001

    def lateness(seconds):
        late = []
        stop = clock() + seconds
        while clock() < stop:
            began = clock()
            time.sleep(wait)            # stands for short I/O: lets go of the GIL, and wants it back
            late.append((clock() - began - wait) * 1000)
        late.sort()
        return late[len(late) // 2], late[len(late) * 99 // 100]

    alone = lateness(0.4)
    running = [True]

    def hog():
        while running[0]:
            collatz(1, 50)

    thread = threading.Thread(target=hog)
    thread.start()
    try:
        beside = lateness(0.8)
    finally:
        running[0] = False
        thread.join()
    yield 'alone', 'back from 1 ms of waiting %.2f ms late, 99 %% within %.2f ms' % alone
    yield 'beside a CPU-bound thread', 'back %.2f ms late, 99 %% within %.2f ms' % beside
    if beside[0] > 2:
        yield None, 'the convoy: after each short wait a thread waits a whole switch interval more for the GIL'
    else:
        yield None, 'no convoy: who comes back from a short wait is served at once'


def part_no_gil(state):
    """The same CPU-bound threads with -X gil=0"""
    import json
    import subprocess
    command = [sys.executable, '-X', 'gil=0', os.path.abspath(__file__), '--cpu-threads', str(state['size']), str(THREADS)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PART_SECONDS)
    if done.returncode:
        raise RuntimeError('exit status %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace').strip()[-300:]))
    answer, one, many, busy = json.loads(done.stdout.decode())
    assert answer == state['answer'], 'without the GIL the threads computed something else'
    gain = state['one'] / many
    yield 'in 1 thread', '%.2f s (%.2f of the speed with the GIL)' % (one, state['one'] / one)
    yield 'in %d threads' % THREADS, '%.2f s, %.2f times as fast as one thread, %.1f cores busy' % (many, gain, busy)
    bars.append(('CPU-bound, 1 thread, gil=0', state['one'] / one))
    bars.append(('CPU-bound, %d threads, gil=0' % THREADS, gain))
    if CORES == 1:
        yield None, 'there is one core here: nothing can run in parallel'
    elif gain > 1.3:
        yield None, 'the same threads, the same file, in parallel'
    else:
        yield None, 'little gained: is something else using the cores?'


def cpu_threads_child(size, threads):
    """What part_no_gil runs in the other process: prints one JSON line."""
    import json
    collatz(1, 2000)
    answer, one, _ = measure_cpu_threads(size, 1)
    same, many, busy = measure_cpu_threads(size, threads)
    assert answer == same, 'the threads computed something else'
    print(json.dumps([answer, one, many, busy]))


# --- running and showing -----------------------------------------------------

def out_of_time(signum, frame):
    raise TimeoutError('no end after %d s' % PART_SECONDS)


def run_part(number, count, part, state):
    """Runs one part, with its progress. -> False if it failed."""
    import signal
    title = part.__doc__
    print('[%d/%d] %s ...' % (number, count, title), end='', flush=True)
    began = clock()
    mine = []
    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(PART_SECONDS)
    try:
        for what, value in part(state):
            mine.append((what, value))
    except Exception as error:
        print(' FAILED', flush=True)
        import traceback
        traceback.print_exc()
        mine.append((None, 'FAILED: %s: %s' % (type(error).__name__, error)))
        rows.append((title, mine))
        return False
    finally:
        signal.alarm(0)
    print(' %.1f s' % (clock() - began), flush=True)
    rows.append((title, mine))
    return True


def show_table():
    width = max(len(what) for _, lines in rows for what, _ in lines if what) if rows else 0
    line = '-' * 100
    print('\n' + line)
    for title, lines in rows:
        print(title)
        for what, value in lines:
            if what is None:
                print('  => %s' % value)
            else:
                print('  %-*s  %s' % (width, what, value))
        print(line)


def show_chart():
    if not bars:
        return
    try:
        block = '\u2588'
        block.encode(sys.stdout.encoding or 'ascii')
    except UnicodeEncodeError:
        block = '#'
    width = max(len(label) for label, _ in bars)
    most = max(value for _, value in bars)
    print('\nSpeed, relative to one thread with the GIL')
    for label, value in bars:
        print('  %-*s %s %.2f' % (width, label, block * max(1, int(round(50 * value / most))), value))


def main():
    began = clock()
    gil_off = sys._xoptions.get('gil') == '0'
    print('%s %s, %d core%s, switch interval %g ms%s' % (
        sys.implementation.name, sys.version.split()[0], CORES, '' if CORES == 1 else 's',
        sys.getswitchinterval() * 1000, ', -X gil=0' if gil_off else ''))
    parts = [part_cpu, part_io, part_processes, part_asyncio, part_race, part_switching, part_convoy]
    if BATON and not gil_off:
        parts.append(part_no_gil)
    state = {'size': calibrate(), 'one': WORK_SECONDS, 'answer': None, 'cpu_gain': 1.0}
    failed = 0
    for number, part in enumerate(parts, 1):
        if not run_part(number, len(parts), part, state):
            failed += 1
    show_table()
    show_chart()
    if not BATON:
        print('\nLeft out: the same threads with -X gil=0, which this Python can not do.')
    print('\n%d of %d parts done in %.1f s%s' % (
        len(parts) - failed, len(parts), clock() - began, ', %d FAILED' % failed if failed else ''))
    return 1 if failed else 0


if __name__ == '__main__':
    if sys.argv[1:2] == ['--cpu-threads']:
        cpu_threads_child(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
