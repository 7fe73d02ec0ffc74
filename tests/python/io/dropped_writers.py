# Files dropped without close(): whoever looks at them, and whatever starts, splits or ends the process, finds them written.
# no-dev
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading

directory = tempfile.TemporaryDirectory()
path = os.path.join(directory.name, "file")


def write(mode, data):
    file = open(path, mode)
    file.write(data)


def drop(data, mode="w"):
    """On a thread of its own, whose stack is gone afterwards."""
    thread = threading.Thread(target=write, args=(mode, data))
    thread.start()
    thread.join()


def content():
    with open(path) as file:
        return file.read()


def in_child(what):
    pid = os.fork()
    if pid == 0:
        what()
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def drop_and_exit():
    drop("by a child")
    os._exit(0)


def drop_and_exec():
    drop("before exec")
    os.execv("/bin/true", ["true"])


def exits():
    print(in_child(drop_and_exit), content())
    print(in_child(drop_and_exec), content())


def forks():
    drop("once")
    print(in_child(lambda: os._exit(0)), content())
    program = "import os, sys; open(sys.argv[1], 'wb').write(b'once'); os.fork() and os.wait()"
    subprocess.run([sys.executable, "-W", "ignore", "-c", program, path], check=True)
    print(content())


def programs():
    drop("for cat")
    print(subprocess.run(["cat", path], capture_output=True).stdout)
    drop("for posix_spawn")
    copy = path + ".copy"
    pid = os.posix_spawnp("cp", ["cp", path, copy], os.environ)
    os.waitpid(pid, 0)
    print(open(copy).read())
    drop("for system")
    print(os.system(f"cp {path} {copy}"), open(copy).read())


def looks():
    drop("12345")
    print(os.stat(path).st_size)
    drop("123456")
    print(os.path.getsize(path))
    drop("1234567")
    print([entry.stat().st_size for entry in os.scandir(directory.name) if entry.name == "file"])
    drop("12345678")
    fd = os.open(path, os.O_RDONLY)
    print(os.read(fd, 100), os.fstat(fd).st_size)
    os.close(fd)


def kept():
    # One that is not dropped keeps its buffer, and a child that ends doesn't write its copy.
    with open(path, "w") as file:
        file.write("kept")
        print([os.stat(path).st_size for i in range(50)] == [0] * 50)
        print(in_child(lambda: os._exit(0)), os.stat(path).st_size)
        print(subprocess.run(["cat", path], capture_output=True).stdout)
    print(content())


def peer():
    here, there = socket.socketpair()

    def send():
        here.makefile("wb").write(b"for the peer\n")

    def child():
        thread = threading.Thread(target=send)
        thread.start()
        thread.join()
        os._exit(0)

    print(in_child(child))
    here.close()
    print(there.makefile().read())


def wrappers():
    # A dropped text stream closes what it was made of.
    raw = open(path, "rb")
    first = io.TextIOWrapper(raw)

    def wrap():
        io.TextIOWrapper(raw).read()

    thread = threading.Thread(target=wrap)
    thread.start()
    thread.join()
    print(first.closed)
    raw = open(path, "rb")
    first = io.TextIOWrapper(raw)
    second = io.TextIOWrapper(raw)
    print(first.closed, second.closed, raw.closed)
    second.detach()
    print(first.read())


for test in (exits, forks, programs, looks, kept, peer, wrappers):
    test()
    sys.stdout.flush()
