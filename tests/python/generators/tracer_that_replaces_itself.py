# A trace function that installs another while it is told of a call: the other is told of the first line, too. So do tools that
# measure coverage of threads.
import sys
import threading

told = []


def other(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        told.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return other


def install(frame, event, argument):
    sys.settrace(None)
    sys.settrace(other)
    return other(frame, event, argument)


def numbers():
    yield 1; yield 2
    yield 3


class Worker(threading.Thread):
    def run(self):
        self.a = 5
        self.work()
        self.a = 7

    def work(self): self.a = 10


def function():
    for i in range(2): work(i)
    return 1


def work(x):

    return x


threading.settrace(install)
worker = Worker()
worker.start()
worker.join()
threading.settrace(None)
print(*told, sep="\n")

for resumed in False, True:
    del told[:]
    g = numbers()
    if resumed:
        next(g)
    sys.settrace(install)
    list(g)
    function()
    sys.settrace(None)
    print(resumed)
    print(*told, sep="\n")
