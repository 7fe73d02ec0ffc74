# The compiler takes "from .__future__ import x" for a future statement, as CPython does.
for source in ("from .__future__ import whatever", "from ..__future__ import division", "from .__future__ import annotations\nx: 1",
               "x = 1\nfrom .__future__ import division", "from .__future__ import (division, nonsense)"):
    try:
        code = compile(source, 's', 'exec')
        print(code.co_flags & 0x1ff0000)
    except SyntaxError as e:
        print(e, e.lineno, e.offset)
