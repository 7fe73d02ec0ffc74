"""Makes up small programs for tools/compare_programs.py.

A program is what a list of random numbers makes of the grammar below: assignments to a few names, so that registers, cells and
globals are written and read in all orders, between statements that jump. It ends (loops are bounded), and what it does can be
shown: it calls the helpers of compare_programs_child.py. Errors are welcome, and most programs raise some, but not at once.
"""
import random
import re

NAMES = ["a", "b", "c", "d", "e"]
EXCEPTIONS = ["ValueError", "TypeError", "(KeyError, IndexError)", "ZeroDivisionError", "NameError", "LookupError",
              "AttributeError"]


class Scope:
    """What a statement must know of the block it is in."""

    def __init__(self, kind, parent=None):
        self.kind = kind          # module, function, class, generator, async, agen
        self.parent = parent
        self.loops = 0
        self.no_jumps = False     # inside except*, outside of a loop in it
        self.cases = 0
        self.no_return = False    # inside except*
        self.bound = set(parent.bound) if parent else set()   # by this function or those around it: for nonlocal
        self.functions = list(parent.functions) if parent else []
        self.hot = parent is not None and (parent.hot or parent.loops > 0)
        self.depth = parent.depth + 1 if parent else 0

    def in_function(self):
        return self.kind not in ("module", "class")

    def may_yield(self):
        return self.kind in ("generator", "agen")

    def may_await(self):
        return self.kind in ("async", "agen")

    def inside_function(self):
        scope = self
        while scope:
            if scope.in_function():
                return True
            scope = scope.parent
        return False


