"""A .bkf of 5 GiB with 50,000 files, sparse on the disk: listed and extracted, beside bsdtar on
a tar of the same tree.  bench_bkf.py [FILES [BYTES]]; SMSC_COMMAND is the command."""
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "corpus", "make"), os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
import bkf
import filetime
from holes import Holes
from tree import File

WRITTEN = filetime.utc("2004-12-28 22:00:04")
UNIX = 1104271204


def names(count):
    return ["C/folder-%03d/file-%05d.bin" % (i // 100, i) for i in range(count)]


def make_bkf(path, files):
    class Tape(bkf.Tape):
        def new_body(self):
            return Holes(path)

    bkf._words = lambda data: bytes(4)  # all data here is zeros
    media = bkf.write(Tape(bkf.Set(files, WRITTEN), {}, bkf.Writer(), "big.bkf", "SRV"),
                      [bkf.Set(files, WRITTEN)])
    media[0].close()


def make_tar(path, files):
    out = Holes(path)
    for name, entry in files.items():
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(entry.data), UNIX
        out += info.tobuf(tarfile.USTAR_FORMAT)
        out += entry.data + bytes(-len(entry.data) % 512)
    out += bytes(1024)
    out.close()


def peak_kib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        return sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def run(what, *words):
    """Seconds, peak MiB.  What wait4() tells of memory begins with that of this process, so the
    peak is what /proc last said of the other."""
    start = time.monotonic()
    pid = os.posix_spawnp(words[0], words, os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    peak, done = 0, 0
    while not done:
        peak = max(peak, peak_kib(pid))
        time.sleep(0.002)
        done, status, usage = os.wait4(pid, os.WNOHANG)
    took = time.monotonic() - start
    print("%-28s %7.2f s   user %6.2f  system %6.2f   %5.1f MiB%s" % (
        what, took, usage.ru_utime, usage.ru_stime, peak / 1024,
        "   FAILED" if status else ""))


def forget(path):
    """Nothing of the file stays in memory."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 107_374
    folder = tempfile.mkdtemp(prefix="smsc-bench-")
    command = os.environ["SMSC_COMMAND"]
    try:
        backup, archive = os.path.join(folder, "big.bkf"), os.path.join(folder, "big.tar")
        data = bytes(size)
        files = {name: File(data, WRITTEN) for name in names(count)}
        make_bkf(backup, files)
        make_tar(archive, files)
        print("%d files, %.2f GiB" % (count, os.stat(backup).st_size / 2 ** 30))
        for heat in ("cold", "warm"):
            for what, path, words in (("smscrypto ls", backup, (command, "ls", "-q")),
                                      ("bsdtar -t", archive, ("bsdtar", "-tvf"))):
                if heat == "cold":
                    forget(path)
                run("%s, %s" % (what, heat), *words, path)
        for what, words in (("smscrypto extract", (command, "extract", "-q", backup, "-C")),
                            ("bsdtar -x -S", ("bsdtar", "-x", "-S", "-f", archive, "-C")),
                            ("bsdtar -x", ("bsdtar", "-x", "-f", archive, "-C"))):
            target = os.path.join(folder, "out")
            os.makedirs(target)
            run(what, *words, target)
            shutil.rmtree(target)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
