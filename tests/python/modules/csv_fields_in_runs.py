"""csv.reader on fields whose ordinary characters are taken at once: every special character at every place, limits, wide text."""
import csv
import io
import itertools

PIECES = ['ab', 'a', '"', ',', ';', "'", '\\', ' ', '\r', '\n', '1.5', '\xe9', '\u20ac', '']
DIALECTS = [{}, {'delimiter': ';'}, {'quotechar': "'"}, {'escapechar': '\\'}, {'doublequote': False, 'escapechar': '\\'}, {'quoting': csv.QUOTE_NONE},
            {'quoting': csv.QUOTE_NONNUMERIC}, {'skipinitialspace': True}, {'strict': True}, {'quoting': csv.QUOTE_NONE, 'escapechar': '\\'},
            {'delimiter': '\xe9', 'quotechar': None, 'quoting': csv.QUOTE_NONE}, {'delimiter': '\u20ac'}]


def rows(lines, **options):
    try:
        return list(csv.reader(lines, **options))
    except (csv.Error, ValueError) as error:
        return str(error)


digest = 0
shown = []
for options in DIALECTS:
    for parts in itertools.product(PIECES, repeat=3):
        text = 'xy' + ''.join(parts) + '"q'
        result = rows([text], **options), rows(text.splitlines(True) + ['more,"x"\n'], **options)
        for c in repr(result):
            digest = (digest * 131 + ord(c)) % ((1 << 61) - 1)
    shown.append(result)
print(digest)
print(shown)
print(rows(['a,"b\n', 'c ""d"" e\n', 'f",g\n', '\n', 'last']), rows(io.StringIO('a,b\r\n"x\r\ny",z\r\n')), rows(['\x00a,b\x00']), rows([b'x']) if 0 else '')
old = csv.field_size_limit(5)
for text in 'abcde,f', 'abcdef,f', '"abcde",f', '"abcdef"', 'abc,"ab\n', '\u20acbcde,f', '\u20acbcdef,f':
    print(rows([text]), end=' ')
print(csv.field_size_limit(0), rows(['a']), rows([',']), csv.field_size_limit(-1), rows(['ab']), csv.field_size_limit(old))
reader = csv.reader(['a,b', '"c', 'd",e', 'f'])
print(next(reader), reader.line_num, next(reader), reader.line_num, next(reader), reader.line_num)
