"""The daemon is killed, or told to stop, while it works: promises 1, 2, 38, 46."""
import os
import signal
import threading
import time

from clinic import Account, CallError, Clinic, Control, email
from scene import Failure, Sink, expect, fault, until

# What a reminder, a message and an attempt may be in at rest (`domain.md`, States).
LEGAL = {
    "reminder": {"planned", "deferred", "held", "claimed", "waiting", "uncertain", "sent", "dropped", "superseded", "expired",
                 "cancelled", "handed", "failed"},
    "message": {"claimed", "waiting", "uncertain", "sent", "rejected", "failed", "cancelled", "doubtful"},
    "attempt": {"claimed", "delivered", "retry", "rejected", "misconfigured", "uncertain", "withdrawn"},
}


class Desk:
    """Staff who add patients as fast as they are answered, until the daemon is gone."""

    def __init__(self, clinic, prefix):
        self.clinic, self.prefix = clinic, prefix
        self.acknowledged, self.number, self.refused = [], 0, []

    def work(self, limit):
        try:
            control = Control(self.clinic.socket, 30)
        except OSError:
            return
        try:
            for _ in range(limit):
                self.number += 1
                ref = f"{self.prefix}{self.number}"
                control.add(ref)
                self.acknowledged.append(ref)
        except OSError:
            pass
        except CallError as error:
            # What a daemon in trouble answers; it promised nothing.
            self.refused.append(str(error))
        finally:
            control.close()


def later(clinic, minutes):
    """The daemon started under a clock that is ahead: what waits for its repeat is due."""
    return clinic.start("faketime", "-f", f"+{minutes}m", environment={"FAKETIME_DONT_FAKE_MONOTONIC": "1"})


def see_through(clinic):
    """Lets all that is in doubt come to its end."""
    clinic.start()
    clinic.settle(but=["uncertain", "waiting"])
    for minutes in (11, 22, 33):
        if not {"uncertain", "waiting"} & clinic.states().keys():
            break
        expect(clinic.stop() == 0, "it does not stop cleanly")
        later(clinic, minutes)
        until("what was in doubt is repeated", lambda: not clinic.sql(
            "SELECT 1 FROM reminder WHERE state IN ('claimed', 'planned') OR state IN ('uncertain', 'waiting') "
            "AND wake_at <= CAST(strftime('%s', 'now') AS INTEGER) + ?", minutes * 60), 60, pause=0.1)
    clinic.settle()
    expect(clinic.stop() == 0, "it does not stop cleanly")


@fault(1, "killed at random")
def killed_at_random(scene):
    """`kill -9` in a loop while staff add patients and the daemon writes to them; counted at smtp-sink."""
    kills, hands = (200, 4) if scene.long else (12, 3)
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port))
    desks = [Desk(clinic, prefix) for prefix in "abcd"[:hands]]
    for _ in range(kills):
        clinic.start()
        threads = [threading.Thread(target=desk.work, args=(60,)) for desk in desks]
        for thread in threads:
            thread.start()
        before, wanted = sum(len(desk.acknowledged) for desk in desks), scene.chance.randrange(1, 40 if scene.long else 20)
        until("there is work", lambda: sum(len(desk.acknowledged) for desk in desks) >= before + wanted, pause=0.001)
        time.sleep(scene.chance.uniform(0, 0.03))
        clinic.kill()
        for thread in threads:
            thread.join()
    see_through(clinic)
    clinic.integrity()
    refs = [ref for desk in desks for ref in desk.acknowledged]
    return f"{kills} kills, {len(refs):,} reminders: {Account(clinic, sink, refs)}"


