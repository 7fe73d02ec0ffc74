# The child of a fork doesn't walk through the nursery that its parent's had grown to: each page of it would be a fault and a copy.
# baton-only
# no-stress
# no-tsan
# no-dev
import os
import resource

kept = [[i, str(i)] for i in range(100_000)]  # much survives: the nursery grows


def faults_of_garbage():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(120_000):
        bytes(160)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


reader, writer = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(writer, str(faults_of_garbage()).encode())
    os._exit(0)
os.waitpid(pid, 0)
faults = int(os.read(reader, 20))
assert faults < 1200, faults  # 20 MB of garbage, in a nursery of 2
print("small")  # expect: small
