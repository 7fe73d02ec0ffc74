# pyexpat: events, settings, errors, handlers that change things or fail, external entities, encodings.
import gc
import io
import pyexpat
import threading
from xml.parsers import expat

document = b"""<?xml version='1.0' encoding='iso-8859-1' standalone='no'?>
<!DOCTYPE doc SYSTEM 'doc.dtd' [
<!ENTITY inner 'some text'>
<!ENTITY outer SYSTEM 'entity.file'>
<!NOTATION note SYSTEM 'notation.jpeg'>
<!ENTITY unparsed SYSTEM 'entity.file' NDATA note>
<!ELEMENT doc ((a|b+),(c?,d*))>
<!ATTLIST doc x CDATA #IMPLIED y (q|r) 'q'>
]>
<doc x='1' xmlns='urn:d' xmlns:p='urn:p'>text &inner; caf\xe9<!-- comment --><?target data?>
<p:child p:attr='v'/>&outer;<![CDATA[<cdata>]]>tail</doc>
"""
names = [name for name in dir(pyexpat.XMLParserType) if name.endswith(("Handler", "HandlerExpand"))]


def run(pieces, setup=lambda parser: None, **options):
    events = []
    parser = pyexpat.ParserCreate(**options)

    def recorder(name):
        def record(*args):
            events.append((name, args, parser.CurrentLineNumber, parser.CurrentColumnNumber))
            return 1
        return record

    for name in names:
        if name not in ("DefaultHandler", "DefaultHandlerExpand"):
            setattr(parser, name, recorder(name))
    setup(parser)
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except pyexpat.ExpatError as error:
        events.append((str(error), error.code, error.lineno, error.offset))
    return events


for event in run([document]):
    print(event)
print(run([document]) == run([document[i:i + 7] for i in range(0, len(document), 7)], lambda p: setattr(p, "buffer_text", False)) or "split")
for options in ({"namespace_separator": " "}, {"namespace_separator": None}, {"namespace_separator": ""}, {"encoding": "utf-8"}):
    print([e[:2] for e in run([document], **options) if "Element" in str(e[0]) or "Namespace" in str(e[0]) or isinstance(e[1], int)])


def settings(parser):
    parser.ordered_attributes = parser.specified_attributes = parser.buffer_text = parser.namespace_prefixes = True
    parser.buffer_size = 10


print([e[:2] for e in run([document], settings, namespace_separator="!") if e[0] in ("StartElementHandler", "CharacterDataHandler")])
for bad in (b"<a", b"<a></b>", b"<a/><b/>", b"", b"<a>&x;</a>", b"<a b='1' b='2'/>", b"<\xff>", b"<?xml version='1.0' encoding='nothing'?><a/>",
            b"<?xml version='1.0' encoding='utf-16'?><a/>", b"<?xml version='1.0' encoding='koi8-r'?><a>\xc1</a>", "<a>\u20ac</a>",
            b"<?xml version='1.0' encoding='shift_jisx'?><a/>", bytearray(b"<a/>"), memoryview(b"<a/>")):
    try:
        print(bad if not isinstance(bad, memoryview) else "view", [e[:2] for e in run([bad])])
    except Exception as error:
        print(bad, type(error).__name__, error)


# Handlers that fail, and that change handlers.
class Stop(Exception):
    pass


def fail(*args):
    raise Stop(args)


for name in ("StartElementHandler", "CharacterDataHandler", "CommentHandler", "ElementDeclHandler", "ExternalEntityRefHandler",
             "NotStandaloneHandler", "XmlDeclHandler"):
    parser = pyexpat.ParserCreate()
    setattr(parser, name, fail)
    try:
        parser.Parse(document, True)
    except Stop as stop:
        print(name, stop)
parser = pyexpat.ParserCreate()
parser.NotStandaloneHandler = lambda: "no int"
try:
    parser.Parse(document, True)
except Exception as error:
    print(type(error).__name__, error)
parser = pyexpat.ParserCreate()
seen = []


def once(text):
    seen.append(text)
    parser.CharacterDataHandler = None
    parser.DefaultHandler = lambda rest: seen.append(("default", rest))


parser.CharacterDataHandler = once
parser.Parse(b"<a>one\ntwo\nthree<b/>four</a>", True)
print(seen)

# External entities by a parser of their own.
parser = pyexpat.ParserCreate()
texts = []


def external(context, base, system_id, public_id):
    inner = parser.ExternalEntityParserCreate(context)
    return inner.ParseFile(io.BytesIO(b"<e>from outside</e>"))


parser.CharacterDataHandler = texts.append
parser.ExternalEntityRefHandler = external
parser.SetBase("base")
print(parser.ParseFile(io.BytesIO(document)), texts, parser.GetBase())
print(parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS))

# Attributes and arguments.
p = pyexpat.ParserCreate()
for attempt in (lambda: pyexpat.ParserCreate(3), lambda: pyexpat.ParserCreate(None, "ab"), lambda: pyexpat.ParserCreate(intern=3),
                lambda: pyexpat.XMLParserType(), lambda: pyexpat.ErrorString(3), lambda: pyexpat.ErrorString(999), lambda: p.Parse(3),
                lambda: p.Parse("<a"), lambda: p.foo, lambda: setattr(p, "foo", 1), lambda: setattr(p, "buffer_size", 0),
                lambda: setattr(p, "buffer_size", "a"), lambda: setattr(p, "buffer_size", 2**40), lambda: setattr(p, "buffer_size", 2**70),
                lambda: delattr(p, "buffer_size"), lambda: setattr(p, "StartElementHandler", 3), lambda: p.StartElementHandler,
                lambda: delattr(p, "StartElementHandler"), lambda: p.buffer_text, lambda: p.buffer_used, lambda: p.buffer_size,
                lambda: p.ErrorCode, lambda: p.intern, lambda: p.GetBase(), lambda: p.GetInputContext(), lambda: p.ParseFile(3),
                lambda: p.UseForeignDTD(), lambda: p.ordered_attributes, lambda: expat.errors.messages[3],
                lambda: expat.errors.codes["no element found"], lambda: expat.model.XML_CTYPE_SEQ, lambda: pyexpat.native_encoding,
                lambda: p.ParseFile(io.StringIO("x"))):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
shared = {}
for _ in range(2):
    parser = pyexpat.ParserCreate(intern=shared)
    parser.StartElementHandler = lambda name, attributes: print(name is shared[name])
    parser.Parse(b"<same/>", True)

# Many parsers, in threads, and dropped in the middle.
counts = []


def work():
    for _ in range(50):
        parser = pyexpat.ParserCreate()
        count = 0

        def start(name, attributes):
            nonlocal count
            count += 1

        parser.StartElementHandler = start
        parser.Parse(b"<a>" + b"<b c='d'>text</b>" * 20)
        counts.append(count)


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
print(set(counts), len(counts))
