# str.translate() where a table gives texts of any length, None, numbers and nothing, in any order.
import random

random.seed(11)
TABLES = (
    {97: "x", 98: None, 99: "yyy", 100: 101, 101: ""},
    {97: "<a>", 98: "\u20ac", 99: "", 32: "  "},
    str.maketrans("abc", "bca", "de"),
    {122: "\xe9\xe9", 97: 0x1F600},
    {},
)
for table in TABLES:
    for _ in range(200):
        text = "".join(random.choices("abcdez \xe9\u20ac"[:random.choice((2, 5, 7, 9))], k=random.randrange(60)))
        made = text.translate(table)
        pieces = [table.get(ord(ch), ch) for ch in text]
        assert made == "".join("" if p is None else chr(p) if isinstance(p, int) else p for p in pieces), (text, table)
        assert made.isascii() == all(ord(ch) < 128 for ch in made) and len(made.encode()) >= len(made)
print("tick & tock <now>".translate({38: "&amp;", 60: "&lt;", 62: "&gt;"}), ascii(("q" * 500 + "a").translate({97: "a" * 500}))[-503:-495])


class Asked:
    def __init__(self):
        self.asked = []

    def __getitem__(self, code):
        self.asked.append(chr(code))
        if code == 120:
            raise KeyError(code)
        if code == 33:
            raise ZeroDivisionError
        return chr(code) * 2


table = Asked()
print("abcabxx".translate(table), sorted(set(table.asked)))
for bad in ({97: -1}, {97: 0x110000}, {97: 1.5}, Asked()):
    try:
        "zb!a".translate(bad)
    except Exception as error:
        print(type(error).__name__, error)
