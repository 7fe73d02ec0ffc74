# Random patterns on random texts, most of them used often enough to be analysed: spans of all groups must be CPython's.
import re
import sys
import warnings

warnings.simplefilter("ignore")
state = int(sys.argv[1]) if len(sys.argv) > 1 else 20261130


def below(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (state >> 33) % n


def pick(items):
    return items[below(len(items))]


ATOMS = ["a", "b", "c", "ab", "é", "日", r"\d", r"\w", r"\s", r"\W", r"\D", ".", "[ab]", "[^a]", "[a-c]", "[^b-z]", r"[\w-]", r"[^\s]", "[é日]", "-", " "]
ZERO = ["^", "$", r"\b", r"\B", "(?=a)", "(?!b)", r"(?<=b)", r"(?<!a)", r"\Z"]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}"]
POSSESSIVE = ["*+", "++", "?+", "{1,2}+"]  # of single characters: python3.11 goes wrong with groups in them


def make(depth):
    kind = below(12)
    if depth == 0 or kind < 4:
        return pick(ATOMS)
    if kind < 5:
        return pick(ZERO)
    if kind < 7:
        return make(depth - 1) + make(depth - 1)
    if kind < 9:
        return "(" + pick(["", "?:", "?>"]) + "|".join([make(depth - 1) for _ in range(1 + below(4))]) + ")"
    if kind < 11:
        return "(?:" + make(depth - 1) + ")" + pick(REPEATS) if below(2) else pick(ATOMS[-10:]) + pick(REPEATS + POSSESSIVE)
    return "(" + make(depth - 1) + ")" + pick(REPEATS)


def text():
    alphabet = pick(["ab", "abc -", "aAbB1 ", "abé-", "ab日é ", "a\nb"])
    return "".join([pick(alphabet) for _ in range(below(9))])


count = 0
while count < 500:
    source = make(3) + make(2)
    if below(5) == 0:
        source = "|".join([make(2) for _ in range(2 + below(9))])
    if below(6) == 0:
        source = "(?i)" + source
    try:
        pattern = re.compile(source)
    except re.error:
        continue
    count += 1
    found = []
    for _ in range(12):
        subject = text()
        found.append([(m.span(), m.regs[1:], m.lastindex) for m in pattern.finditer(subject)])
        for how in (pattern.match, pattern.fullmatch, pattern.search):
            m = how(subject)
            found.append(m and m.regs)
        found.append(pattern.sub("<>", subject))
    print(ascii(source), len(str(found)), sum(map(ord, str(found))), ascii(found[-1]))
