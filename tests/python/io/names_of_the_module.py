# The native module behind io says that it is io, as CPython 3.11's does, and so do its functions; its classes say _io.
import _io
import builtins
import io
import pickle
import pydoc
import sys

print(_io.__name__, _io, _io.__spec__.name, sys.modules["_io"] is _io, sys.modules["io"] is io)
print(open.__module__, _io.open_code.__module__, _io.text_encoding.__module__, open.__qualname__, repr(open))
for name in ("FileIO", "BytesIO", "StringIO", "TextIOWrapper", "BufferedReader", "IncrementalNewlineDecoder",
             "UnsupportedOperation"):
    print(getattr(_io, name), getattr(_io, name).__module__)
print(pickle.dumps(open, 0), pickle.loads(pickle.dumps(open)) is builtins.open)
print(pydoc.plain(pydoc.render_doc(open)).splitlines()[0])
try:
    open(1, 2, 3, 4, 5, 6, 7, 8, 9)
except TypeError as e:
    print(e)
