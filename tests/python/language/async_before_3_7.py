# ast.parse for versions in which async and await were names outside of `async def`.
import ast

SOURCE = """async def f():
    # type: () -> int
    return await g()

async def g():  # type: () -> int
    return await f()
"""
for version in range(5, 12):
    tree = ast.parse(SOURCE, type_comments=True, feature_version=(3, version))
    print(version, [function.type_comment for function in tree.body], type(tree.body[0].body[0].value).__name__)
print(ast.dump(ast.parse("await = async = 1", feature_version=(3, 6))))
nothing = frozenset()
constant = ast.Expression(ast.Constant(nothing))
print(eval(compile(ast.fix_missing_locations(constant), "", "eval")) is nothing)
