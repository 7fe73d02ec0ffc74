# Character classes below and above 256, and where searches may begin.
import re

texts = ["", "a", "abc DEF_12", "é è Ünï ß", "日本語 text 12", "x😀y\nz", "line1\nline2\r\n", "---", "aaaab", "ſ K ı İ", "tab\tend"]
patterns = [
    r"\d", r"\D", r"\w+", r"\W+", r"\s", r"\S+", r"[a-c]+", r"[^a-c]+", r"[é-ü]", r"[^\W\d_]+", r"[\u3040-\u9fff]+", r"[😀-😂]",
    r"(?i)[a-f]+", r"(?i)ß", r"(?i)k", r"(?i)[ſ]", r"(?i)ü", r"(?a)\w+", r"(?a)[\w]+", r"(?ai)[k]", r".", r"(?s).", r"\n",
    r"x*", r"x*b", r"(?:a|b)*c", r"(?:a|)b", r"(a|é|日)", r"(?=a)\w", r"(?!a)\w", r"(?<=a)\w", r"(?<!a)\w", r"^\w", r"(?m)^\w", r"$",
    r"(?m)$", r"\b\w", r"\B\w", r"\Z", r"a{2,}b", r"a{0,2}b", r"(?>a+)b", r"a++b", r"[ab]*+b", r"(?:ab|cd|E)F?", r"(\w)\1", r"(a)?(?(1)b|c)",
    r"[\]\-^]", r"[-]", r"[^\n]+$", r"\w*?2", r"(?:(?:a))+", r"|a", r"a|", r"[^\x00-\xff]", r"[\x80-\xff]", r"(?i:[À-Ö])",
]
for pattern in patterns:
    p = re.compile(pattern)
    print(ascii(pattern), [ascii([m.span() for m in p.finditer(t)]) for t in texts])
    print("   ", [bool(p.match(t)) for t in texts], [bool(p.fullmatch(t)) for t in texts], ascii(p.sub("<>", texts[2])))

data = bytes(range(256))
for pattern in [rb"\w+", rb"[^\w]+", rb"[\x80-\xff]", rb"(?i)[a-c]+", rb"(?L)\w+", rb"(?L)[a-z]+", rb"(?Li)[a-z]", rb"\xe9", rb"[^\x00-\xfe]"]:
    print(pattern, [m.span() for m in re.finditer(pattern, data)][:12])

# Searches from positions, and scanners.
p = re.compile(r"[a-z]+\d")
print([p.search("ab1 cd2 e f3", i, j) and p.search("ab1 cd2 e f3", i, j).span() for i in range(12) for j in (5, 12)])
print(p.search("é日ab1").span(), p.search("日本"), p.split("x1y2z"), p.findall("é1 a1 日2 b2"))
scanner = p.scanner("a1 b2 c")
print(scanner.search().group(), scanner.search().group(), scanner.search())
print(re.sub(r"(?<=[é日])\w", "*", "éa日b c"), re.subn(r"[^\W_]", lambda m: m.group().upper(), "a_b é"))

# Anchored searches look at the beginning only.
print([re.search(p, "ab\nab") for p in (r"\Ab", r"^b", r"(^)b", r"^$")], re.search(r"(?m)^b|^a", "x\na").span(), re.search("^a", "ba", 1))
print(re.compile("^a").search("ba", 1), re.findall(r"^", "a\nb"), re.split(r"^a", "aba"), re.sub(r"\Aa", "x", "aaa"))

# Boundaries of words in Latin-1 and beyond; patterns used often, on short texts, and once, on a long one.
every = "".join([chr(c) + " " for c in [*range(256), 0x100, 0x2070, 0x3042]])
print([m.start() // 2 for m in re.finditer(r"\b\S\b", every)], len(re.findall(r"\B", every)), len(re.findall(r"(?a)\b", every)))
words = re.compile(r"(?P<number>\d+)|(?P<name>[^\W\d]\w*)|(?P<op>==|[-+=])|(?P<rest>\s+)|(?P<other>.)")
print([(m.lastgroup, m.group()) for m in words.finditer("x1 = é2+日3 == 42 ?")])
for _ in range(6):
    print([words.match(t).lastgroup for t in ("1", "a", "é", "日", "=", " ", "?", "٣")], words.match(""), words.fullmatch("==").span())
alleles = "agggtaaa|tttaccct|[cgt]gggtaaa|tttaccc[acg]|a[act]ggtaaa|tttacc[agt]t"
print([m.span() for m in re.finditer(alleles, "agggtaa" * 30 + "agggtaaa" + "tttacccttttaccca" + "acggtaaatttacctt" + "ttt" * 40 + "ctt")])
print(re.findall(r"<([a-z]+)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*(/?)>", '<a href="x" b-c ><br/><i x="1"y="2"><p  >' * 8)[:4])
print(re.sub(r"(\w+?)\s*=\s*(.*?);", r"\2=\1;", "a = 1; bc=23 ;\nd  =  ;" * 12)[:40])
