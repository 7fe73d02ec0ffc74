# _opcode.stack_effect of every opcode number with every kind of argument.
import _opcode
import dis

for code in range(260):
    for oparg in (None, 0, 1, 2, 3, 4, 8, 15, 256, 257, -1):
        row = []
        for jump in (None, True, False):
            try:
                row.append(_opcode.stack_effect(code, oparg, jump=jump))
            except ValueError as error:
                row.append(str(error))
        print(code, oparg, row)
for arguments in (("a",), (100, "x"), ()):
    try:
        _opcode.stack_effect(*arguments)
    except TypeError as error:
        print(error)
try:
    _opcode.stack_effect(1, jump=3)
except ValueError as error:
    print(error)
print(_opcode.get_specialization_stats(), dis.stack_effect(dis.opmap["POP_TOP"]))
