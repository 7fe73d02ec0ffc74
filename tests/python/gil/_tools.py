# Helpers of the rules' scripts: threads that pass on their exceptions, spinning, heartbeats, child interpreters.
import os
import subprocess
import sys
import threading
import time

BATON = sys.implementation.name == 'baton'
GIL = not (BATON and sys._xoptions.get('gil') == '0')


class Worker(threading.Thread):
    """A thread whose exception comes out of join()."""

    def __init__(self, target, *args, daemon=None):
        super().__init__(daemon=daemon)
        self.work, self.work_args, self.error, self.result = target, args, None, None

    def run(self):
        try:
            self.result = self.work(*self.work_args)
        except BaseException as e:
            self.error = e

    def join(self, timeout=None):
        super().join(timeout)
        if self.error is not None:
            raise self.error
        return self.result


def together(function, count, *args):
    """Runs function(index, *args) in so many threads at once; -> their results."""
    workers = [Worker(function, i, *args) for i in range(count)]
    for w in workers:
        w.start()
    return [w.join() for w in workers]


def spin(seconds):
    """Uses the processor for so long; -> rounds done."""
    stop = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < stop:
        for _ in range(100):
            rounds += 1
    return rounds


class Hog:
    """A CPU-bound thread for the length of a with statement."""

    def __init__(self, count=1):
        self.count, self.stop, self.rounds = count, False, [0] * count

    def body(self, index):
        n = 0
        while not self.stop:
            n += 1
            self.rounds[index] = n

    def __enter__(self):
        self.threads = [Worker(self.body, i) for i in range(self.count)]
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *exc):
        self.stop = True
        for t in self.threads:
            t.join()


class Heartbeat:
    """A thread that wakes every millisecond; .longest() is the longest it was kept from it, in seconds."""

    def __enter__(self):
        self.stop, self.worst, self.beats = False, 0.0, 0
        self.thread = Worker(self.body)
        self.thread.start()
        time.sleep(0.01)
        self.worst, self.beats = 0.0, 0
        return self

    def body(self):
        last = time.monotonic()
        while not self.stop:
            time.sleep(0.001)
            now = time.monotonic()
            self.worst = max(self.worst, now - last)
            self.beats += 1
            last = now

    def longest(self):
        return self.worst

    def __exit__(self, *exc):
        self.stop = True
        self.thread.join()


def eventually(condition, seconds=10.0):
    """Waits until the condition holds; fails if it does not in time."""
    stop = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < stop, 'waited %g s in vain' % seconds
        time.sleep(0.001)


def child(source, *flags, timeout=40, stdin=None):
    """Runs source with -c in a child with the same -X options; -> (status, stdout, stderr)."""
    options = []
    for name, value in sys._xoptions.items():
        options += ['-X', name if value is True else '%s=%s' % (name, value)]
    p = subprocess.run([sys.executable, *options, *flags, '-c', source], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=timeout, input=stdin, env=dict(os.environ))
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def in_a_quiet_moment(check, attempts=6):
    """check() measures time and asserts: other programs may spoil it, so one good run of several is what is asked, and none where
    several programs want each processor all the while."""
    for left in reversed(range(attempts)):
        try:
            return check()
        except AssertionError:
            if not left:
                if os.getloadavg()[0] > 3 * os.cpu_count():
                    return None
                raise
            time.sleep(0.3)
