# Rule 9.1: what asyncio is built on is there: epoll, selectors, socketpair, wake-up fd, contextvars, MemoryBIO, pidfd.
import contextvars
import os
import select
import selectors
import signal
import socket
import ssl

print([n for n in ('epoll', 'poll', 'select') if not hasattr(select, n)], hasattr(signal, 'set_wakeup_fd'),
        hasattr(os, 'pidfd_open'), hasattr(ssl, 'MemoryBIO'), selectors.DefaultSelector.__name__)
print([n for n in ('Context', 'ContextVar', 'Token', 'copy_context') if not hasattr(contextvars, n)])
import asyncio
print([n for n in ('Future', 'Task', 'get_event_loop', 'get_running_loop', '_get_running_loop', '_set_running_loop',
        '_register_task', '_unregister_task', '_enter_task', '_leave_task') if not hasattr(asyncio,
        n) and not hasattr(asyncio.events, n) and not hasattr(asyncio.tasks, n)])
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)

# contextvars
var = contextvars.ContextVar('var', default='default')
token = var.set('one')
context = contextvars.copy_context()
var.set('two')
print(var.get(), context[var], context.run(var.get), context.run(lambda: (var.set("inside"), var.get())[1]),
        context[var], var.get(), len(context), var in context)
var.reset(token)
print(var.get(), token.var is var, token.old_value is contextvars.Token.MISSING)
other = contextvars.ContextVar('other')
for bad in (other.get, lambda: var.reset(token), lambda: context.run(context.run, len), lambda: context[other],
        lambda: contextvars.ContextVar(5)):
    try:
        bad()
    except (LookupError, RuntimeError, TypeError) as e:
        print(type(e).__name__, str(e).split(' at 0x')[0][:60])
print(other.get('fallback'), list(context.items())[0][1])

# MemoryBIO, epoll
bio = ssl.MemoryBIO()
bio.write(b'data')
print(bio.pending, bio.read(2), bio.read(), bio.eof)
bio.write_eof()
print(bio.eof)
a, b = socket.socketpair()
with select.epoll() as ep:
    ep.register(a, select.EPOLLIN)
    assert ep.poll(0) == []
    b.send(b'x')
    print(ep.poll(1) == [(a.fileno(), select.EPOLLIN)], ep.fileno() > 0, ep.closed)
    ep.modify(a, select.EPOLLOUT)
    print(ep.poll(1)[0][1] == select.EPOLLOUT)
    ep.unregister(a)
    for bad in (lambda: ep.unregister(a), lambda: ep.register(-1), lambda: ep.modify(b, 1)):
        try:
            bad()
        except (OSError, ValueError) as e:
            print(type(e).__name__)
print(ep.closed)
