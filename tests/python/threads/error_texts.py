# What is wrong with arguments: timers, the hook for exceptions in threads.
import io
import signal
import sys
import threading


def raised(function, *args):
    try:
        print(function(*args))
    except Exception as e:
        print(type(e).__name__, e)


for seconds in 'x', None, [], float('nan'), 1e30, -1, 1 << 62:
    raised(signal.setitimer, signal.ITIMER_REAL, seconds)
    raised(signal.setitimer, signal.ITIMER_REAL, 1000, seconds)
for seconds in 1e-9, 0.0000015, 2.5, 3:
    signal.setitimer(signal.ITIMER_VIRTUAL, 1000, seconds)
    print(signal.getitimer(signal.ITIMER_VIRTUAL)[1])
signal.setitimer(signal.ITIMER_VIRTUAL, 0)
signal.setitimer(signal.ITIMER_REAL, 0)

sys.stderr = io.StringIO()
for value in None, 3, ValueError('text'):
    threading.excepthook(threading.ExceptHookArgs((ValueError, value, None, None)))
print(sys.stderr.getvalue().replace(str(threading.get_ident()), 'IDENT'))
