# f_lasti and tb_lasti of a frame that calls are the offset of the CALL (or of its cache), not of the PRECALL before it; those of other
# instructions that run Python are the instruction's own.
import dis
import sys


def name_at(code, offset):
    shown = {instruction.offset: instruction.opname for instruction in dis.get_instructions(code, show_caches=True)}
    while shown[offset] == "CACHE":
        offset -= 2
    return shown[offset]


def tell(*args, **keywords):
    frame = sys._getframe(1)
    print(name_at(frame.f_code, frame.f_lasti))


class Asked:
    def __getitem__(self, key):
        frame = sys._getframe(1)
        print(name_at(frame.f_code, frame.f_lasti))

    __add__ = __lt__ = __getattr__ = __getitem__

    def __setitem__(self, key, value):
        frame = sys._getframe(1)
        print(name_at(frame.f_code, frame.f_lasti))

    def __exit__(self, *exc):
        frame = sys._getframe(1)
        print(name_at(frame.f_code, frame.f_lasti))

    def __neg__(self):
        frame = sys._getframe(1)
        print(name_at(frame.f_code, frame.f_lasti))

    __enter__ = __neg__

    def method(self):
        frame = sys._getframe(1)
        print(name_at(frame.f_code, frame.f_lasti))


def calls(asked):
    tell()
    tell(1, 2)
    tell(*[1])
    tell(1, x=2)
    asked.method()
    asked[1]
    asked + 1
    asked < 1
    asked.missing
    -asked
    asked[1:2]
    asked[1:2] = 3
    with asked:
        pass
    [tell() for _ in "a"]


def fail():
    raise ValueError


def leave(asked):
    with asked:
        fail()


def catch(function, *args):
    try:
        function(*args)
    except Exception as error:
        traceback = error.__traceback__
        while traceback:
            print(traceback.tb_frame.f_code.co_name, name_at(traceback.tb_frame.f_code, traceback.tb_lasti))
            traceback = traceback.tb_next


calls(Asked())
catch(fail)
catch(leave, Asked())
catch(lambda: fail())
catch(lambda: int("x"))
catch(lambda: sorted(1, key=2))
catch(lambda: {}["a"])
