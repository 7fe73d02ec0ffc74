# Signatures of native classes and functions, as inspect shows them.
import _sqlite3
import _tracemalloc
import inspect
import sys
import types

for thing in (types.FunctionType, types.MethodType, types.CodeType, types.CodeType.replace, _sqlite3.Cursor.execute,
              _sqlite3.Cursor.fetchmany, _tracemalloc.start):
    print(thing, inspect.signature(thing), bool(thing.__doc__))
for function in (print, pow, round, sys.exit, sys.intern, sys.getrecursionlimit, sys.addaudithook, sys._getframe):
    print(function.__text_signature__, inspect.signature(function))
cursor = _sqlite3.connect(':memory:').cursor()
cursor.arraysize = 2
cursor.execute('values (1), (2), (3)')
print(cursor.fetchmany(), cursor.fetchmany())
code = (lambda: 1).__code__
for wrong in ({'co_nothing': 1}, {'co_name': 5}):
    try:
        code.replace(**wrong)
    except TypeError as e:
        print(e)
try:
    code.replace(1)
except TypeError as e:
    print(e)

