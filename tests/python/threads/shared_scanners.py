# Threads that share re.finditer() or a pattern's scanner get each match once, and all of them.
import re
import sys
import threading

sys.setswitchinterval(1e-5)


def take(step, out):
    while (match := step()) is not None:
        out.append(match.start())


text = "".join(f"word{i} " for i in range(3000))
for name, make in (("finditer", lambda: (lambda it: lambda: next(it, None))(re.finditer(r"\w+", text))),
                   ("scanner.search", lambda: re.compile(r"\w+").scanner(text).search),
                   ("scanner.match", lambda: re.compile(r"\w+ ").scanner(text).match),
                   ("empty matches", lambda: re.compile(r"o*").scanner(text).search)):
    alone = []
    take(make(), alone)
    step = make()
    outs = [[] for _ in range(3)]
    threads = [threading.Thread(target=take, args=(step, out)) for out in outs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    together = sorted(sum(outs, []))
    print(name, len(alone), together == sorted(alone))