@fault(2, "killed at the n-th sync")
def killed_at_sync(scene):
    """strace kills the daemon at its n-th fdatasync; each time it starts again on a whole database."""
    counts = range(1, 41) if scene.long else (1, 3, 7, 13, 24)
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port))
    desk = Desk(clinic, "p")
    died = 0
    for n in counts:
        clinic.launch("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                      "-e", f"inject=fdatasync,fsync:signal=KILL:when={n}")
        try:
            until("it is ready or dead", clinic.is_ready, 60)
        except Failure:
            pass
        else:
            desk.work(60)
            until("it is dead", lambda: clinic.process.poll() is not None, 30)
        died += 1
        if clinic.database.exists() and clinic.database.stat().st_size:
            clinic.integrity()
            for table, states in LEGAL.items():
                if clinic.sql("SELECT 1 FROM sqlite_master WHERE name = ?", table):
                    odd = clinic.states(table).keys() - states
                    expect(not odd, f"sync {n}: {table} is {odd}")
    expect(len(desk.acknowledged) > len(counts), f"only {len(desk.acknowledged)} reminders: too little work")
    see_through(clinic)
    clinic.integrity()
    return f"{died} kills at syncs {min(counts)}..{max(counts)}, {Account(clinic, sink, desk.acknowledged)}"


@fault(38, "SIGTERM in DATA, twice")
def told_to_stop(scene):
    """The server holds back its answer to the final dot; SIGTERM, and a second one: what ends is finished or uncertain."""
    results = []
    for opens in (True, False):
        peer = scene.peer("gated_smtp.py", "--at", ".")
        clinic = Clinic(scene, email(peer.port), name=f"clinic-{opens}")
        clinic.start()
        clinic.add("p1")
        until("the server has the message", lambda: peer.events("stalled"))
        started = time.monotonic()
        os.kill(clinic.pid, signal.SIGTERM)
        until("the stop is under way", lambda: not clinic.answers(), 10)
        # Else the watchdog would count on it while what is in flight ends.
        until("systemd knows of the stop", lambda: "STOPPING=1" in clinic.told(), 5)
        expect(clinic.process.poll() is None, "it stopped with a message in flight")
        os.kill(clinic.pid, signal.SIGTERM)
        if opens:
            peer.open()
        code = clinic.ended(40)
        took = time.monotonic() - started
        expect(code == 0, f"exit {code}")
        wanted = "sent" if opens else "uncertain"
        expect(clinic.states() == {wanted: 1}, f"{clinic.states()} instead of {wanted}")
        expect(took < 30, f"it took {took:.0f} s to stop")
        expect(len(peer.events("message")) == (1 if opens else 0), "it came more than once")
        results.append(f"{wanted} in {took:.1f} s")
    return ", ".join(results)


@fault(46, "STOP, death, cancel behind a stalled server")
def withdrawn(scene):
    """500 messages are claimed behind a server that does not greet: after the command's answer not one more leaves."""
    count = 500
    peer = scene.peer("gated_smtp.py", "--at", "greeting")
    # So many connections that 500 claims are less than a second of their work.
    clinic = Clinic(scene, email(peer.port), connections=40).start()
    clinic.do("hold", "all", "--reason", "filling")
    desk = Desk(clinic, "p")
    desk.work(count)
    clinic.do("release", "all", "--yes")
    until("500 are claimed", lambda: clinic.states().get("claimed") == count, 60, pause=0.1)
    numbers = scene.chance.sample(range(1, count + 1), 9)
    for number, how in zip(numbers, ("stop", "deceased", "cancel") * 3):
        ref = f"p{number}"
        words = {"stop": ["stop", ref], "deceased": ["patient", "deceased", ref],
                 "cancel": ["cancel", clinic.do("list", "--patient", ref)["items"][0]["id"], "--by", "patient"]}[how]
        clinic.do(*words, "--yes")
    expect(not peer.events("message"), "a message left before the gate opened")
    peer.open()
    clinic.settle(120)
    arrived = [line["to"].split("@")[0] for line in peer.events("message")]
    stopped = {f"p{number}" for number in numbers}
    expect(not stopped & set(arrived), f"{stopped & set(arrived)} left after the answer")
    expect(len(arrived) == len(set(arrived)) == count - len(stopped), f"{len(arrived)} arrived")
    clinic.stop()
    return f"500 claimed, 9 withdrawn, {len(arrived)} arrived once"
