"""A context variable's value is seen at once, wherever it was changed since it was looked up last."""
import decimal
import threading
from contextvars import Context, ContextVar, copy_context

a = ContextVar('a', default='default a')
b = ContextVar('b')


def values():
    return a.get(), a.get(1), b.get(2), a.get(), a.get()


print(values())
token = a.set('first')
print(values())
a.set('second')
print(values())
a.reset(token)
print(values())
b.set('b')
print(b.get(), values(), b.get())

outer = copy_context()
a.set('inner')
print(values(), outer.run(values), outer.get(a), copy_context()[a])
outer.run(a.set, 'set in outer')
print(values(), outer.run(values), outer[a])
print(Context().run(values), values())


def change():
    a.set('changed')
    before = values()
    inside = copy_context().run(lambda: (values(), a.set('deeper'), values())[::2])
    return before, inside, values()


print(copy_context().run(change), values())
seen = []
thread = threading.Thread(target=lambda: seen.append((values(), a.set('thread'), values())[::2]))
thread.start()
thread.join()
print(seen, values())
try:
    Context().run(b.get)
except LookupError as e:
    print('LookupError', e.args == (b,))

# decimal's current context is such a variable.
one, three = decimal.Decimal(1), decimal.Decimal(3)
print(one / three)
with decimal.localcontext() as context:
    context.prec = 4
    print(one / three, copy_context().run(lambda: one / three))
    with decimal.localcontext(decimal.Context(prec=2)):
        print(one / three, a.get(), one / three)
    print(one / three)
    decimal.getcontext().prec = 3
    print(one / three)
    decimal.setcontext(decimal.Context(prec=7))
    print(one / three)
print(one / three)
seen.clear()
thread = threading.Thread(target=lambda: seen.append(one / three))
decimal.getcontext().prec = 5
thread.start()
thread.join()
print(seen, one / three)
