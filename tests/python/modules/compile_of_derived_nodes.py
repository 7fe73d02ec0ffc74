# compile() of trees whose nodes are of classes derived from ast's, of fresh operator objects, or not nodes at all.
import ast
import re


class Quick(ast.BinOp):
    pass


class Plus(ast.Add):
    pass


class Both(ast.Name, ast.Constant):
    pass


class Context(ast.Load):
    pass


def run(node):
    try:
        tree = ast.Expression(node)
        ast.fix_missing_locations(tree)
        return eval(compile(tree, "tree", "eval"), {"x": 20, "y": 3})
    except Exception as error:
        return type(error).__name__, re.sub(" at 0x[0-9a-f]+", "", str(error))


x, y, two = ast.Name("x", ast.Load()), ast.Name("y", Context()), ast.Constant(2)
print(run(Quick(x, ast.Add(), y)))
print(run(ast.BinOp(x, Plus(), y)))
print(run(Quick(x, Plus(), two)))
print(run(Both(id="y", ctx=ast.Load(), value=7, kind=None)))
print(run(ast.UnaryOp(ast.USub(), x)), run(ast.BoolOp(ast.And(), [x, y, two])))
print(run(ast.Compare(x, [ast.Gt(), ast.LtE()], [y, two])), run(ast.Compare(x, [Plus()], [y])))
print(run(ast.BinOp(x, ast.And(), y)), run(ast.BinOp(x, 5, y)), run(ast.BinOp(x, None, y)))
print(run(ast.BinOp(x, ast.Add(), ast.Pass())), run(5), run(None), run(ast.BinOp(x, ast.Add(), ast.Add())))
print(run(ast.Name("x", ast.Store())), run(ast.Name("x", x)), run(ast.Name(5, ast.Load())))
print(run(ast.Name("x")), run(ast.BinOp(x, ast.Add())), run(ast.Call(x, [], None)))


class Meta(type):
    def __instancecheck__(self, other):
        return True


class AnyNode(ast.expr, metaclass=Meta):
    pass


print(run(AnyNode())[0])

for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
    tree = ast.parse("x + y", mode="eval")
    delattr(tree.body, name)
    try:
        print(name, eval(compile(tree, "tree", "eval"), {"x": 1, "y": 2}))
    except Exception as error:
        print(name, type(error).__name__, error)

deep = x
for _ in range(100000):
    deep = ast.UnaryOp(ast.USub(), deep, lineno=1, col_offset=0)
try:
    compile(ast.Expression(deep), "deep", "eval")
except RecursionError as error:
    print("RecursionError")
while isinstance(deep, ast.UnaryOp):
    deep = deep.operand

for name in ("ast", "bisect", "heapq", "textwrap", "dataclasses", "asyncio.tasks"):
    source = open(__import__(name, fromlist=["x"]).__file__).read()
    code = compile(ast.parse(source), name, "exec")
    direct = compile(source, name, "exec")
    assert code.co_code == direct.co_code and len(code.co_consts) == len(direct.co_consts), name
