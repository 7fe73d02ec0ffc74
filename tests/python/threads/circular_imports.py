# Two threads import modules that need each other: A -> C -> B and B -> D -> A. Each holds its own module's lock when it comes to the
# other's; neither waits for ever, and one of them gets the other's module half made.
import sys
import threading
import types

meeting = types.ModuleType('meeting')
meeting.inside = threading.Barrier(2)
sys.modules['meeting'] = meeting

SOURCES = {
    'circle_a': "import meeting; x = 'a'; meeting.inside.wait(); import circle_c",
    'circle_b': "import meeting; x = 'b'; meeting.inside.wait(); import circle_d",
    'circle_c': 'import circle_b; seen = circle_b.x',
    'circle_d': 'import circle_a; seen = circle_a.x',
}
for name, source in SOURCES.items():
    with open(name + '.py', 'w') as f:
        f.write(source + '\n')
sys.path.insert(0, '.')
sys.dont_write_bytecode = True

results = []


def load(name):
    module = __import__(name)
    results.append(module.x)


threads = [threading.Thread(target=load, args=[name]) for name in ('circle_a', 'circle_b')]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results), sys.modules['circle_c'].seen, sys.modules['circle_d'].seen)
