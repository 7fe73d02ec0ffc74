# What is warned of in a source with a mistake: all that CPython reads in search of the best message, up to the end of the source.
import warnings

for source in ('if i =:= 1if n:', 'x = = 1\ny = 1or 2\n', 'x y\n\n\nz = [0x1for x in y]\n', 'a $ 1if\n', 'x = (1if\ny z\n', 'and 1in x\nz',
               'x = 1if 1 else 2\ny z\n'):
    for mode in 'exec', 'eval', 'single':
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter('always')
            try:
                compile(source, 'f', mode)
            except SyntaxError as e:
                print(repr(source), mode, e.args)
        print(sorted({(str(w.message), w.category.__name__, w.lineno) for w in told}))

# Told once a reading.
for source in 'b"\\q"for x in y z:\n', 'f(a"\\400")\n', 'class A:\n  self.x"\\d"close()\n', '"\\d"\n"\\e" x y\n':
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter('always')
        try:
            compile(source, 'f', 'exec')
        except SyntaxError as e:
            print(repr(source), e.args)
    print([(str(w.message), w.category.__name__, w.lineno) for w in told])
