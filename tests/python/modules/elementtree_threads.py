# Elements, iterators, builders and parsers shared by threads: nothing is lost of what single operations do, and nothing breaks.
# timeout: 120
import threading
import xml.etree.ElementTree as ET
from _elementtree import Element, TreeBuilder, XMLParser

THREADS, ROUNDS = 4, 400


def run(*bodies):
    barrier, failures = threading.Barrier(len(bodies)), []

    def main(body, number):
        barrier.wait()
        try:
            body(number)
        except Exception as error:
            failures.append(repr(error))

    threads = [threading.Thread(target=main, args=(body, i)) for i, body in enumerate(bodies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


# The first children and attributes come from all threads at once.
for attempt in range(100):
    shared = Element("shared")

    def add(number):
        for i in range(5):
            shared.append(Element("c", n=str(number)))
            shared.set("k%d.%d" % (number, i), "v")

    assert run(*[add] * THREADS) == []
    assert len(shared) == THREADS * 5 and len(shared.attrib) == THREADS * 5, (len(shared), len(shared.attrib))
print("appended")

# Attributes and text as parsed become dict and str once.
for attempt in range(100):
    shared = ET.fromstring("<a x='1' y='2'>one</a>")
    seen = [None] * THREADS

    def look(number):
        seen[number] = shared.attrib, shared.get("x"), shared.items(), shared.text

    assert run(*[look] * THREADS) == []
    assert all(each[0] is shared.attrib and each[1:] == ("1", [("x", "1"), ("y", "2")], "one") for each in seen), seen
print("looked at")

# Changed from all sides while others read it.
shared = ET.fromstring("<r>" + "<i k='v'>t<j/>u</i>w" * 50 + "</r>")


def change(number):
    for i in range(ROUNDS):
        child = Element("i", k="v")
        child.text = "t"
        child.append(Element("j"))
        shared.insert(i % 7, child)
        shared.remove(child)
        shared[30:32] = [Element("i"), Element("i")]
        shared[0].tail = "w"
        shared[1].clear()


def read(number):
    for i in range(ROUNDS // 8):
        assert all(element.tag in "rij" for element in shared.iter())
        assert set("".join(shared.itertext())) <= set("tuw")
        shared.findall("i"), shared.find("i/j"), shared.findtext("i"), ET.tostring(shared), len(shared), shared[:10]


failures = run(change, change, read, read)
assert failures == [] and len(shared) == 50, (failures, len(shared))
print("changed")

# One iterator serves all: each element comes once.
shared = ET.fromstring("<r>" + "<i><j/></i>" * 1000 + "</r>")
walk, found = shared.iter(), [[] for _ in range(THREADS)]
assert run(*[lambda number: found[number].extend(walk)] * THREADS) == []
assert len({element for part in found for element in part}) == sum(map(len, found)) == 2001, list(map(len, found))
print("walked")

# One builder: it holds together, whatever tree results.
builder = TreeBuilder()
builder.start("root", {})


def build(number):
    for i in range(ROUNDS):
        try:
            builder.start("e", {})
            builder.data("x")
            builder.end("e")
        except (IndexError, AttributeError):
            pass


assert run(*[build] * THREADS) == []
assert builder.close().tag == "root" and all(element.tag in ("root", "e") for element in builder.close().iter())

# Parsers that share a builder, and one parser that several feed: refused while it parses.
builder = TreeBuilder()
builder.start("root", {})


def parse(number):
    try:
        XMLParser(target=builder).feed("<a>" + "<b x='1'>text &amp; text</b>" * 500 + "</a>")
    except (IndexError, AttributeError):
        pass


assert run(*[parse] * THREADS) == []
one = XMLParser()
one.feed("<a>")


def feed(number):
    for i in range(ROUNDS):
        try:
            one.feed(b"<b>text</b>" * 20)
        except RuntimeError as error:
            assert str(error) == "the XML parser is already parsing", error


assert run(*[feed] * THREADS) == []
one.feed("</a>")
assert len(one.close()) % 20 == 0
print("parsed")
