# baton-only: CPython, which finalises what a cycle reaches by age, closes the file below first and loses the data

# Files that a garbage cycle holds beside an object with a finaliser are written out, text before buffer before file.
import gc
import io
import os
import subprocess
import sys
import tempfile
import threading


class Owner:
    def __init__(self, stream):
        self.stream = stream
        self.itself = self

    def __del__(self):
        self.stream.close()


class Linked:
    pass


def content(path):
    with open(path, "rb") as file:
        return file.read()


def text(path):
    owner = Owner(open(path, "w"))
    owner.stream.write("text")


def buffered(path):
    owner = Owner(open(path, "wb"))
    owner.stream.write(b"buffered")


def both_ways(path):
    owner = Owner(open(path, "w+"))
    owner.stream.write("both")


def stacked(path):
    first = Linked()
    first.raw = io.FileIO(path, "w")
    first.buffer = io.BufferedWriter(first.raw)
    first.text = io.TextIOWrapper(first.buffer, encoding="utf-16-le")
    first.text.write("st")
    first.owner = Owner(first.text)
    first.owner.first = first


def later(path):
    owner = Owner(None)
    owner.others = [open(path + str(i), "w") for i in range(5)]
    for i, file in enumerate(owner.others):
        file.write(f"later {i}")
    owner.stream = owner.others[3]


class Text(io.TextIOWrapper):
    pass


class Raw(io.RawIOBase):
    def __init__(self, path):
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT)

    def writable(self):
        return True

    def write(self, data):
        return os.write(self.fd, data)

    def close(self):
        if not self.closed:
            super().close()
            os.close(self.fd)


def subclasses(path):
    owner = Owner(Text(io.BufferedWriter(Raw(path))))
    owner.stream.write("subclasses")


MAKERS = (text, buffered, both_ways, stacked, later, subclasses)

if len(sys.argv) > 1:  # at the end of a process
    globals()[sys.argv[1]](sys.argv[2])
    sys.exit(3)

with tempfile.TemporaryDirectory() as directory:
    for make in MAKERS:
        for at_exit in False, True:
            path = os.path.join(directory, make.__name__ + str(at_exit))
            if at_exit:
                done = subprocess.run([sys.executable, "-W", "ignore", __file__, make.__name__, path])
                assert done.returncode == 3
            else:
                thread = threading.Thread(target=make, args=(path,))
                thread.start()
                thread.join()
                gc.collect()
            for name in sorted(os.listdir(directory)):
                found = content(os.path.join(directory, name))
                expected = {"stacked": "st".encode("utf-16-le"), "later": b"later " + name[-1:].encode(), "both_ways": b"both"}
                assert found == expected.get(make.__name__, make.__name__.encode()), (name, found)
                os.unlink(os.path.join(directory, name))
