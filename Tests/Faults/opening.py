"""What the daemon finds when it starts, and who else is there: promises 7 to 13."""
import shutil
import sqlite3
import subprocess
import threading
import time

from clinic import Clinic, email
from crash import Desk
from scene import ROOT, Failure, Sink, expect, fault, until


def refusal(clinic, code, event):
    """Starts it, expects the exit code and the sentence that the journal gets."""
    before = len(clinic.log) if (clinic.folder / "log").exists() else 0
    clinic.launch()
    found = clinic.ended(60)
    said = clinic.log[before:]
    expect(found == code, f"exit {found} instead of {code}: {said[-300:]}")
    expect(event in said, f"the journal says {said[-300:]}")
    return said


def lived(scene, name="clinic", count=20):
    """A clinic that was stopped after some work, and the sink that it wrote to."""
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port), name=name).start()
    Desk(clinic, "p").work(count)
    clinic.settle()
    expect(clinic.stop() == 0, "it does not stop cleanly")
    return clinic, sink


@fault(7, "read-only state directory")
def read_only(scene):
    """The state directory is remounted read-only: exit 73, with and without a database in it."""
    for kind in ("empty", "used"):
        state = scene.mount(scene.path(f"disk-{kind}"), "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs")
        clinic = Clinic(scene, state=state, name=f"clinic-{kind}")
        if kind == "used":
            clinic.start()
            clinic.add("p1")
            clinic.stop()
        subprocess.run(["mount", "-o", "remount,ro", str(state)], check=True)
        refusal(clinic, 73, "cannot be written")
        subprocess.run(["mount", "-o", "remount,rw", str(state)], check=True)
        expect(clinic.start().stop() == 0, "once it can be written it does not run")
    return "exit 73 twice, and it runs once it can be written"


@fault(8, "corrupt database")
def corrupt(scene):
    """Pages are overwritten, the header, the whole file: exit 65, the file is kept byte for byte, none is made."""
    clinic, _ = lived(scene)
    whole = clinic.database.read_bytes()
    pages = len(whole) // 4096
    root = clinic.sql("SELECT rootpage FROM sqlite_master WHERE name = 'reminder'")[0][0]
    cases = {
        "a table's page": lambda: whole[: (root - 1) * 4096] + b"\x5a" * 4096 + whole[root * 4096:],
        "every other page": lambda: b"".join(
            b"\xa5" * 4096 if page % 2 else whole[page * 4096: page * 4096 + 4096] for page in range(pages)),
        "the header": lambda: b"\xaa" * 100 + whole[100:],
        "cut in half": lambda: whole[: len(whole) // 2],
        "noise": lambda: scene.chance.randbytes(len(whole)),
        "empty": lambda: b"",
    }
    for name, make in cases.items():
        bad = make()
        clinic.database.write_bytes(bad)
        # As after a crash: the check comes before anything else.
        (clinic.state / "running").touch()
        for file in clinic.state.glob("followupd.sqlite-*"):
            file.unlink()
        for _ in range(2):
            said = refusal(clinic, 65, "damaged")
            expect("backup" in said, f"{name}: no word of a backup: {said[-200:]}")
            expect(clinic.database.read_bytes() == bad, f"{name}: the file was changed")
    clinic.database.write_bytes(whole)
    expect(clinic.start().stop() == 0, "the whole file does not run")
    return f"{len(cases)} kinds of damage, exit 65, each file kept"


@fault(9, "database restored from a backup")
def restored(scene):
    """An older copy is put in place after reminders left: held, what may have left is asked about, nothing leaves twice."""
    return ", ".join(restore(scene, kind) for kind in ("commands", "messages"))


def first_status(clinic):
    try:
        return clinic.call("GetStatus")
    except OSError:
        return None


def restore(scene, kind):
    """With commands since the backup, or with nothing but messages since."""
    count = 6
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port), name=f"clinic-{kind}").start()
    clinic.add("ahead", time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 30 * 86400)))
    if kind == "commands":
        clinic.do("hold", "all", "--reason", "backup")
    else:
        sink.pause()
    for number in range(count):
        clinic.add(f"p{number}")
    backup = clinic.folder / "backup.sqlite"
    source, target = sqlite3.connect(clinic.database), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    sink.go_on()
    if kind == "commands":
        clinic.do("release", "all", "--yes")
    until("all arrived", lambda: sink.count() == count, 60)
    clinic.settle(but=["planned"])
    clinic.stop()
    for file in clinic.state.glob("followupd.sqlite*"):
        file.unlink()
    shutil.copy(backup, clinic.database)
    clinic.launch()
    # Whoever asks first of all, be it before READY=1, is told.
    status = until("it answers", lambda: first_status(clinic), pause=0)
    until("followupd is ready", clinic.is_ready)
    expect(status["held"] and [hold["kind"] for hold in status["holds"]].count("restored") == 1,
           f"{kind}: the holds are {status['holds']}")
    until(f"{kind}: those that may have left are asked about: {clinic.states()}",
          lambda: len(clinic.tasks("uncertain-delivery")) == count, 20)
    clinic.add("new")
    clinic.stop()
    clinic.start()
    expect(len(clinic.tasks("uncertain-delivery")) == count, "the tasks changed at the next start")
    expect(sink.count() == count, "something left while it was held")
    for hold in clinic.status()["holds"]:
        clinic.do("release", hold["id"], "--yes")
    until("what is new leaves", lambda: sink.count() == count + 1, 60)
    clinic.settle(but=["planned"])
    recipients = [message[0] for message in sink.messages()]
    expect(len(set(recipients)) == len(recipients) == count + 1, f"{kind}: {sorted(recipients)}")
    expect(clinic.states().get("planned") == 1, f"what is ahead: {clinic.states()}")
    clinic.stop()
    return f"with {kind} since: held, {count} asked about, 0 sent twice"


