# %-formatting, str.format, format specs.
def raises(kind, text, function, *args):
    try:
        function(*args)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError(text)


assert '%s %r %a' % ('a', 'é', 'é') == "a 'é' '\\xe9'"
assert '%5d|%-5d|%05d|%+d|% d' % (42, 42, 42, 42, 42) == '   42|42   |00042|+42| 42'
assert '%x %X %#x %#o %o' % (255, 255, 255, 8, 8) == 'ff FF 0xff 0o10 10'
assert '%.3d %#08x %-#8x|' % (5, 255, 255) == '005 0x0000ff 0xff    |'
assert '%e %.2f %g %G %F' % (1234.5, 2.675, 1e-10, 1e20, float('inf')) == '1.234500e+03 2.67 1e-10 1E+20 INF'
assert '%c%c' % ('x', 0x20ac) == 'x€' and '%5c|' % 'a' == '    a|'
assert '%(a)s-%(b)03d' % {'a': 1, 'b': 2} == '1-002' and '%%' % () == '%'
assert '%*.*f|' % (8, 2, 3.14159) == '    3.14|' and '%-*d|' % (4, 7) == '7   |'
assert '%.2s|%5.1s|' % ('abc', 'xyz') == 'ab|    x|'
assert '%d' % 3.99 == '3' and '%d' % (1 << 70) == str(1 << 70) and '%x' % -(1 << 70) == '-' + '4' + '0' * 17
assert '%010f' % -2.5 == '-02.500000' and '%#.0f' % 3 == '3.'
raises(TypeError, 'not enough arguments for format string', lambda: '%d %d' % 1)
raises(TypeError, 'not all arguments converted during string formatting', lambda: '%d' % (1, 2))
raises(TypeError, '%d format: a real number is required, not str', lambda: '%d' % 'a')
raises(TypeError, '%x format: an integer is required, not float', lambda: '%x' % 1.5)
raises(ValueError, "unsupported format character 'y' (0x79) at index 1", lambda: '%y' % 1)
raises(ValueError, 'incomplete format', lambda: '%' % 1)
raises(TypeError, 'format requires a mapping', lambda: '%(a)s' % 1)
raises(TypeError, 'must be real number, not str', lambda: '%f' % 'a')

assert '{} {}'.format(1, 2) == '1 2' and '{1} {0}'.format(1, 2) == '2 1' and '{a.real}{b[0]}{b[k]}'.format(a=5, b={0: 'x', 'k': 'y'}) == '5xy'
assert '{{}}'.format() == '{}' and '{!r:>5}|'.format('a') == "  'a'|" and '{:{}}'.format(5, '>4') == '   5'
assert '{0[a]}{0[b]}'.format({'a': 1, 'b': 2}) == '12' and '{x}'.format_map({'x': 3}) == '3'
raises(ValueError, "Single '}' encountered in format string", '}'.format)
raises(ValueError, "Single '{' encountered in format string", '{'.format)
raises(IndexError, 'Replacement index 1 out of range for positional args tuple', '{1}'.format, 1)
raises(KeyError, "'a'", '{a}'.format)
raises(ValueError, 'cannot switch from manual field specification to automatic field numbering', '{0}{}'.format, 1, 2)
raises(ValueError, 'Max string recursion exceeded', '{:{:{}}}'.format, 1, 2, 3)
raises(ValueError, "Only '.' or '[' may follow ']' in format field specifier", '{0[0]x}'.format, [1])

F = format
assert F('abc', '>6') == '   abc' and F('abc', '*^7') == '**abc**' and F('abc', '.2') == 'ab' and F('ab', '05') == 'ab000'
assert F(1234567, ',') == '1,234,567' and F(1234567, '_') == '1_234_567' and F(0xffffffff, '_x') == 'ffff_ffff'
assert F(12345, '020,') == '0,000,000,000,012,345' and F(-42, '06') == '-00042' and F(42, '+') == '+42' and F(42, '<010') == '4200000000'
assert F(255, '#x') == '0xff' and F(255, '#b') == '0b11111111' and F(255, '#010x') == '0x000000ff' and F(8, 'o') == '10' and F(65, 'c') == 'A'
assert F(3, '.2f') == '3.00' and F(1, '%') == '100.000000%' and F(10 ** 30, ',')[-8:] == ',000,000'
assert F(3.14159, '.2f') == '3.14' and F(1e10, ',.1f') == '10,000,000,000.0' and F(1.5, '') == '1.5' and F(1.0, 'g') == '1'
assert F(-0.001, 'z.1f') == '0.0' and F(float('inf'), '010') == '0000000inf' and F(float('nan'), '>5') == '  nan' and F(1234.5, '012,.2f') == '0,001,234.50'
assert F(0.25, '.0%') == '25%' and F(1e100, '.3e') == '1.000e+100' and F(123456789.0, 'n') == '1.23457e+08'
assert F(1 + 2j, '') == '(1+2j)' and F(1 + 2j, '.1f') == '1.0+2.0j' and F(2j, '>6') == '    2j' and F(1 + 2j, '^10') == '  (1+2j)  '
assert F(True, '') == 'True' and F(True, 'd') == '1'
for spec, value, text in [('d', 'a', "Unknown format code 'd' for object of type 'str'"), ('=5', 'a', "'=' alignment not allowed in string format specifier"),
                          (',', 'a', "Cannot specify ',' with 's'."), ('+', 'a', 'Sign not allowed in string format specifier'),
                          ('.3', 1, 'Precision not allowed in integer format specifier'), ('x,', 1, "Invalid format specifier 'x,' for object of type 'int'"),
                          (',x', 1, "Cannot specify ',' with 'x'."), (',_', 1, "Cannot specify both ',' and '_'."), ('y', 1.5, "Unknown format code 'y' for object of type 'float'"),
                          ('.', 1.5, 'Format specifier missing precision'), ('\u1234', 1, "Unknown format code '\\x1234' for object of type 'int'"),
                          ('05', 1j, 'Zero padding is not allowed in complex format specifier')]:
    raises(ValueError, text, format, value, spec)
assert f'{3:>{5}}|{"x"!r}' == "    3|'x'"
import string
assert string.Formatter().format('{0} {b.real:>4}', 'a', b=2) == 'a    2'
