# f-strings and the format mini-language as they use it.

name, n, f, items = 'Bo', 42, 3.14159, [1, 2]
print(f'{name} {n} {f} {items}', f'{name!r} {name!s} {name!a}', f"{'é'!a}")
print(f'{n:5}|{n:<5}|{n:^5}|{n:>5}|{n:05}|{n:+}|{n:x}|{n:#x}|{n:b}|{n:o}|{n:,}|{n:e}')
print(f'{f:.2f}|{f:10.3f}|{f:<10.1f}|{f:e}|{f:g}|{f:%}|{f!r:>10}|{f:+.0f}')
print(f'{name:>5}|{name:*^6}|{name:.1}|{name!r:>6}')
width, prec = 10, 3
print(f'{f:{width}.{prec}}|{f:{width}}|{name:{">"}{width}}|{n:{"0"}{5}d}')
print(f'{{}} {{{n}}} {n}}}')
print(f'{n=} {n = } {f=:.2f} {name=!r:>6} {n+1=} {items[0]=}')
print(f'{(lambda x: x * 2)(3)} {[i for i in range(3)]} {dict(a=1)["a"]} { {1, }} {n if n else 0} {"nested " + f"{n}"}')
print(f'''multi
{n}
line''' 'joined' f'{1}' "plain")
print(f'{"a" "b"}', rf'\d{n}\n', fr'{n}\t', f'\x41{n}\u0042')
print(f'{n!r:{width}}', f'{3:{"+"}}', f'{"x":{"-"}^{7}}')
assert f'' == '' and f'{""}' == '' and type(f'{n}') is str


class Fmt:
    def __format__(self, spec): return 'spec=' + repr(spec)
    def __repr__(self): return 'repr'
    def __str__(self): return 'str'


v = Fmt()
print(f'{v}', f'{v:}', f'{v:abc}', f'{v!r}', f'{v!s:>5}', f'{v:{n}{name}}', f'{v:%H:%M}', f'{v::}')
import datetime
print(f'{datetime.date(2024, 2, 29):%d.%m.%Y}')

order = []


def t(x):
    order.append(x)
    return x


f'{t(1)}{t(2):{t(3)}}{t(4)}'
print(order)

for bad in ("f'{}'", "f'{ }'", "f'{a'", "f'}'", "f'{a!x}'", "f'{a!}'", "f'{a:{b:{c}}}'", "f'{#}'", "f'{\\n}'",
        "f'{*a}'", "f'{lambda x: 1}'",
            "f'{a b}'", "f'{!r}'", "f'{=}'"):
    try:
        compile(bad, '<s>', 'eval')
        print(bad, 'compiles')
    except SyntaxError as e:
        print(bad, '->', e.msg)
for bad in ("f'{3:q}'", "f'{\"a\":d}'", "f'{3.5:d}'", "f'{None:5}'", "f'{[]:x}'", "f'{undefined}'", "f'{1/0}'",
        "f'{3:.2d}'", "f'{3:,_}'",
            "f'{\"a\":+}'"):
    try:
        eval(bad)
    except Exception as e:
        print(bad, '->', type(e).__name__, e)


def in_function(a, b=2):
    return f'{a}{b}{(lambda: a)()}'


assert in_function(1) == '121'
print(['%s' % f'{i:02}' for i in range(3)], f'{"%d" % 5}', '{}'.format(f'{n}'))