@fault(10, "a second instance")
def second(scene):
    """Another daemon on the same state directory is refused with 75; the first goes on."""
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port)).start()
    other = Clinic(scene, email(sink.port), name="other", state=clinic.state)
    for _ in range(3):
        refusal(other, 75, "another followupd")
    clinic.add("p1")
    until("the first sends", lambda: sink.count() == 1)
    clinic.settle()
    clinic.stop()
    expect(other.start().stop() == 0, "once the first is gone the other does not run")
    return "exit 75 three times, the first sends, then the other runs"


@fault(11, "a foreign writer holds the lock")
def foreign_writer(scene):
    """sqlite3 holds BEGIN IMMEDIATE: commands and sending wait, the watchdog is fed, then all goes on."""
    seconds = 60 if scene.long else 6
    limit = 20.0 if scene.long else 3.0
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port))
    clinic.start(environment={"WATCHDOG_USEC": str(int(limit * 1_000_000))})
    clinic.add("p0")
    until("one was sent", lambda: sink.count() == 1)
    clinic.settle()
    foreign = sqlite3.connect(clinic.database, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    added = []
    adding = threading.Thread(target=lambda: added.append(clinic.control(seconds + 30).add("p1")))
    adding.start()
    over = time.monotonic() + seconds
    until("the time is over", lambda: clinic.told() and time.monotonic() > over, seconds + 20)
    expect(not added, "the command did not wait")
    foreign.execute("COMMIT")
    foreign.close()
    adding.join(30)
    expect(added, "the command was not answered")
    until("it is sent", lambda: sink.count() == 2)
    beats = [at for at, word in clinic.beats if word == "WATCHDOG=1"]
    longest = max(second - first for first, second in zip(beats, beats[1:]))
    expect(longest < limit, f"{longest:.1f} s between two beats of a watchdog of {limit:.0f} s")
    expect(clinic.stop() == 0, "it does not stop cleanly")
    return f"{seconds} s waited, {len(beats)} beats at most {longest:.1f} s apart, then sent"


@fault(12, "a newer schema")
def newer(scene):
    """The database has a schema that this program does not know: exit 65, nothing is changed."""
    clinic, _ = lived(scene, count=3)
    with sqlite3.connect(clinic.database) as database:
        known = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {known + 1}")
    database.close()
    before = clinic.database.read_bytes()
    said = refusal(clinic, 65, "newer than this program")
    expect(f"schema {known + 1}" in said, said[-200:])
    expect(clinic.database.read_bytes() == before, "the file was changed")
    with sqlite3.connect(clinic.database) as database:
        database.execute(f"PRAGMA user_version = {known}")
    database.close()
    expect(clinic.start().stop() == 0, "with the schema that it knows it does not run")
    return f"schema {known + 1} refused with exit 65, {known} runs"


@fault(13, "killed in a migration")
def migration(scene):
    """The first release's database is migrated, and killed at each sync and write on the way: old or new, never between."""
    text = (ROOT / "Tests/Fixtures/databases/schema-1.sql").read_text()
    kills, versions = 0, set()
    calls = ("fdatasync", "pwrite64") if scene.long else ("fdatasync",)
    step = 1 if scene.long else 2
    for call in calls:
        n = 1
        while True:
            clinic = Clinic(scene, name=f"clinic-{call}-{n}")
            with sqlite3.connect(clinic.database) as database:
                database.executescript(text)
            database.close()
            counts = rows(clinic)
            clinic.launch("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                          "-e", f"inject={call}:signal=KILL:when={n}")
            try:
                until("it is ready or dead", clinic.is_ready, 60)
                survived = True
            except Failure:
                survived = False
            clinic.kill()
            kills += 1
            # A connection that may write rolls back what was begun.
            clinic.integrity()
            found = clinic.sql("PRAGMA user_version")[0][0]
            known = len(clinic.sql("SELECT 1 FROM grdb_migrations"))
            expect(found == known, f"{call} {n}: schema {found}, but {known} migrations are recorded")
            versions.add(found)
            clinic.start()
            clinic.stop()
            expect(rows(clinic) == counts, f"{call} {n}: rows were {counts}, are {rows(clinic)}")
            newest = clinic.sql("PRAGMA user_version")[0][0]
            shutil.rmtree(clinic.folder)
            if survived:
                break
            n += step if call == "fdatasync" else 7
    expect(1 in versions and newest in versions, f"schemas found after a kill: {versions}")
    return f"{kills} kills, schemas {sorted(versions)} found after them, each whole, then {newest}"


def rows(clinic):
    tables = ("patient", "contact", "follow_up", "occurrence", "reminder")
    return {table: clinic.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}
