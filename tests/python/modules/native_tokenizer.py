# _tokenize.TokenizerIter: the tokens the compiler sees.
import _tokenize

SOURCES = ("x = 1 + é  # c\n", "if x:\n    y = '''a\nb'''\n\n  # c\n", "(1,\n 2)", "async def f(): await g\n", "a ->b:=c...**=//=!=<>$\n", "",
           "for i in x:\r\n\tpass\r\n", "x = (", "1_0 0x_f 1e5j 'a' b\"b\"\n")
for source in SOURCES:
    print(ascii(source))
    for text, kind, line, end_line, column, end_column, buffer in _tokenize.TokenizerIter(source):
        print("   ", ascii(text), kind, line, end_line, column, end_column, ascii(buffer))
for source in ("1_", "0b12", "'abc", "(]", "]", "\xa0", "1e+", "012"):
    try:
        print(len(list(_tokenize.TokenizerIter(source))))
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset)
