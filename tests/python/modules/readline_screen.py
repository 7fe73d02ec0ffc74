# What the screen shows while a line is read: what hooks insert stands behind one prompt, and so does what a completer inserts
# itself, as the interactive interpreter's does for Tab at the beginning of a line. Keys for editing are GNU readline's.
import os
import pty
import re
import select
import sys

PROGRAM = r'''
import readline, rlcompleter
readline.parse_and_bind("tab: complete")
readline.set_completer(rlcompleter.Completer({}).complete)
print(repr(input("one> ")))
readline.set_startup_hook(lambda: readline.insert_text("text"))
print(repr(input("two> ")))
readline.set_startup_hook(None)
readline.set_pre_input_hook(lambda: (readline.insert_text("more"), readline.redisplay()))
print(repr(input("three> ")))
readline.set_startup_hook(lambda: 1 / 0)
print(repr(input("four> ")))
readline.set_startup_hook(None)
readline.set_pre_input_hook(None)
def completer(text, number):
    if number == 0:
        readline.insert_text("[by completer]")
        readline.redisplay()
    return None
readline.set_completer(completer)
print(repr(input("five> ")))
print(repr(input("six> ")))
print(repr(input("seven> ")))
print("the end")
'''


def screen(data):
    """The rows that a terminal shows after data, without control of anything but the cursor."""
    rows, row, column = [[]], 0, 0
    for piece in re.findall(r"\x1b\[[0-9;?]*[a-zA-Z]|.", data, re.S):
        if piece == "\r":
            column = 0
        elif piece == "\n":
            row += 1
            if row == len(rows):
                rows.append([])
        elif piece == "\b":
            column -= 1
        elif piece == "\a":
            pass
        elif piece[0] == "\x1b":
            number = int(re.search(r"\d+|$", piece).group() or 1)
            if piece[-1] == "G":
                column = number - 1
            elif piece[-1] == "C":
                column += number
            elif piece[-1] == "K":
                del rows[row][column:]
            elif piece[-1] == "A":
                row -= number
        else:
            line = rows[row]
            line += " " * (column + 1 - len(line))
            line[column] = piece
            column += 1
    return ["".join(line).rstrip() for line in rows]


pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(sys.executable, [sys.executable, "-c", PROGRAM])
data = b""


def read_until(text):
    global data
    while text not in data:
        if not select.select([terminal], [], [], 30)[0]:
            raise SystemExit(f"no {text!r} in {data!r}")
        data += os.read(terminal, 4096)


for prompt, keys in [
    (b"one> ", b"\tx\t\ty\n"), (b"two> ", b"A\n"), (b"three> ", b"B\n"), (b"four> ", b"C\n"), (b"five> ", b"w\tz\n"),
    (b"six> ", b"foo bar baz\x1bb\x15Y\n"),        # back a word, and away with what is in front of it
    (b"seven> ", b"\x1b[5~Z\n"),                    # page up: the line before
]:
    read_until(prompt)
    os.write(terminal, keys)
read_until(b"the end\r\n")
os.waitpid(pid, 0)
for line in screen(data.decode()):
    print(line)
