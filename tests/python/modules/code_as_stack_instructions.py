# What code objects show of their instructions is consistent: every path through co_code has one height of the stack at each
# instruction, no more than co_stacksize, handlers find what they expect, and names, constants and positions are the source's.
import ast
import asyncio.tasks
import dis
import modulefinder
import opcode
import os
import sys
import tempfile
import textwrap
import types

NO_WAY_ON = {"RETURN_VALUE", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}


def check(code):
    instructions = list(dis.get_instructions(code))
    units = len(code.co_code) // 2
    assert units == len(list(dis.get_instructions(code, show_caches=True))) == len(list(code.co_positions()))
    assert list(code.co_lines())[-1][1] == 2 * units
    number = {instruction.offset: i for i, instruction in enumerate(instructions)}
    handlers = dis._parse_exception_table(code)
    heights, work = {}, []

    def flow(offset, height, source):
        assert height >= 0, (code, source)
        known = heights.setdefault(offset, height)
        assert known == height, (code, source, offset, known, height)
        if offset not in done:
            done.add(offset)
            work.append(offset)

    done = set()
    flow(0, 0, None)
    while work:
        offset = work.pop()
        i, height = number[offset], heights[offset]
        instruction = instructions[i]
        name = instruction.opname
        assert height <= code.co_stacksize, (code, offset)
        for entry in handlers:
            if entry.start <= offset < entry.end:
                assert height >= entry.depth, (code, offset, entry)
                flow(entry.target, entry.depth + 1 + entry.lasti, offset)
        if name in ("SWAP", "COPY"):
            assert instruction.arg <= height, (code, offset)
        if instruction.opcode in dis.hasjrel:
            effect = -1 if name == "SEND" else dis.stack_effect(instruction.opcode, instruction.arg, jump=True)
            flow(instruction.argval, height + effect, offset)
        if name not in NO_WAY_ON:
            if name == "SEND":
                effect = 0
            elif name == "RETURN_GENERATOR":
                effect = 1
            else:
                argument = instruction.arg if instruction.opcode >= opcode.HAVE_ARGUMENT else None
                effect = dis.stack_effect(instruction.opcode, argument, jump=False)
            flow(instructions[i + 1].offset, height + effect, offset)


def check_all(code):
    check(code)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            check_all(constant)


with open(__file__) as file:
    check_all(compile(file.read(), "this file", "exec"))
for module in (ast, asyncio.tasks, dis, modulefinder, types, textwrap, os, tempfile):
    with open(module.__file__) as file:
        check_all(compile(file.read(), module.__name__, "exec"))

check_all(compile(textwrap.dedent("""
    def leave_a_handler(items):
        for item in items:
            try:
                pass
            except NameError:
                continue
            finally:
                for a, b in items:
                    pass
        while items:
            with items:
                try:
                    break
                finally:
                    for a, b in items:
                        pass

    def match(x):
        match x:
            case {"a": 1, **rest}: return rest
            case [1, *others, Class(y=[2, z])] if z: return others
            case "a" | "b" as c: return c
            case None: pass
    async def coroutine(a):
        async with a as b, a:
            async for c in b:
                try:
                    yield await c
                except* ValueError as group:
                    print(group)
                except* (TypeError, KeyError):
                    raise
                finally:
                    del c
            else:
                return
        [d async for d in a if d]
    def generator():
        x = yield from range(3)
        while x := (yield x):
            for i, (j, *k) in x:
                if not 0 < i <= 9: continue
                if i and j or k: break
            else:
                x[1:2] = x[::-1]
                del x[0], x.y
                x.z += 1
                x[i] -= f"{i!r:>{j}}"
    class C(B, metaclass=M):
        a: int = 1
        def f(self, *args, b=2, **kwargs) -> None:
            def g(): nonlocal b; b = self
            self.m(b, *args)
            g(1, b, *args)
            return super().f(*args, 1, *args, b=b, **kwargs, c=__class__)
    """), "constructs", "exec"))


