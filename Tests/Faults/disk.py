"""The disk fails, fills up, lies, or loses its power: promises 3 to 6."""
import os
import pathlib
import re
import signal
import subprocess
import time

import guest
from clinic import Account, Clinic, email
from crash import Desk, see_through
from scene import Failure, Sink, expect, fault, until


class Trouble:
    """strace on a running daemon: system calls fail or lie until it is let go."""

    def __init__(self, clinic, calls, what):
        self.log = clinic.folder / "strace"
        self.process = clinic.scene.start(
            ["strace", "-f", "-qq", "-o", self.log, "-p", clinic.pid, "-e", f"trace={calls}", "-e", f"inject={calls}:{what}"],
            stderr=subprocess.DEVNULL)
        threads = pathlib.Path(f"/proc/{clinic.pid}/task")

        def holds(thread):
            try:
                return f"TracerPid:\t{self.process.pid}" in (thread / "status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                # It ended since it was listed.
                return True

        # The first lie may be the daemon's end before all its threads were seen.
        until("strace holds every thread",
              lambda: clinic.process.poll() is not None or all(holds(thread) for thread in threads.iterdir()))

    @property
    def hits(self):
        return self.log.read_text(errors="replace").count("(INJECTED)") if self.log.exists() else 0

    def end(self):
        """Lets the daemon go on as before."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)


def paced(scene, count, **where):
    """A clinic with `count` reminders that leave ten a second, begun."""
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port).replace("per_minute = 0", "per_minute = 600"), **where).start()
    clinic.do("hold", "all", "--reason", "filling")
    desk = Desk(clinic, "p")
    desk.work(count)
    clinic.do("release", "all", "--yes")
    until("some are sent", lambda: sink.count() >= 5)
    return clinic, sink, desk


def claimed_first(clinic, sink):
    """Each message at the peer has its attempt in the database."""
    known = dict(clinic.sql("SELECT identity, count(*) FROM message JOIN attempt ON message_id = message.id GROUP BY 1"))
    for recipient, identity, _ in sink.messages():
        expect(identity.strip("<>").split("@")[0] in known, f"{recipient}: it left without a claim")


def still(count, seconds=2.5):
    """The value at which a count rests."""
    value, since = count(), time.monotonic()
    until("it rests", lambda: time.monotonic() - since > seconds or count() == value, seconds + 1)
    deadline = time.monotonic() + 30
    while time.monotonic() - since < seconds:
        if count() != value:
            value, since = count(), time.monotonic()
        if time.monotonic() > deadline:
            raise Failure(f"it does not rest: {value}")
        time.sleep(0.05)
    return value


@fault(4, "I/O errors")
def io_errors(scene):
    """Syncs and writes fail from the n-th on: sending stops, status says it, and all goes on once they work again."""
    figures = []
    for n in (1, 2, 3, 5, 8, 13, 21) if scene.long else (1, 4):
        clinic, sink, desk = paced(scene, 60, name=f"clinic-{n}")
        trouble = Trouble(clinic, "fdatasync,pwrite64", f"error=EIO:when={n}+")
        until("the database is found to fail", lambda: "database cannot be written" in clinic.log, 20)
        resting = still(sink.count)
        expect(resting < 60, "all were sent before the disk failed")
        status = clinic.status()
        expect(status["health"] in ("degraded", "failing"), f"health is {status['health']}")
        expect(any("database" in item["what"] for item in status["attention"]), f"attention: {status['attention']}")
        desk.work(1)
        expect(desk.refused, "a command was acknowledged that could not be recorded")
        claimed_first(clinic, sink)
        hits = trouble.hits
        trouble.end()
        clinic.settle(60)
        until("status is well again", lambda: clinic.status()["health"] == "ok", 20, pause=0.2)
        expect("database can be written again" in clinic.log, "the journal does not tell that it works again")
        desk.work(1)
        clinic.settle()
        expect(clinic.process.poll() is None, "the daemon ended")
        expect(clinic.stop() == 0, "it does not stop cleanly")
        clinic.integrity()
        account = Account(clinic, sink, desk.acknowledged)
        figures.append((hits, resting, account.duplicates))
    return (f"{len(figures)} times, {sum(hits for hits, _, _ in figures)} errors injected, stopped at "
            f"{'/'.join(str(resting) for _, resting, _ in figures)} of 60, all sent after, "
            f"{sum(again for _, _, again in figures)} duplicates, 0 lost")


def fill(disk, spare=0):
    """Takes all room of the disk but `spare` bytes."""
    with open(disk / "filler", "ab", buffering=0) as filler:
        for size in (1 << 20, 1 << 16, 4096, 512, 1):
            try:
                while True:
                    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
                    if free - size < spare:
                        break
                    filler.write(b"\0" * size)
            except OSError:
                pass


@fault(5, "disk full")
def disk_full(scene):
    """A small tmpfs is filled: the ballast is given up, claims pause, commands still count, and it resumes by itself."""
    disk = scene.mount(scene.path("disk"), "-t", "tmpfs", "-o", "size=32m,mode=0755", "tmpfs")
    clinic, sink, desk = paced(scene, 60, state=disk / "state")
    pid, ballast = clinic.pid, clinic.state / "ballast"
    expect(ballast.exists() and ballast.stat().st_blocks * 512 >= 1 << 20, "there is no ballast")
    fill(disk)
    until("the ballast is given up", lambda: not ballast.exists(), 20)
    resting = still(sink.count)
    expect(resting < 60, "all were sent before the disk was full")
    status = clinic.status()
    expect(status["health"] == "degraded", f"health is {status['health']}")
    expect(any("disk" in item["what"] for item in status["attention"]), f"attention: {status['attention']}")
    # What staff say still counts: the last one is not written to any more.
    clinic.do("stop", "p60", "--yes")
    # And now the room of the ballast goes as well: refused, and alive.
    fill(disk)
    codes = {clinic.ctl("patient", "add", f"x{number}", "--name", "x" * 5000)[0] for number in range(6)}
    expect(not codes & {69}, f"it does not answer: {codes}")
    clinic.status()
    # A restart on the full disk neither loses anything nor loops.
    (disk / "filler").unlink()
    until("the ballast is back", ballast.exists, 20)
    clinic.settle(60)
    expect(clinic.pid == pid and clinic.process.poll() is None, "the daemon ended meanwhile")
    log = clinic.log
    expect("nearly full" in log and "has room again" in log, f"the journal: {log[-400:]}")
    fill(disk)
    expect(clinic.stop() == 0, "it does not stop cleanly")
    # Where a pass still gave the ballast up, the stop folded the log in: both together may be all the room that is asked
    # for. That is filled as well; a start without the ballast needs a little.
    fill(disk, spare=0 if ballast.exists() else 1 << 20)
    clinic.start()
    expect(clinic.status()["health"] == "degraded", "a start on a full disk is not degraded")
    (disk / "filler").unlink()
    until("it is well again", lambda: clinic.status()["health"] == "ok", 20, pause=0.2)
    clinic.add("last")
    clinic.settle()
    expect(clinic.stop() == 0, "it does not stop cleanly")
    clinic.integrity()
    refs = [ref for ref in desk.acknowledged if ref != "p60"]
    account = Account(clinic, sink, [*refs, "last"])
    expect("p60" not in {message[0].split("@")[0] for message in sink.messages()}, "it left after the STOP")
    return f"paused at {resting} of 60, a STOP counted, one process throughout; {account}"


@fault(6, "a write that lies")
def lying_writes(scene):
    """Writes report success and write nothing: found at the next commit, exit 65, and nothing left from doubtful rows."""
    figures = []
    for n in (1, 2, 3, 5, 8, 13) if scene.long else (1, 6):
        clinic, sink, desk = paced(scene, 60, name=f"clinic-{n}")
        known = len(desk.acknowledged)
        trouble = Trouble(clinic, "pwrite64", f"retval=100:when={n}+")
        desk.work(3)
        code = clinic.ended(60)
        expect(code == 65, f"exit {code}")
        expect("is damaged" in clinic.log, "the journal does not say it")
        trouble.process.wait(10)
        lies = trouble.hits
        clinic.integrity()
        left = {identity for _, identity, _ in sink.messages()}
        # On the sound disk: what was acknowledged before is there and comes to its end, nothing twice but in doubt.
        clinic.start()
        for hold in clinic.status()["holds"]:
            clinic.do("release", hold["id"], "--yes")
        clinic.settle(60, but=["uncertain"])
        clinic.stop()
        see_through(clinic)
        account = Account(clinic, sink, desk.acknowledged[:known])
        figures.append((lies, len(left), account))
    return (f"{len(figures)} times, exit 65 after {'/'.join(str(lies) for lies, _, _ in figures)} lies; "
            f"{figures[-1][2]}")


# A line of strace: 1234 pwrite64(12</x/followupd.sqlite-wal>, "\x12…"..., 24, 0) = 24
CALL = re.compile(r'^\d+\s+(\w+)\((?:(\d+)<([^>]*)>)?(.*)\)\s+=\s+(-?\d+)')


class Platter:
    """What the disk holds, from the system calls that strace saw: a file's writes count once that file was synced; of the
    later ones each sector may have come out, or not."""

    def __init__(self, chance):
        self.chance = chance
        self.durable, self.pending = {}, {}

    def write(self, path, offset, content):
        self.pending.setdefault(path, []).append((offset, content))

    def truncate(self, path, length):
        self.pending.setdefault(path, []).append((None, length))

    def sync(self, path):
        self.apply(path, self.pending.pop(path, []), lambda: True)

    def lose_power(self):
        """Some sectors of what was not synced come out, in no order."""
        for path, writes in self.pending.items():
            if self.chance.random() < 0.5:
                self.apply(path, writes, lambda: self.chance.random() < 0.5)
        self.pending = {}

    def apply(self, path, writes, comes_out):
        held = self.durable.setdefault(path, bytearray())
        for offset, content in writes:
            if offset is None:
                if comes_out():
                    del held[content:]
                    held.extend(bytes(content - len(held)))
                continue
            for start in range(0, len(content), 512):
                if comes_out():
                    piece = content[start:start + 512]
                    end = offset + start + len(piece)
                    held.extend(bytes(max(0, end - len(held))))
                    held[offset + start:end] = piece


def unescaped(text, raw=False):
    """What strace -xx wrote as \\x41\\x42."""
    content = bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()
    return content if raw else content.decode()


def whole_lines(lines):
    """Joins the calls that another thread's came between."""
    begun = {}
    for line in lines:
        thread = line.split(None, 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line[: -len("<unfinished ...>")]
        elif " resumed>" in line and thread in begun:
            yield begun.pop(thread) + line.split(" resumed>", 1)[1]
        else:
            yield line


def played(trace, chance):
    """The platter after all calls of a trace."""
    platter = Platter(chance)
    for line in whole_lines(trace.read_text(errors="replace").splitlines()):
        found = CALL.match(line)
        if not found or int(found[5]) < 0:
            continue
        call, path, rest, result = found[1], unescaped(found[3] or ""), found[4], int(found[5])
        if call in ("fsync", "fdatasync"):
            platter.sync(path)
        elif call == "ftruncate":
            platter.truncate(path, int(rest.split(",")[-1]))
        elif call in ("pwrite64", "write") and path.startswith("/"):
            text = re.search(r'"((?:\\x[0-9a-f]{2})*)"', rest)
            if text:
                content = unescaped(text[1], raw=True)[:result]
                offset = int(rest.rsplit(",", 1)[1]) if call == "pwrite64" else 0
                platter.write(path, offset, content)
        elif call in ("rename", "renameat", "renameat2"):
            names = re.findall(r'"((?:\\x[0-9a-f]{2})*)"', rest or line)
            old, new = (unescaped(name) for name in names[:2])
            for kind in (platter.durable, platter.pending):
                if old in kind:
                    kind[new] = kind.pop(old)
        elif call in ("unlink", "unlinkat"):
            names = re.findall(r'"((?:\\x[0-9a-f]{2})*)"', rest or line)
            path = unescaped(names[0])
            platter.durable.pop(path, None)
            platter.pending.pop(path, None)
    return platter


@fault(3, "power cut")
def power_cut(scene):
    """The machine loses power under load, emulated from the daemon's system calls: of what no sync has covered each sector
    may be lost. On what is left every acknowledged command is present, and the database is whole. In the long form a QEMU
    guest loses its power as well, kernel and file system with it."""
    guests = ""
    if scene.long and scene.kernel:
        count = guest.cut_power(scene, scene.kernel, 6)
        guests = f"6 QEMU guests killed, {count} acknowledged, 0 lost; "
    cuts = 20 if scene.long else 2
    total, lost_sectors = 0, 0
    for cut in range(cuts):
        sink = Sink(scene)
        clinic = Clinic(scene, email(sink.port), name=f"clinic-{cut}")
        trace = clinic.folder / "trace"
        clinic.start("strace", "-f", "-y", "-xx", "-s", "70000", "-qq", "-o", trace, "-e",
                     "trace=pwrite64,write,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat")
        desk = Desk(clinic, "p")
        desk.work(scene.chance.randrange(15, 60))
        # The plug is pulled at once: what the sink has taken by then has left.
        clinic.kill()
        clinic.process.wait(10)
        platter = played(trace, scene.chance)
        lost_sectors += sum(len(writes) for writes in platter.pending.values())
        platter.lose_power()
        kept = {str(path): path for path in clinic.state.rglob("*") if path.is_file()}
        for name, path in kept.items():
            if name.endswith(("-shm", "/begun")):
                # Mapped memory that nobody synced, in a machine that has booted anew.
                path.write_bytes(b"\0" * path.stat().st_size)
            elif name in platter.durable:
                path.write_bytes(bytes(platter.durable[name]))
            elif path.stat().st_size and not name.endswith(("/ballast", "/lock")):
                path.write_bytes(b"")
        for file in clinic.state.glob("*-shm"):
            file.unlink()
        trace.unlink()
        clinic.integrity()
        present = {row[0] for row in clinic.sql(
            "SELECT ref FROM patient JOIN follow_up ON patient_id = patient.id JOIN occurrence ON follow_up_id = follow_up.id")}
        missing = [ref for ref in desk.acknowledged if ref not in present]
        expect(not missing, f"cut {cut}: {len(missing)} of {len(desk.acknowledged)} acknowledged are lost: {missing[:3]}")
        see_through(clinic)
        Account(clinic, sink, desk.acknowledged)
        total += len(desk.acknowledged)
    expect(total > cuts * 5, f"only {total} commands in {cuts} cuts: too little work")
    return f"{guests}{cuts} cuts (emulated from system calls), {total} acknowledged, {lost_sectors} writes unsynced, 0 lost"
