# -X importtime and PYTHONPROFILEIMPORTTIME: the form of the table, and what it is about.
import re
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as top:
    for name, text in [('a_outer', 'import time\ntime.sleep(0.01)\nimport b_inner'), ('b_inner', 'import time\ntime.sleep(0.02)'),
                       ('d_fails', 'import b_inner, e_missing')]:
        with open(f'{top}/{name}.py', 'w') as f:
            f.write(text)
    code = f'''
import sys
sys.path.insert(0, {top!r})
import a_outer
import a_outer
try:
    import d_fails
except ImportError:
    pass
'''
    for options, env in [(['-X', 'importtime'], {}), ([], {'PYTHONPROFILEIMPORTTIME': '1'})]:
        result = subprocess.run([sys.executable, *options, '-c', code], stderr=subprocess.PIPE, text=True, env=env)
        lines = result.stderr.splitlines()
        print(lines[0])
        rows = [re.fullmatch(r'import time: *(\d+) \| *(\d+) \| ( *)(\S+)', line).groups() for line in lines[1:]]
        shown = [row for row in rows if row[3][1] == '_' and row[3][0] in 'abcde']
        for own, total, indent, name in shown:
            print(len(indent), name)
        times = {name: (int(own), int(total)) for own, total, indent, name in shown}
        print(times['b_inner'][0] >= 20000, times['b_inner'][1] >= 20000, 10000 <= times['a_outer'][0] < times['a_outer'][1] - 19000)
        # a width of nine and one of ten
        print(all(len(line.split('|')[0]) == 23 and len(line.split('|')[1]) == 12 for line in lines[1:]))
