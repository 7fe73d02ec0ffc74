# _elementtree: arguments, messages, what sequences and attributes do, copies, pickles, targets, events, and parsers used wrongly.
# stress
import copy
import gc
import io
import pickle
import re
import warnings
import weakref
import xml.etree.ElementTree as ET
import _elementtree

warnings.simplefilter("always")
Element, SubElement, TreeBuilder, XMLParser = ET.Element, ET.SubElement, ET.TreeBuilder, ET.XMLParser
assert Element is _elementtree.Element and XMLParser is _elementtree.XMLParser and Element is not ET._Element_Py


def show(*functions):
    for function in functions:
        try:
            with warnings.catch_warnings(record=True) as caught:
                result = function()
        except Exception as error:
            result = type(error).__name__, str(error)
        print(re.sub("0x[0-9a-f]+", "0x", repr(result)), *[(w.category.__name__, str(w.message)) for w in caught])


print("-- making")
e = Element("a", {"x": "1"})
show(lambda: Element(), lambda: Element("a", [1]), lambda: Element("a", attrib=3), lambda: Element("a", {}, 1),
     lambda: Element("a", {"x": 1}, attrib={"y": 2}).attrib, lambda: Element("a", attrib={"y": 2}, z=3).attrib,
     lambda: SubElement(), lambda: SubElement(1, "x"), lambda: SubElement(e, "x", 3), lambda: SubElement(e, "x", {}, 1),
     lambda: SubElement(e, "x", attrib={"d": "1"}, z="3").attrib, lambda: e.makeelement("x", 3), lambda: e.makeelement("x"),
     lambda: e.makeelement("x", {"q": 1}).items(), lambda: Element.__new__(Element), lambda: bool(e), lambda: bool(Element("b")))
given = {"k": "v"}
made = Element("a", given)
given["k"] = "other"
print(made.attrib, made.get("k"), made.get("none"), made.get("none", 5), made.keys(), made.items())

empty = {}
b = TreeBuilder()
print(b.start("a", empty).attrib is empty, b.start("b", given).attrib is given)
made.__init__("again", {})
print(made.tag, made.attrib)
made.__init__("again", {}, n=1)
print(made.attrib)

print("-- children")
show(lambda: e.append(1), lambda: e.extend(1), lambda: e.extend([1]), lambda: e.insert("a", e), lambda: e.insert(0, 3),
     lambda: e.remove(Element("q")), lambda: e.remove(1), lambda: e[5], lambda: e["a"], lambda: e.__setitem__(5, Element("a")),
     lambda: e.__setitem__(0, 3), lambda: e.__delitem__(9), lambda: e.__setitem__(slice(0, 1), 3), lambda: e[1 << 80],
     lambda: e.__setitem__(slice(0, 1), [3]), lambda: e.__setitem__("a", 3), lambda: e.__delitem__("a"))
del e[:]
for i in range(7):
    SubElement(e, "k%d" % i)


def tags(element):
    return [child.tag for child in element]


show(lambda: e.__setitem__(slice(0, 5, 2), [Element("z")]), lambda: e.__setitem__(slice(5, 0, -1), [1]),
     lambda: tags(e[1:6:2]), lambda: tags(e[::-1]), lambda: e[-1].tag, lambda: tags(e[9:]))
e[1:3] = [Element("new")]
e[::3] = [Element("s"), Element("t")]
e.insert(-1, Element("before last"))
e.insert(100, Element("last"))
e.extend(Element("g%d" % i) for i in range(2))
e.extend(e)
del e[2], e[-1], e[::4]
print(tags(e), len(e))
e.remove(e[1])
print(tags(e), e.find("nothing"), list(e.iter("t")) == e.findall("t"))
e.clear()
print(len(e), e.attrib, e.text, e.tail, e.tag)


class Equal(Element):
    def __eq__(self, other):
        return True


one = Element("one")
one.extend([Element("x"), Equal("y")])
one.remove(Element("z"))
print(tags(one))


class Clears:
    def __eq__(self, other):
        one.clear()
        return True


one.append(Element("x"))
one[0].tag = Clears()
print(one.find("x") is not None, len(one))

print("-- attributes, text")


def delete(thing, name):
    return lambda: delattr(thing, name)


show(delete(e, "tag"), delete(e, "text"), delete(e, "attrib"), lambda: setattr(e, "attrib", 3), lambda: setattr(e, "foo", 3),
     lambda: e.find(), lambda: e.find("a", b=1), lambda: e.get(), lambda: e.iter("a", "b"), lambda: type(e.iter())(),
     lambda: Element("a").findtext("q", 3), lambda: Element("a").findall(3), lambda: list(Element("a").iterfind("q")),
     lambda: Element("a").find(""), lambda: Element("a").find(b"a"), lambda: Element("a").find("a", {}), lambda: e.get([]))
