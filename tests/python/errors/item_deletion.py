# Which words the errors of item deletion and assignment use, by type and kind of key.
class C: pass
class G:
    def __getitem__(self, k): return 1

for o in ['abc', 5, None, C(), G(), (1,), b'a', {1}, frozenset(), range(3), 1.5, {}.keys(), {}.values(), {}.items(), len, int, list[int], memoryview(b'abc'), iter([])]:
    for k in ('0', 'slice(1)', "'x'"):
        try: exec(f'del o[{k}]')
        except Exception as e: print(type(o).__name__, k, e)
        try: exec(f'o[{k}]=1')
        except Exception as e: print(type(o).__name__, k, e)
