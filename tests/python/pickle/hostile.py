# Damaged and malicious pickles give CPython's errors, with their texts.
import _pickle
import io

cases = [
    b"", b"\x80\x09.", b"\x80", b"c", b"csys\nxx\n.", b"\x80\x04csys\nxx\n.", b"(", b"a", b"(a", b"t", b".", b"(.", b"Ixx\n.", b"Lxx\n.",
    b"Fxx\n.", b"F1.5x\n.", b"Sxx\n.", b"S'a\n.", b"hxx\n.", b"gxx\n.", b"g77\n.", b"Np-1\n.", b"Npz\n.", b"q", b"q\0", b"\x00", b"'",
    b"z", b"\\", b"\x82\x00.", b"\x82\x07.", b"\x83\x07\x00.", b"\x84\xff\xff\xff\xff.", b"\x97.", b"N\x98.", b"P1\n.", b"NQ.", b"Q",
    b"N\x93.", b"NN\x93.", b"NN\x81.", b"cbuiltins\nint\nN\x81.", b"NNN\x92.", b"cbuiltins\nint\nNN\x92.", b"cbuiltins\nint\n)N\x92.",
    b"NN(ab.", b"N}b.", b"cbuiltins\nobject\n)\x81K\x01b.", b"cbuiltins\nobject\n)\x81}X\x01\0\0\0aNsb.", b"NNR.", b"N)R.", b"NNa.",
    b"N(NNe.", b"N(Nu.", b"N(NNu.", b"N(NN\x90.", b"(Nd.", b"(NNNd.", b"(N]Nd.", b"N(NNi.", b"(o.", b"(No.", b"T\xff\xff\xff\xff.",
    b"\x8b\xff\xff\xff\xff.", b"\x96\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
    b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x95\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x95\x09\0\0\0\0\0\0\0N.", b"U\x01\xff.",
    b"X\x01\0\0\0\xff.", b"V\\u12\n.", b"S'\\x'\n.", b"I01\n.", b"I00\n.", b"I010\n.", b"I 12 \n.", b"I1_2\n.", b"L1_2L\n.", b"I\n.",
    b"L\n.", b"F\n.", b"I99999999999999999999999\n.", b"F1e400\n.", b"F-1e400\n.", b"F 1\n.", b"Finf\n.", b"Fnan\n.", b"I0x10\n.", b"L0x10\n.", b"L0xzz\n.", b"L012\n.", b"Np0x1\n.",
    b"1.", b"2.", b"0.", b"(0N.", b"(2.", b"N(N1.", b"K", b"M\1", b"J\1\1", b"G\1\1", b"\x86.", b"(N\x86.", b"N(\x86.", b"\x85.", b"NN\x87.",
    b"j\xff\xff\xff\xff.", b"\x94.", b"p1\n.", b"N", b"NN", b"]N", b"]Na", b"]Na.", b"(N.", b"Np1\ng1\n.", b"\x8a\x00.", b"\x8a\x01\x80.",
    b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.", b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00.", b"\x8a\x09\0\0\0\0\0\0\0\0\x80.",
    b"C\x05ab", b"B\x05\0\0\0ab", b"\x8c\x05ab", b"\x8f(NN\x90.", b"(]\x91.", b"\x8f(]\x90.", b"}]Ns.", b"}(]Nu.", b"cnothing\nat_all\n.",
    b"c\xff\nx\n.", b"cbuiltins\n<locals>\n.", b"\x80\x04\x8c\x08builtins\x8c\x08<locals>\x93.", b"\x80\x04\x8c\x08builtins\x8c\x05int.x\x93.",
    b"\x80\x02c__builtin__\nunicode\n.", b"\x80\x03c__builtin__\nunicode\n.", b"i", b"(ibuiltins\nobject\n.", b"(ibuiltins\nint\n.",
    b"(I5\nibuiltins\nint\n.", b"(cbuiltins\nint\nI5\no."]
for data in cases:
    results = []
    for read in (lambda: _pickle.loads(data), lambda: _pickle.load(io.BytesIO(data)), lambda: _pickle.loads(bytearray(data))):
        try:
            result = read()
            if type(result) is object:
                result = "object"
            results.append(repr(result))
        except Exception as error:
            results.append("%s: %s" % (type(error).__name__, error))
    print(data, *sorted(set(results)), sep=" | ")

# Numbers far beyond what was put in before cost nothing.
assert _pickle.loads(b"Nr\xff\xff\xff\x0fj\xff\xff\xff\x0f.") is None
for options in ({"buffers": []}, {"buffers": 3}, {"encoding": 3}, {"encoding": "bytes"}, {"encoding": "latin-1"}, {"errors": "replace"},
                {"encoding": "nothing"}):
    for data in (b"\x97.", b"U\x02\xffa.", b"S'\\xffa'\n."):
        try:
            print(options, data, _pickle.loads(data, **options))
        except Exception as error:
            print(options, data, "%s: %s" % (type(error).__name__, error))

# Depth is bounded on both sides.
deep = []
for _ in range(100000):
    deep = [deep]
try:
    _pickle.dumps(deep)
except RecursionError as error:
    print(error)
data = b"]" * 200000 + b"a" * 199999 + b"."
result = _pickle.loads(data)
count = 0
while result:
    result = result[0]
    count += 1
print(count)


class Endless:
    def __reduce__(self):
        return Endless, (Endless(),)


try:
    _pickle.dumps(Endless())
except RecursionError as error:
    print("RecursionError")

# No prefix of a pickle may do anything but fail.
whole = _pickle.dumps([{"a": (1, 2.5, "x" * 300)}, {1, 2}, b"y" * 300, 2**100, frozenset([3]), bytearray(b"q"), io.BytesIO], 5)
for end in range(len(whole)):
    for source in (_pickle.loads, lambda d: _pickle.load(io.BytesIO(d))):
        try:
            source(whole[:end])
        except (EOFError, _pickle.UnpicklingError):
            pass
        else:
            print("a prefix was read", end)
print("done")