tree = ET.fromstring("<r>1<a k='v'>2<b/>3</a>4<c>5<a/>6</c>7<!-- no -->8</r>")
print(list(tree.itertext()), [x.tag for x in tree.iter()], [x.tag for x in tree.iter("*")], len(list(tree.iter("a"))))
print(tree.findtext("a"), repr(tree.findtext("c/a")), tree.findtext("d"), [x.tag for x in tree.findall(".//a")], tree[1].tail)
print([x.tag for x in tree.findall("{*}a")], tree.find("a[@k='v']").get("k"), tree.find("a").attrib, tree.findtext("a/b", "dflt") == "")
walk = tree.iter()
print(next(walk).tag, next(walk).tag)
tree.clear()
print([x.tag for x in walk], list(walk))
e.text = 3
show(lambda: list(e.itertext()))
e.text = ["a", "b"]
show(lambda: list(e.itertext()), lambda: e.text)
e.tag = e
show(lambda: repr(e))

print("-- copies")
e = ET.fromstring("<a x='1'>t<b>u</b>v<c y='2'/></a>")
shallow, deep, unpickled = copy.copy(e), copy.deepcopy(e), [pickle.loads(pickle.dumps(e, n)) for n in range(2, 6)]
print([ET.tostring(x) for x in (e, shallow, deep, *unpickled)])
print(shallow[0] is e[0], deep[0] is e[0], shallow.attrib is e.attrib, deep.attrib is e.attrib)
e[0].append(e)
del e[0][:]
shared = Element("shared")
two = Element("two")
two.extend([shared, shared])
print((lambda c: c[0] is c[1])(copy.deepcopy(two)))


class Odd(Element):
    def __deepcopy__(self, memo):
        return 3


two.append(Odd("odd"))
show(lambda: copy.deepcopy(two), lambda: e.__deepcopy__(3), lambda: e.__setstate__(3), lambda: e.__setstate__({}),
     lambda: Element("a").__setstate__({"tag": 1, "_children": 3}), lambda: Element("a").__setstate__({"tag": 1, "_children": [3]}),
     lambda: Element("a").__setstate__({"tag": 1, "attrib": 3}), lambda: Element("a").__setstate__({"tag": 1, "qq": 3}),
     lambda: sorted(e.__getstate__().items(), key=lambda item: item[0]))


class Sub(Element):
    pass


sub = Sub("s", k="v")
sub.extra = 5
print(type(copy.copy(sub)), sub.extra, sub.attrib, isinstance(sub, Element), sub.__dict__)
ref = weakref.ref(sub)
del sub
gc.collect()
ring = Element("ring")
ring.append(ring)
ring_ref = weakref.ref(ring)
del ring
gc.collect()
print(ref(), ring_ref())

print("-- TreeBuilder")


def roots():
    b = TreeBuilder()
    b.start("a", {})
    b.end("a")
    b.start("b", {})


def texts(*pieces):
    b = TreeBuilder()
    b.data("ignored")
    attributes = {"a": "b"}
    root = b.start("a", attributes)
    for piece in pieces:
        b.data(piece)
    b.end("a")
    b.data("tail")
    b.data(" more")
    b.comment("x")
    b.data("!")
    assert b.close() is root
    return root.attrib is attributes, root.tail, root.text


show(lambda: TreeBuilder(1, 2), lambda: TreeBuilder(q=1), lambda: TreeBuilder().end("a"), lambda: TreeBuilder().start("a", 3),
     lambda: TreeBuilder().close(), roots, texts, lambda: texts("one"), lambda: texts("one", "two"), lambda: texts(1),
     lambda: texts(1, 2), lambda: texts(b"x", b"y"), lambda: TreeBuilder().comment("x").text, lambda: TreeBuilder().pi("x", "y").text)
b = TreeBuilder(insert_comments=True, insert_pis=True)
b.start("a", {})
b.data("1")
b.comment("c")
b.data("2")
b.pi("p", "q")
b.data("3")
b.end("a")
print(ET.tostring(b.close()))
show(lambda: TreeBuilder(element_factory=lambda tag, attrs: 3).start("a", {}),
     lambda: ET.XML("<a>x<b y='1'/></a>", XMLParser(target=TreeBuilder(Sub))).find("b").attrib)
b = TreeBuilder(element_factory=lambda tag, attrs: [tag, attrs])
b.start("a", {})
b.start("b", {"x": "1"})
b.end("b")
b.end("a")
print(b.close())
show(lambda: _elementtree._set_factories(1, 2), lambda: _elementtree._set_factories(None, 2))
old = _elementtree._set_factories(None, None)
show(lambda: TreeBuilder().comment("x"), lambda: TreeBuilder().pi("x"), lambda: _elementtree._set_factories(*old))
print(old == (ET.Comment, ET.PI))

print("-- XMLParser")
p = XMLParser.__new__(XMLParser)
show(lambda: p.feed("a"), lambda: p.close(), lambda: p._parse_whole(1), lambda: p._setevents([]), lambda: p.target, lambda: p.entity,
     lambda: XMLParser(1), lambda: XMLParser(encoding=3), lambda: XMLParser(q=3), lambda: XMLParser(encoding="a\0"))
