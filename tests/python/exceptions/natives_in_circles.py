# Objects of native types that stand for themselves: a RecursionError, not a crash.
import io

decoder = io.IncrementalNewlineDecoder(None, False)
decoder.__init__(decoder, False)
for call in (lambda: decoder.decode("a"), decoder.reset, decoder.getstate, lambda: decoder.setstate(("", 0))):
    try:
        call()
    except RecursionError as e:
        print(e)
itself = staticmethod(len)
itself.__init__(itself)
try:
    itself()
except RecursionError as e:
    print(e)
