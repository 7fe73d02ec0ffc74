# Services and protocols are looked up by several threads, each of which gets its own answer.
import socket
import threading

wanted = [(socket.getservbyname, ('http', 'tcp'), 80), (socket.getservbyname, ('domain', 'udp'), 53),
          (socket.getservbyport, (22, 'tcp'), 'ssh'), (socket.getservbyport, (25, 'tcp'), 'smtp'),
          (socket.getprotobyname, ('udp',), 17), (socket.getprotobyname, ('tcp',), 6)]
try:
    wanted[0][0](*wanted[0][1])
except OSError:  # a machine without /etc/services: protocols only, if those
    wanted = []
wrong = []


def look_up(first):
    for i in range(300):
        function, arguments, answer = wanted[(first + i) % len(wanted)]
        if function(*arguments) != answer:
            wrong.append(arguments)


threads = [threading.Thread(target=look_up, args=(i,)) for i in range(3)] if wanted else []
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(wrong)
for call in ("socket.getservbyname('no such')", "socket.getservbyport(1, 'no such')", "socket.getprotobyname('no such')",
             "socket.getservbyport(70000)"):
    try:
        print(eval(call))
    except (OSError, OverflowError) as error:
        print(type(error).__name__, error)
