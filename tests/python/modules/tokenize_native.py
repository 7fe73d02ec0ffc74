# _tokenize: the tokens of the compiler's tokenizer, with places and lines, of programs and of what is no program.
import _tokenize
import glob
import hashlib
import os

for source in ("x=1\nif a:\n  b\n", "", "\n\n", "a", "a # comment", "# only\n", "x = (1,\n 'abc',\n  \"\"\"d\ne\"\"\")\n", "x=(1\n'abc", "1_", "0b12", "]",
               "(1+2]", "'''abc", "é = 'ü'; b\n", "if a:\n\tb\n  c\n", "if a:\n    b\n  c\n", "async def f(): await g()\n", "a $ b ? c ! d\n",
               "a<>b != c -> d := e ... f ** g // h @ i @= j\n", "a \\\n  + b\n", "a\r\nb\rc", "\xa0", "€", "class\n", "f'{x}' rb'a' 1j 0x_f 1e5\n",
               "if a:\n  if b:\n    c\nd\n", "  indented\n", "def f():\n    pass\n\n\n# end\n", "x = [\n\n# c\n1]\n"):
    print(repr(source))
    try:
        for token in _tokenize.TokenizerIter(source):
            print("  ", token)
    except SyntaxError as error:
        print("  ", type(error).__name__, error, error.lineno, error.offset, error.text)
for arguments in ((), (3,), ("a\0b",)):
    try:
        _tokenize.TokenizerIter(*arguments)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
folder = os.path.dirname(os.__file__)
for path in sorted(glob.glob(folder + "/[a-e]*.py")):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    digest = hashlib.md5()
    count = 0
    for token in _tokenize.TokenizerIter(source):
        digest.update(repr(token).encode())
        count += 1
    print(os.path.basename(path), count, digest.hexdigest())
