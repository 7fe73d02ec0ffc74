# A context is entered by one thread at a time: of several that try, each that gets in is alone there.
import contextvars
import threading
import time

variable = contextvars.ContextVar('variable', default=0)
context = contextvars.copy_context()
inside = 0
worst = 0
refused = []


def enter():
    global inside, worst
    inside += 1
    worst = max(worst, inside)
    time.sleep(0)
    variable.set(variable.get() + 1)
    inside -= 1


def try_often():
    entered = 0
    while entered < 300:
        try:
            context.run(enter)
            entered += 1
        except RuntimeError as error:
            refused.append(str(error).endswith('is already entered'))


threads = [threading.Thread(target=try_often) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(worst, context[variable], all(refused))