def indented(lines):
    return ["    " + line for line in lines]


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.count = 0
        self.scope = Scope("module")
        self.plain = 0            # > 0: no walrus, no yield, no await here
        self.quoted = 0           # > 0: inside an f-string
        self.lambdas = 0
        self.budget = 40          # statements; then there are simple ones only
        self.wild = rng.random() < 0.25
        self.flat = rng.random() < 0.4
        self.spread = rng.random() < 0.2

    # Expressions

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, *choices):
        return self.rng.choice(choices)

    def name(self):
        return self.rng.choice(NAMES)

    def fresh(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def constant(self):
        rng = self.rng
        return rng.choice([str(rng.randint(-3, 9)), str(rng.randint(-3, 9)), repr(rng.choice("xyz")), "None", "True", "False",
                           "1.5", "[]", "()", "'xyz'", "10**20", "2j", "b'ab'", "...", "300", "-200", "{}", "W(1)",
                           f"W({rng.randint(0, 14)})", "O(x=1)", "(1, 2)", "{'k': 1}", "[1, 2, 3]"])

    def number(self, depth):
        return f"n({self.expr(depth + 1)})"

    def short(self, depth):
        """A value that is not deep: for what is put into containers."""
        if self.scope.hot or self.scope.loops or self.lambdas:
            return self.pick(f"k({self.name()})", self.number(depth), str(self.rng.randint(0, 5)), "'x'")
        return f"k({self.expr(depth + 1)})" if self.chance(0.7) else self.name()

    def expr(self, depth=0):
        if depth > 3 or self.chance(0.3):
            if self.chance(0.6):
                return self.name()
            return self.constant() if not self.quoted else self.pick("1", "2", "None", "()")
        while True:
            made = self.rng.choice(self.EXPRESSIONS)(self, depth)
            if made is not None:
                return made

    def plainly(self, make, *args):
        self.plain += 1
        made = make(*args)
        self.plain -= 1
        return made

    def gap(self):
        return "\n        " if self.spread and not self.quoted and self.chance(0.3) else " "

    def binary(self, depth):
        operator = self.pick("+", "-", "*", "+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "/")
        if self.chance(0.1):
            return f"(W({self.number(depth)}) {self.pick(operator, '@', '**')} {self.number(depth)})"
        if operator == "<<":
            return f"({self.number(depth)} <<{self.gap()}({self.number(depth)} & 7))"
        if self.wild and self.chance(0.4):
            return f"({self.expr(depth + 1)}{self.gap()}{operator} {self.short(depth)})"
        return f"({self.number(depth)}{self.gap()}{operator} {self.number(depth)})"

    def comparison(self, depth):
        words = ["<", "==", "!=", ">=", ">", "<="]
        made = f"({self.number(depth)} {self.rng.choice(words)}{self.gap()}{self.number(depth)}"
        while self.chance(0.3):
            made += f" {self.rng.choice(words)} {self.number(depth)}"
        if self.chance(0.2):
            made += f" {self.pick('in', 'not in')} q({self.expr(depth + 1)})"
        return made + ")"

    def logic(self, depth):
        kind = self.rng.randrange(4)
        if kind == 0:
            return f"(not {self.expr(depth + 1)})"
        if kind == 1:
            return f"({self.expr(depth + 1)} is {self.pick('', 'not ')}None)"
        return f"({self.expr(depth + 1)} {self.pick('and', 'or')}{self.gap()}{self.expr(depth + 1)})"

    def conditional(self, depth):
        return f"({self.expr(depth + 1)} if {self.expr(depth + 1)}{self.gap()}else {self.expr(depth + 1)})"

    def arguments(self, depth):
        made = []
        for _ in range(self.rng.randint(0, 3)):
            made.append(f"*q({self.expr(depth + 1)})" if self.chance(0.15) else self.expr(depth + 1))
        if self.chance(0.3):
            made.append(f"{self.pick('y', 'z')}={self.expr(depth + 1)}")
            if self.chance(0.3):
                made.append(f"*q({self.expr(depth + 1)})")
        if self.chance(0.15):
            if not self.quoted:
                made.append(f"**{{'w': {self.expr(depth + 1)}}}")
        return f",{self.gap()}".join(made)

    def call(self, depth):
        kind = self.rng.randrange(8)
        if kind < 4:
            return f"t({self.arguments(depth)})"
        if kind == 4:
            if self.chance(0.5):
                return f"O.m(O(), {self.expr(depth + 1)})"
            return f"O(x={self.short(depth)}).m({self.arguments(depth)})"
        if kind == 5 and self.scope.functions and not self.scope.hot and not self.scope.loops:
            return f"{self.rng.choice(self.scope.functions)}({self.arguments(depth)})"
        if kind == 6:
            return f"{self.pick('len', 'str', 'bool', 'type', 'repr', 'list')}(q({self.expr(depth + 1)}))"
        return f"{self.expr(depth + 1)}({self.arguments(depth)})" if self.wild and self.chance(0.3) else None

    def display(self, depth):
        kind = self.rng.randrange(7)
        items = [self.short(depth) if self.chance(0.8) else f"*q({self.expr(depth + 1)})" for _ in range(self.rng.randint(1, 3))]
        if kind < 2:
            return f"[{f',{self.gap()}'.join(items)}]"
        if kind < 4:
            return f"({', '.join(items)},)"
        if kind == 4:
            return f"{{{', '.join(self.number(depth) for _ in items)}}}" if not self.quoted else None
        if self.quoted:
            return None
        pairs = []
        for _ in items:
            value = self.short(depth)
            pairs.append(f"{self.number(depth)}: {value}" if self.chance(0.8) else f"**{{{self.pick('1', '2')}: {value}}}")
        return f"{{{', '.join(pairs)}}}"

    def walrus(self, depth):
        return f"({self.name()} := {self.expr(depth + 1)})" if not self.plain else None

    def comprehension(self, depth):
        if self.flat:
            return None
        outer = self.plainly(self.expr, depth + 1)
        plain, lambdas = self.plain, self.lambdas
        item = "i"
        if self.scope.may_await() and not self.plain and not self.lambdas and self.chance(0.4):
            first = f"async for i in aiter_of({outer})"
        else:
            item = self.pick("i", "i", "a", "b")
            first = f"for {item} in q({outer})" if self.chance(0.8) else f"for j, {item} in enumerate(q({outer}))"
        self.plain += self.scope.kind == "class" or self.chance(0.5)
        self.lambdas += 1
        clauses = first
        if self.chance(0.4):
            clauses += f" if {self.expr(depth + 2)}"
        if self.chance(0.2):
            clauses += f" for j in q({self.plainly(self.expr, depth + 2)})"
        element = self.pick(item, self.expr(depth + 2), f"t({item}, {self.expr(depth + 2)})", "a")
        kind = self.rng.randrange(5)
        if kind < 2:
            made = f"[{element} {clauses}]"
        elif kind == 2 and not self.quoted:
            made = f"{{n({element}): {self.short(depth + 1)} {clauses}}}"
        elif kind == 3 and not self.quoted:
            made = f"{{n({element}) {clauses}}}"
        elif "async" in clauses:
            made = f"[{element} {clauses}]"
        else:
            made = f"{self.pick('list', 'tuple', 'any', 'len')}([*({element} {clauses})])"
        self.plain, self.lambdas = plain, lambdas
        return made

    def lambda_call(self, depth):
        if self.flat:
            return None
        default = self.expr(depth + 1)
        self.lambdas += 1
        body = self.plainly(self.expr, depth + 1)
        self.lambdas -= 1
        return f"(lambda {self.name()}=1, *k_, z={default}, **m_: {body})({self.arguments(depth)})"

    def format_string(self, depth):
        if self.quoted:
            return None
        self.quoted += 1
        self.plain += 1
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            kind = self.rng.randrange(6)
            if kind == 0:
                parts.append(f"{{{self.pick('', ' ')}({self.number(depth + 1)})=}}")
            elif kind == 1:
                parts.append(f"{{({self.number(depth + 1)})!r:>{{{self.rng.randint(1, 6)}}}}}")
            elif kind == 2:
                parts.append(f"{{k({self.name()})!{self.pick('r', 's', 'a')}}}")
            elif kind == 3:
                parts.append("{{x}}-")
            elif kind == 4:
                parts.append(f"{{(n({self.expr(depth + 1)})):{self.pick('>5', '04', 'x', '.2f', 'd')}}}")
            else:
                parts.append(self.pick("text", "é", "{n(a)}"))
        self.plain -= 1
        self.quoted -= 1
        return 'f"' + "".join(parts) + '"'

    def subscript(self, depth):
        kind = self.rng.randrange(4)
        if kind == 0:
            return f"[*q({self.expr(depth + 1)}), 5][{self.pick('0', '-1', '1:', '::2', '-1', ':-1')}]"
        if kind == 1:
            return f"W(3)[{self.expr(depth + 1)}{self.pick('', ':', ', 1', f':{self.name()}', f', *q({self.name()})')}]"
        if kind == 2:
            return f"[8, 9, *q({self.expr(depth + 1)})][{self.number(depth)}]" if self.wild or self.chance(0.3) else None
        return f"{self.name()}[{self.expr(depth + 1)}]" if self.wild else None

    def attribute(self, depth):
        return self.pick("o.x", "o.x", "W(2).twice", f"{self.name()}.{self.pick('x', 'real', 'm')}" if self.wild else "o.x")

    def unary(self, depth):
        return f"{self.pick('-', '+', '-')}{self.number(depth)}"

    def suspend(self, depth):
        if self.plain or self.lambdas or self.quoted:
            return None
        if self.scope.may_await() and self.chance(0.7):
            return f"(await aw({self.expr(depth + 1)}))"
        return f"(yield {self.expr(depth + 1)})" if self.scope.may_yield() else None

    def state(self, depth):
        if self.scope.in_function() and not self.lambdas and self.chance(0.3):
            return "[x for x, _ in bound(locals())]"
        return "__class__" if self.wild and self.chance(0.3) else "exc()"

    EXPRESSIONS = ([binary] * 6 + [comparison] * 3 + [logic] * 4 + [conditional] * 2 + [call] * 7 + [display] * 5 + [walrus] * 3 +
                   [comprehension] * 4 + [lambda_call] * 2 + [format_string] * 2 + [subscript] * 3 + [attribute] * 2 + [unary] +
                   [suspend] * 4 + [state])

    # Statements

    def block(self, depth):
        lines = []
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            lines += self.statement(depth)
        return indented(lines)

    def statement(self, depth):
        self.budget -= 1
        while True:
            choices = self.STATEMENTS if depth < 4 and self.budget > 0 else self.SIMPLE
            made = self.rng.choice(choices)(self, depth)
            if made is not None:
                return [made] if isinstance(made, str) else made

    def target(self, depth=0):
        x = self.rng.random()
        if x < 0.68 or depth > 2:
            return self.name()
        if x < 0.74:
            return "o.x"
        if x < 0.82:
            return f"m[{self.number(3)}]"
        if x < 0.86:
            return f"W({self.expr(3)})[{self.expr(3)}]"
        items = self.different([self.target(depth + 1) for _ in range(self.rng.choice((2, 2, 3)))])
        if self.chance(0.25):
            items = self.starred(len(items))
        return f"({', '.join(items)})" if self.chance(0.6) else f"[{', '.join(items)}]"

    def different(self, targets):
        """Targets of one assignment: CPython 3.11 mixes up the values of a name that is there twice."""
        names = [word for word in re.findall(r"\w+", " ".join(targets)) if word in NAMES]
        return targets if len(set(names)) == len(names) else self.rng.sample(NAMES, len(targets))

    def starred(self, count):
        names = self.rng.sample(NAMES, count)
        place = self.rng.randrange(count)
        names[place] = "*" + names[place]
        return names

    def value_for(self, target):
        """A value that most likely fits."""
        if target[0] in "([" and self.chance(0.9):
            parts = target[1:-1].split(",")
            return f"({', '.join(self.value_for(x.strip()[-1:] or 'a') for x in parts)},)"
        return self.short(1) if self.chance(0.5) else self.name()

    def assign(self, depth):
        return f"{self.name()} = {self.expr()}"

    def assign_tuple(self, depth):
        targets = self.different([self.target() for _ in range(self.rng.choice((2, 2, 3)))])
        if self.chance(0.15):
            targets = self.starred(len(targets))
        values = [self.value_for(x.lstrip("*")) for x in targets]
        return f"{', '.join(targets)} = {', '.join(values)}"

    def assign_star(self, depth):
        a, b, c = self.rng.sample(NAMES, 3)
        return f"{a}, *{b}{self.pick('', ', ' + c)} = q({self.expr(1)})"

    def assign_chain(self, depth):
        return f"{self.target()} = {self.target(3)} = {self.expr(1)}"

    def assign_into(self, depth):
        where = self.pick("o.x", f"m[{self.number(2)}]", f"W({self.expr(2)})[{self.expr(2)}]", "t(o).x",
                          f"t(m)[{self.number(2)}]", f"W(1)[{self.number(2)}:{self.expr(2)}]")
        return f"{where} = {self.short(1)}"

    def assign_augmented(self, depth):
        where = self.pick(self.name(), self.name(), "o.x", f"m[{self.number(2)}]", f"W({self.expr(2)})[{self.expr(2)}]", "t(o).x")
        operator = self.pick("+", "-", "*", "//", "|", "<<", "%")
        value = self.short(1) if self.wild else self.number(1)
        if where.isalpha() and not self.wild or operator in "*<<":
            return [f"{where} = n({where})", f"{where} {operator}= {value if operator != '<<' else '1'}"]
        return f"{where} {operator}= {value}"

    def annotated(self, depth):
        if self.scope.cases:
            return None           # CPython 3.11 doesn't see that those need __annotations__
        if self.chance(0.5) or self.scope.kind not in ("module", "class"):
            return f"x: {self.expr(2)} = {self.expr(1)}" if not (self.scope.may_yield() or self.scope.may_await()) else None
        return f"{self.pick('x', '(y)', 'o.x')}: {self.plainly(self.expr, 2)}"

    def call_statement(self, depth):
        return self.pick(f"t({self.arguments(1)})", self.expr(), f"t({self.name()})")

    def delete(self, depth):
        name = self.name()
        kind = self.rng.randrange(5)
        if kind == 0:
            return [f"del {name}", f"{name} = {self.expr(2)}"]
        if kind == 1:
            return f"del {self.pick('o.x', f'm[{self.number(2)}]', f'W(1)[{self.expr(2)}]')}"
        if kind == 2:
            return f"del {self.pick(name, f'({name}, {self.name()})')}" if self.chance(0.3) else None
        return f"del {self.name()}, W(1)[{self.expr(3)}]" if kind == 3 and self.chance(0.3) else None

    def leave_loop(self, depth):
        if not self.scope.loops or self.scope.no_jumps:
            return None
        word = self.pick("break", "continue")
        return [f"if {self.expr(2)}:", f"    {word}"] if self.chance(0.8) else word

    def leave_function(self, depth):
        if not self.scope.in_function() or self.scope.no_return:
            return None
        value = f" {self.expr(1)}" if self.scope.kind != "agen" else ""
        if value and self.chance(0.1):
            value = f" *q({self.expr(2)}), {self.name()}"
        return [f"if {self.expr(2)}:", f"    return{value}"] if self.chance(0.85) else f"return{value}"

    def raise_error(self, depth):
        what = self.pick("ValueError", "KeyError", "TypeError", "IndexError")
        what += self.pick("", f"({self.expr(2)})", f"({self.number(2)})")
        what = self.pick(f"raise {what}", f"raise {what}", f"raise {what} from {self.pick('None', 'OSError(1)', what)}", "raise",
                         f"raise ExceptionGroup('g', [ValueError(1), {self.pick('KeyError(2)', 'TypeError(3)')}])",
                         f"raise {self.expr(2)}" if self.wild else f"raise {what}")
        return [f"if {self.expr(2)}:", f"    {what}"] if self.chance(0.8) else what

    def check(self, depth):
        return f"assert {self.expr(1)} or {self.number(1)} != 3{self.pick('', ', ' + self.expr(2))}"

    def bring(self, depth):
        return self.pick("import os.path", "import os.path as c", "from math import floor as d, pi", "from os import path as a",
                         "import sys as e", "from math import nothing_there", "import nothing_there.x")

    def closures(self, depth):
        """Functions that are kept, and called when names have changed."""
        item, name, other = self.pick("i", "j"), self.name(), self.name()
        value = self.plainly(self.expr, 3)
        made = f"g_ = [lambda y={item}: ({item}, {name}, y) for {item} in q({value})]"
        return [made, f"{name} = {self.expr(3)}", f"{other} = [f() for f in g_]"] if self.chance(0.5) else \
            [made.replace(f"({item}, ", f"({other}, "), f"for z in g_: {name} = k(z())"]

    def assign_slice(self, depth):
        name, bounds = self.name(), self.pick("1:", ":1", "::2", "-1:", "n(a):n(b)", "5:1")
        part, value = f"{name}[{bounds}]", f"q({self.expr(2)})"
        return [f"{name} = [4, 5, *q({name})]",
                self.pick(f"{part} = {value}", f"del {part}", f"{part} += {value}", f"{name} = {part}")]

    def text(self, depth):
        name = self.name()
        return self.pick(f"{name} = '%s-%r' % (n({name}), {self.number(2)})", f"{name} = 'x' 'y'",
                         f"{name} = '{{}}{{x!r}}'.format(n({name}), x={self.number(2)})")

    def evaluate(self, depth):
        code = self.pick("n(a) + 1", "[b for i in (1, 2)]", "bound(locals())" if self.scope.in_function() else "a", "x",
                         "(c, exc())")
        return self.pick(f"{self.name()} = k(eval({code!r}))", f"exec('e = 5; t(a)')", f"t(eval({code!r}, None, {{'a': 1}}))")

    def nothing(self, depth):
        return self.pick("pass", "...", "'text'")

    def conditions(self, depth):
        lines = [f"if {self.expr(1)}:"] + self.block(depth + 1)
        while self.chance(0.35):
            lines += [f"elif {self.expr(1)}:"] + self.block(depth + 1)
        if self.chance(0.5):
            lines += ["else:"] + self.block(depth + 1)
        return lines

    def loop_body(self, depth):
        self.scope.loops += 1
        no_jumps, self.scope.no_jumps = self.scope.no_jumps, False
        lines = self.block(depth + 1)
        self.scope.loops -= 1
        self.scope.no_jumps = no_jumps
        if self.chance(0.3):
            lines += ["else:"] + self.block(depth + 1)
        return lines

    def loop_for(self, depth):
        kind = self.rng.randrange(8)
        source = f"q({self.expr(1)})"
        if kind == 0:
            head = f"for {self.name()}, {self.pick('z', self.name())} in enumerate({source}):"
        elif kind == 1:
            target = self.pick("o.x", f"m[{self.number(3)}]", ", *".join(self.rng.sample(NAMES, 2)))
            head = f"for {target} in {self.pick(source, f'[{source}]')}:"
        elif kind == 2:
            head = f"for {self.name()} in range({self.pick('3', '1, 3', '2, 0, -1', 'n(a) & 3')}):"
        elif kind == 3:
            head = f"for {self.name()} in {self.name()}, {self.expr(2)}, *{source}:"
        elif kind == 4 and self.scope.may_await():
            head = f"async for {self.target(2)} in aiter_of({self.expr(2)}):"
        elif kind == 5:
            head = f"for {self.target(1)} in {source}:"
        else:
            head = f"for {self.name()} in {source}:"
        return [head] + self.loop_body(depth)

    def loop_while(self, depth):
        counter = self.fresh("w")
        if self.scope.kind != "class" and self.chance(0.2):
            condition, step = f"({counter} := {counter} + 1) < 4", []
        else:
            condition = self.pick(f"{counter} < 3 and {self.expr(2)}", f"{counter} < 3",
                                  f"not {counter} >= 2 or {counter} < 3 and {self.expr(2)}")
            step = [f"    {counter} += 1"]
        return [f"{counter} = 0", f"while {condition}:"] + step + self.loop_body(depth)

    def handlers(self, depth, star):
        lines = []
        scope = self.scope
        jumps = scope.no_jumps, scope.no_return
        if star:
            scope.no_jumps = scope.no_return = True
        for kind in self.rng.sample(EXCEPTIONS, self.rng.choice((1, 1, 2))):
            name = self.pick("", " as x", " as y", f" as {self.name()}")
            lines += [f"except{'*' if star else ''} {kind}{name}:"] + self.block(depth + 1)
        scope.no_jumps, scope.no_return = jumps
        if not star and self.chance(0.4):
            kind = self.pick("ValueError", "TypeError")
            lines.append(self.pick("except Exception:", "except Exception as e:", f"except t({kind}):"))
            lines += self.block(depth + 1)
            if self.chance(0.2):
                lines += ["except:"] + self.block(depth + 1)
        return lines

    def attempt(self, depth):
        lines = ["try:"] + self.block(depth + 1)
        handled = self.chance(0.8)
        if handled:
            lines += self.handlers(depth, self.chance(0.15))
            if self.chance(0.3):
                lines += ["else:"] + self.block(depth + 1)
        if not handled or self.chance(0.4):
            lines += ["finally:"] + self.block(depth + 1)
        return lines

    def context(self, depth):
        items = []
        for _ in range(self.pick(1, 1, 1, 2)):
            value = self.pick(f"cm({self.expr(2)})", f"cm({self.pick('1', '0', '13', '14')})", f"W({self.pick('1', '2')})")
            items.append(value + self.pick("", f" as {self.name()}", f" as {self.target(1)}" if self.wild else ""))
        inner = ", ".join(items)
        if self.scope.may_await() and "W(" not in inner and self.chance(0.5):
            return [f"async with {inner}:"] + self.block(depth + 1)
        return [f"with {inner if self.chance(0.7) else f'({inner})'}:"] + self.block(depth + 1)

    def pattern(self, free, depth=0):
        """free: names that the pattern may still bind."""
        def capture():
            return free.pop() if free and self.chance(0.7) else "_"

        x = self.rng.randrange(14 if depth < 2 else 7)
        if x == 0:
            return self.pick("1", "-1", "'x'", "None", "True", "1.5", "0", "b'ab'")
        if x == 1:
            return capture()
        if x == 2:
            return self.pick("int()", "str()", "float() | complex()", "list()", "tuple()", "bool()", "") or f"int({capture()})"
        if x == 3:
            return self.pick("o.x", "W.__name__")
        if x == 4:
            return f"(1 | 2 | 'x') as {free.pop()}" if free else "(2 | None)"
        if x == 5:
            return self.pick("W(v=1)", f"W({capture()}, 2)", f"O(x={capture()})", "W(1)",
                             f"O({capture()}, 1)" if self.wild else "O()")
        if x < 9:
            items = [self.pattern(free, depth + 1) for _ in range(self.rng.randint(0, 2))]
            if self.chance(0.4):
                items.insert(self.rng.randint(0, len(items)), f"*{capture()}")
            return f"[{', '.join(items)}]"
        if x < 11:
            items = [f"{self.pick('1', repr('k'), '2')}: {self.pattern(free, depth + 1)}"]
            if self.chance(0.3) and free:
                items.append(f"**{free.pop()}")
            return f"{{{', '.join(items)}}}"
        if x == 11:
            return f"{self.pick('[1, 2]', '[_, 1, *_]', '{1: _}', '3')} | {self.pattern([], depth + 1)}"
        return self.pattern(free, depth + 1)

    def cases(self, depth):
        subject = self.pick(self.expr(1), self.expr(1), f"{self.name()}, {self.expr(2)}", f"W({self.expr(2)})",
                            f"q({self.expr(2)})")
        lines = [f"match {subject}:"]
        self.scope.cases += 1
        for _ in range(self.rng.randint(1, 4)):
            pattern = self.pattern(self.rng.sample(["x", "y", *NAMES], 5))
            if len(pattern) == 1 and not pattern.isdigit() or pattern.endswith("| _"):
                pattern = "int(x)"
            lines += [f"    case {pattern}{self.pick('', '', f' if {self.expr(2)}')}:"] + indented(self.block(depth + 1))
        if self.chance(0.4):
            lines += ["    case _:"] + indented(self.block(depth + 1))
        self.scope.cases -= 1
        return lines

    def declarations(self, scope):
        """nonlocal and global, and some first values: for the body of a function."""
        rng = self.rng
        names = list(NAMES)
        rng.shuffle(names)
        lines = []
        if scope.bound:
            outer = rng.sample(sorted(scope.bound), rng.randint(0, min(2, len(scope.bound))))
            names = [name for name in names if name not in outer]
            if outer:
                lines.append(f"nonlocal {', '.join(outer)}")
        shared = [names.pop() for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        if shared:
            lines.append(f"global {', '.join(shared)}")
        free = rng.choice((0, 0, 1, 2))
        scope.bound = scope.bound - set(shared) | set(names[free:])
        for name in names[free:]:
            lines.append(f"{name} = {self.pick('p', 'p', 'z', str(rng.randint(0, 9)), '[p]')}")
        return lines

    def parameters(self):
        made = "p=1"
        if self.chance(0.2):
            made += ", /"
        if self.chance(0.3):
            made += f", {self.pick('*args', '*')}"
        elif self.chance(0.3):
            made += f", y={self.expr(2)}"
        made += f", z={self.expr(2)}"
        if self.chance(0.2):
            made += ", **named"
        return made

    def function(self, depth, kind="function"):
        if self.flat and self.chance(0.7) or self.scope.depth > 2:
            return None
        name = self.fresh("f")
        lines = [f"@deco({self.expr(2)})"] if self.chance(0.15) else []
        note = f" -> {self.plainly(self.expr, 3)}" if self.chance(0.1) else ""
        lines.append(f"{'async ' if kind in ('async', 'agen') else ''}def {name}({self.parameters()}){note}:")
        outer, self.scope = self.scope, Scope(kind, self.scope)
        state = self.plain, self.lambdas
        self.plain = self.lambdas = 0
        body = self.declarations(self.scope)
        for _ in range(self.rng.randint(1, 3)):
            body += self.statement(depth + 1)
        if self.scope.may_yield():
            body.insert(self.rng.randint(len(body) - 1, len(body)), f"yield {self.name()}") if not body[-1].startswith(" ") else \
                body.append(f"yield {self.name()}")
            if kind == "generator" and self.chance(0.3):
                body.append(f"{self.name()} = yield from {self.pick('q(a)', 'W(2)', '(i for i in q(b))')}")
        if kind != "agen" and self.chance(0.7):
            body.append(f"return {self.expr(1)}")
        self.scope = outer
        self.plain, self.lambdas = state
        lines += indented(body)
        return lines + self.used(name, kind, depth)

    def used(self, name, kind, depth):
        call = f"{name}({self.arguments(2) if self.wild else self.pick('', self.name(), self.expr(2), 'z=2')})"
        target = self.name()
        if kind == "function":
            self.scope.functions.append(name)
            return [f"{target} = k({call})"] if self.chance(0.8) else []
        if kind == "generator":
            words = [self.pick("1", "None", "'throw'", "'close'", "'x'", "'stop'") for _ in range(self.rng.randint(0, 3))]
            script = ", ".join(words)
            x = self.rng.randrange(3)
            if x == 0:
                return [f"{target} = q(list({call}))"]
            if x == 1:
                return [f"{target} = q(steer({call}, [{script}]))"]
            item = self.name()
            return [f"with closed({call}) as it:", f"    for {item} in it:"] + indented(self.loop_body(depth))
        if kind == "async":
            if self.scope.may_await():
                return [f"{target} = k(await {call})"]
            return [f"{target} = k(drive({call}{self.pick('', '', ', (1,)', ', (0, 2)')}))"]
        if self.scope.may_await():
            item = self.name()
            return [f"async with aclosed({call}) as it:", f"    async for {item} in it:"] + indented(self.loop_body(depth))
        walk = self.fresh("f")
        return [f"g_ = {call}", f"async def {walk}():", "    async with aclosed(g_) as it:",
                "        return [i async for i in it]", f"{target} = q(drive({walk}()))"]

    def generator(self, depth):
        return self.function(depth, "generator")

    def coroutine(self, depth):
        return self.function(depth, "async")

    def async_generator(self, depth):
        return self.function(depth, "agen")

    def class_block(self, depth):
        if self.flat and self.chance(0.7) or self.scope.depth > 2:
            return None
        name = self.fresh("C")
        lines = [f"@deco({self.expr(2)})"] if self.chance(0.15) else []
        lines.append(f"class {name}{self.pick('', '(O)', '(W)', '(O, metaclass=t(type))', '(*q(()), O)')}:")
        outer, self.scope = self.scope, Scope("class", self.scope)
        state = self.plain, self.lambdas
        self.plain = self.lambdas = 0
        body = []
        if outer.inside_function() and self.chance(0.2):
            body.append(f"nonlocal {self.rng.choice(sorted(outer.bound) or ['a'])}")
        elif self.chance(0.1):
            body.append(f"global {self.name()}")
        body.append(f"v_ = {self.expr(2)}")
        for _ in range(self.rng.randint(0, 2)):
            body += self.statement(depth + 1)
        result = self.pick(self.name(), "__class__.__name__", "self.v_", "super().__repr__ and 1", "self.__secret", "z")
        body += [f"def m(self, *rest, z={self.expr(2)}):", f"    return z, {result}"]
        if self.chance(0.3):
            body += ["__secret = 1", f"w_ = [{self.name()} for i in q({self.plainly(self.expr, 2)})]"]
        if self.chance(0.2):
            body += ["@property", "def x(self):", f"    return {self.expr(2)}"]
            body += ["@x.setter", "def x(self, value):", "    t(value)"]
        self.scope = outer
        self.plain, self.lambdas = state
        return lines + indented(body) + [f"{self.name()} = k({name}().m({self.pick('', '1', 'z=' + self.expr(2))}))"]

    SIMPLE = ([assign] * 6 + [assign_tuple] * 5 + [assign_star] * 2 + [assign_chain] * 2 + [assign_into] * 2 +
              [assign_augmented] * 4 + [annotated] + [call_statement] * 4 + [delete] * 3 + [leave_loop] * 3 +
              [leave_function] * 2 + [raise_error] * 2 +
              [check, bring, nothing, closures, assign_slice, assign_slice, text, evaluate])
    STATEMENTS = (SIMPLE + [conditions] * 6 + [loop_for] * 5 + [loop_while] * 3 + [attempt] * 7 + [context] * 4 + [cases] * 4 +
                  [function] * 3 + [generator] * 3 + [coroutine] * 2 + [async_generator] + [class_block] * 3)

    def program(self):
        rng = self.rng
        first = "a, b, c, d, e = 1, [2, 3], 'xy', (4, 5), 0"
        rest = "o, m, z = O(), {}, 7"
        count = rng.choice((2, 4, 6))
        if rng.random() < 0.25:
            lines = [first, rest]
            for _ in range(count):
                lines += self.statement(0)
            return "\n".join(lines) + "\n"
        kind = rng.choice(("function",) * 5 + ("generator", "async"))
        self.scope = Scope(kind, self.scope)
        self.scope.bound = set(NAMES)
        body = [first, rest]
        for _ in range(count):
            body += self.statement(0)
        if kind == "generator":
            body.append("yield 1")
        body.append("return a, b, c, d, e, o.x, m" if rng.random() < 0.9 else "t(bound(locals()))")
        call = {"function": "main()", "generator": "steer(main(), [1, 'throw', 2])", "async": "drive(main())"}[kind]
        outside = ["a = b = c = 5", "o, m, z = O(), {}, 8"]
        head = "async def main():" if kind == "async" else "def main():"
        return "\n".join(outside + [head] + indented(body) + [f"t({call})"]) + "\n"


def make_program(seed, index, spread=True):
    """spread: expressions may be spread over several lines."""
    maker = Maker(random.Random(f"{seed} {index}"))
    maker.spread = maker.spread and spread
    return maker.program()