# A long jump needs EXTENDED_ARG; a long display and a long call need no high stack.
long = compile("while a:\n" + "    b(c)\n" * 300, "long", "exec")
check(long)
assert any(instruction.opname == "EXTENDED_ARG" for instruction in dis.get_instructions(long))
for source in ("[%s]", "(%s)", "{%s}", "f(%s)", "o.f(%s)"):
    code = compile(source % ", ".join("a" * 200), "wide", "eval")
    check(code)
    assert code.co_stacksize < 10, (source, code.co_stacksize)


# ---- names and constants, as tools look for them

def uses(a):
    import os.path as p
    from sys import argv as q
    global stored
    stored = [used(a + 12, -3), p.attribute, q.method(key=1.5)]
    return stored[7] if a > 99 else None


found = {}
for instruction in dis.get_instructions(uses):
    found.setdefault(instruction.opname, set()).add(instruction.argval)
assert found["LOAD_GLOBAL"] == {"used", "stored"}, found
assert found["STORE_GLOBAL"] == {"stored"}
assert found["IMPORT_NAME"] == {"os.path", "sys"}
assert {12, -3, 7, 99, 1.5, None} <= found["LOAD_CONST"], found
assert {12, -3, 7, 99, 1.5} <= set(uses.__code__.co_consts)
assert "method" in uses.__code__.co_names

with tempfile.TemporaryDirectory() as directory:
    for name, text in (("main", "import one\nfrom two import three, four\n"), ("one", "import two.missing\n"), ("two", "")):
        with open(os.path.join(directory, name + ".py"), "w") as file:
            file.write(text)
    finder = modulefinder.ModuleFinder([directory])
    finder.run_script(os.path.join(directory, "main.py"))
    print(sorted(finder.modules), sorted(finder.any_missing()))


# ---- offsets

def fails(x):
    y = x
    return y.a + y.b(
        1)


try:
    fails(type("T", (), {"a": 1, "b": lambda self, x: None})())
except TypeError as error:
    tb = error.__traceback__.tb_next
    at = tb.tb_lasti
    assert list(fails.__code__.co_positions())[at // 2] == (tb.tb_lineno, tb.tb_lineno + 1, 11, 10), at
    assert [i.opname for i in dis.get_instructions(fails) if i.offset == at] == ["BINARY_OP"]
    again = types.TracebackType(None, tb.tb_frame, at, tb.tb_lineno)
    assert again.tb_lasti == at
    assert [types.TracebackType(None, tb.tb_frame, i, 1).tb_lasti for i in (0, 1, 999)] == [0, 1, 999]


def suspended():
    yield sys._getframe().f_lasti
    yield 2


g = suspended()
inside = next(g)
names = {i.offset: i.opname for i in dis.get_instructions(suspended)}
assert names[inside] == "LOAD_ATTR", names[inside]
assert names[g.gi_frame.f_lasti] == "YIELD_VALUE"

module = compile("\n\nx = 1\n", "module", "exec")
assert [line for _, _, line in module.co_lines()][:2] == [0, 3]
assert next(module.co_positions()) == (0, 1, 0, 0)


# ---- replace()

def number(x):
    y = 1
    return x + 10 if x < 100 else y


code = number.__code__
number.__code__ = code.replace(co_consts=tuple({1: "one", 10: 20, 100: 5}.get(c, c) for c in code.co_consts))
print(number(1), number(7), number.__code__.co_consts)
assert code.replace(co_code=code.co_code) == code
assert code.replace(co_linetable=code.co_linetable) == code
assert code.replace(co_exceptiontable=code.co_exceptiontable) == code
assert list(code.replace(co_linetable=b"").co_positions()) == []
moved = code.replace(co_firstlineno=1000)
assert [line - moved.co_firstlineno for *_, line in moved.co_lines()] == [line - code.co_firstlineno for *_, line in code.co_lines()]
print("consistent")
