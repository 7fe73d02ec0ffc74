# readline: the history list and its files (plain text, shared with CPython), settings, and the wording of errors.
import os
import readline


def t(f, *args):
    try:
        print(f.__name__, args, f(*args))
    except Exception as e:
        print(f.__name__, args, type(e).__name__, e)


def show():
    print([readline.get_history_item(i) for i in range(1, readline.get_current_history_length() + 1)])


readline.clear_history()
for line in ('one', 'two  words', 'drei \u00e9\u00df', 'back\\040slash', 'five'):
    readline.add_history(line)
show()
t(readline.get_history_item, 6)
t(readline.remove_history_item, 1)
t(readline.replace_history_item, 0, 'first')
show()
for args in ((9,), (-1,)):
    t(readline.remove_history_item, *args)
    t(readline.replace_history_item, *args, 'x')
readline.write_history_file('h.txt')
with open('h.txt', 'rb') as f:
    print(f.read())
readline.clear_history()
show()
readline.read_history_file('h.txt')
show()
readline.add_history('six')
readline.add_history('seven')
readline.append_history_file(1, 'h.txt')
with open('h.txt', 'rb') as f:
    print(f.read())
readline.set_history_length(2)
print(readline.get_history_length())
readline.append_history_file(1, 'h.txt')
with open('h.txt', 'rb') as f:
    print(f.read())
readline.set_history_length(3)
readline.write_history_file('h2.txt')
with open('h2.txt', 'rb') as f:
    print(f.read())
t(readline.read_history_file, 'none.txt')
t(readline.append_history_file, 1, 'none.txt')
t(readline.append_history_file, -1, 'h.txt')
t(readline.set_completer, 3)
t(readline.set_startup_hook, 3)
t(readline.set_pre_input_hook, 3)
t(readline.set_completion_display_matches_hook, 3)
t(readline.get_completer)
readline.set_completer(len)
print(readline.get_completer())
readline.set_completer()
print(readline.get_completer(), readline.get_begidx(), readline.get_endidx())
readline.set_completer_delims(' x')
print(readline.get_completer_delims(), repr(readline.get_line_buffer()))
t(readline.add_history, 'a\0b')
