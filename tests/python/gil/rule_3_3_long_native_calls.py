# Rule 3.3: a long native call delays handlers until it returns; those that wait, and big powers, let them run meanwhile.
# alone
# timeout: 120
import signal
import time
import re
from _tools import in_a_quiet_moment

at = []
signal.signal(signal.SIGALRM, lambda *a: at.append(time.monotonic()))


def when_handled(call, alarm=0.05):
    """-> when the handler ran and when the call returned, after its beginning."""
    at.clear()
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, alarm)
    call()
    ended = time.monotonic()
    while not at:
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    return at[0] - began, ended - began


text = 'a' * 23


def match():
    for pattern in ('(a|a)*b', ):
        re.match(pattern, text)


def check():
    handled, took = when_handled(lambda: time.sleep(0.4))
    assert handled < 0.2 and took > 0.39, (handled, took)
    handled, took = when_handled(match)
    assert handled < took + 0.1, (handled, took)


in_a_quiet_moment(check)
print('handled')
