"""min() and max() miss their argument before they look at keywords; tb_lineno is a member."""
import types

for f in min, max:
    for args, named in ((), {'a': 1}), ((), {'key': len}), ((), {'default': 1}), ((1, 2), {'a': 1}), ((1, 2), {'default': 1}), (((),), {'a': 1}):
        try:
            print(f(*args, **named))
        except TypeError as e:
            print(e)
try:
    1 / 0
except ZeroDivisionError as e:
    for name in 'tb_next', 'tb_frame', 'tb_lasti', 'tb_lineno':
        print(types.TracebackType.__dict__[name])
        try:
            setattr(e.__traceback__, name, 5)
        except (AttributeError, TypeError) as error:
            print(type(error).__name__, error)