p = XMLParser()
show(delete(p, "target"), lambda: setattr(p, "entity", 3), lambda: setattr(p, "version", 3), lambda: p.version[:6], lambda: p.foo,
     lambda: p.feed(3), lambda: p.feed("<a"), lambda: p.close(), lambda: p.close(), lambda: p._setevents(3),
     lambda: p._setevents([], 3), lambda: p._setevents([], [3]), lambda: p._setevents([], ["xx"]), lambda: p._setevents([], [b"start"]),
     lambda: XMLParser(target=object())._setevents([], []), lambda: ET.fromstring("<a>&foo;</a>"), lambda: ET.fromstring("<a></b>"),
     lambda: ET.fromstring("<?xml version='1.0' encoding='no such'?><a/>".encode()), lambda: ET.fromstring("\ud800"),
     lambda: ET.fromstring("<?xml version='1.0' encoding='cp1252'?><a>\u20ac</a>".encode("cp1252")).text,
     lambda: ET.fromstring("<?xml version='1.0' encoding='cp932'?><a/>".encode()), lambda: ET.fromstring(memoryview(b"<a>q</a>")).text)
p = XMLParser()
p.entity["foo"] = "bar"
p.feed("<!DOCTYPE a SYSTEM 'x'><a>1&foo;2&amp;")
show(lambda: p.feed("&none;"))
try:
    ET.fromstring("<a>\n<b></a>")
except ET.ParseError as error:
    print(error.code, error.position, error.args, error.msg, error.lineno, isinstance(error, SyntaxError))


class Target:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args: (print("  ", name, *map(repr, args)), name)[1]


document = ("<!DOCTYPE a PUBLIC 'p' 's'><?x?><?x y ?><!--c--><a xmlns='u' xmlns:q='u2' q:z='1' \xe9='\u20ac'>t\n\xe9<q:b xmlns=''/>&amp;"
            "<\u4e2d.\u6587 a='1' b='2'/></a>")
p = XMLParser(target=Target())
p.feed(document)
show(p.close, lambda: XMLParser(target=Target())._parse_whole(io.StringIO("<a/>")), lambda: XMLParser(target=object()).feed("<a>1</a>"),
     lambda: XMLParser()._parse_whole(io.StringIO("<a>\ud800</a>")))
for piece in (1, 2, 3, 7):
    whole, p = ET.fromstring(document), XMLParser()
    data = document.encode()
    for i in range(0, len(data), piece):
        p.feed(data[i:i + piece])
    assert ET.tostring(p.close()) == ET.tostring(whole)
print(ET.tostring(whole))


class Doctype(XMLParser):
    def doctype(self, *args):
        print("never")


show(lambda: Doctype().feed("<!DOCTYPE a SYSTEM 'x'><a/>"))


class Fails:
    def start(self, tag, attributes):
        print("   start", tag)
        raise ZeroDivisionError(tag)


p = XMLParser(target=Fails())
show(lambda: p.feed("<a><b/>"), lambda: p.feed("<c/></a>"), lambda: p.close())
pull = ET.XMLPullParser(["start", "end", "start-ns", "end-ns", "comment", "pi"])
pull.feed("<?x y?><!--c--><a xmlns='u' xmlns:q='u2' q:z='1'>t<!--d-->")
print([(event, getattr(what, "text", what)) for event, what in pull.read_events()])
pull.feed("</a>")
print([(event, getattr(what, "tag", what)) for event, what in pull.read_events()])
count = 0
for event, element in ET.iterparse(io.BytesIO(b"<r>" + b"<i a='1'>text</i>\n" * 5000 + b"</r>")):
    count += element.tag == "i" and element.text == "text" and element.get("a") == "1"
    element.clear()
print(count)
deep = b"<d>" * 3000 + b"x" + b"</d>" * 3000
print(sum(1 for _ in ET.fromstring(deep).iter("d")), "".join(ET.fromstring(deep).itertext()))

# Elements as sequences: a list of them is made at once, and they may change while they are iterated.
root = ET.fromstring("<r>" + "".join(f"<i n='{n}'/>" for n in range(6)) + "</r>")


class OddItems(ET.Element):
    def __getitem__(self, index):
        if index > 2:
            raise IndexError
        return index * 10


print([child.get("n") for child in list(root)], list(ET.Element("a")), list(OddItems("b")), list(reversed(root))[0].get("n"))
seen = []
for child in root:
    seen.append(child.get("n"))
    if len(seen) == 2:
        root.remove(root[0])
    if len(seen) == 4:
        root.append(ET.Element("i", n="new"))
print(seen, [child.get("n") for child in root[1:3]], tuple(root)[-1].get("n"))
steps = iter(root)
next(steps)
root.clear()
print(list(steps), list(steps), list(root))
