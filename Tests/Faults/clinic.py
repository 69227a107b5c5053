"""A synthetic clinic whose daemon may be killed, traced, and started again on what it left."""
import json
import os
import signal
import socket
import sqlite3
import subprocess
import time

from scene import Failure, expect, until

CLINIC = """
[clinic]
name = "Riverside Family Practice"
zone = "UTC"
country = "CA"
phone = "+1 604 555 0100"
hours = "00:00-24:00"
default_plan = "now"
[delivery]
mode = "live"
backlog_limit = 100000
max_connections = {connections}
[contact_hours]
daily = ["00:00-24:00"]
[budget]
per_address_per_day = 1000
per_address_per_week = 1000
"""

# For a visit in an hour the reminder is due at once and not late.
NOW = """
[plan]
name = "now"
title = "Visit"
{more}
[[step]]
id = "before"
at = "-61m"
template = "visit"
"""


def email(port, host="127.0.0.1", tls="none", more=""):
    return f"""
[channels.email]
adapter = "smtp"
url = "smtp://{host}:{port}"
tls = "{tls}"
from = "Riverside Family Practice <reminders@example.org>"
per_minute = 0
{more}
"""


def sms(url, allow=("127.0.0.0/8",), more="", name="sms"):
    return f"""
[channels.{name}]
adapter = "webhook"
url = "{url}"
preset = "json"
allow_networks = {json.dumps(list(allow))}
per_minute = 0
{more}
"""


class CallError(Exception):
    """An error reply of the control socket."""


class Control:
    """One connection to the control socket."""

    def __init__(self, path, seconds=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        self.socket.connect(str(path))

    def call(self, method, **parameters):
        request = json.dumps({"method": f"org.followupd.{method}", "parameters": parameters})
        self.socket.sendall(request.encode() + b"\0")
        answer = b""
        while not answer.endswith(b"\0"):
            piece = self.socket.recv(1 << 20)
            if not piece:
                raise ConnectionError(f"{method}: the connection ended")
            answer += piece
        reply = json.loads(answer[:-1])
        if "error" in reply:
            raise CallError(f"{method}: {reply}")
        return reply["parameters"]

    def add(self, ref, when=None, **more):
        """A patient with an address and a visit: acknowledged once this returns."""
        self.call("AddPatient", ref=ref, name=f"Patient {ref}",
                  contacts=[{"channel": "email", "address": f"{ref}@example.org"}])
        return self.call("AddFollowUp", who=ref, when=when or in_minutes(60), allowPast=True, **more)

    def close(self):
        self.socket.close()


def in_minutes(minutes):
    """A WHEN in UTC, from the minute that runs."""
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() // 60 * 60 + 60 * minutes))


class Clinic:
    def __init__(self, scene, channels="", name="clinic", state=None, connections=8, plan=""):
        self.scene = scene
        self.folder = scene.path(name)
        self.folder.mkdir()
        self.state = state or self.folder / "state"
        self.state.mkdir(mode=0o700, exist_ok=True)
        self.socket = self.folder / "control.sock"
        self.connections = connections
        self.process = None
        self.notify = None
        self.beats = []
        (self.folder / "plans.d").mkdir()
        (self.folder / "plans.d" / "now.toml").write_text(NOW.format(more=plan))
        self.configure(channels)

    @property
    def database(self):
        return self.state / "followupd.sqlite"

    @property
    def configuration(self):
        return self.folder / "followupd.toml"

    def configure(self, channels):
        self.configuration.write_text(CLINIC.format(connections=self.connections) + channels)

    # Its life

    def environment(self, **more):
        mine = {"FOLLOWUPD_SOCKET": str(self.socket), "STATE_DIRECTORY": str(self.state), "NO_COLOR": "1"}
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("FOLLOWUPD_", "LISTEN_", "WATCHDOG_", "NOTIFY_", "JOURNAL_STREAM"))}
        return {**kept, **mine, **more}

    def launch(self, *prefix, environment=None):
        """Starts the daemon behind `prefix` (strace …, faketime …) and waits for nothing."""
        path = self.folder / "notify.sock"
        if self.notify:
            self.notify.close()
        path.unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(path))
        self.notify.setblocking(False)
        self.beats = []
        with open(self.folder / "log", "ab") as log:
            self.process = self.scene.start(
                [*prefix, self.scene.programs / "followupd", "--config", self.configuration], cwd=self.folder,
                stderr=log, stdout=log, env=self.environment(NOTIFY_SOCKET=str(path), **(environment or {})))
        return self.process

    def start(self, *prefix, environment=None, seconds=60):
        """Starts the daemon and waits for READY=1."""
        self.launch(*prefix, environment=environment)
        until("followupd is ready", self.is_ready, seconds, pause=0.005)
        return self

    def is_ready(self):
        if "READY=1" in self.told():
            return True
        code = self.process.poll()
        if code is not None:
            raise Failure(f"followupd ended with {code} before it was ready")
        return False

    def told(self):
        """What it told the service manager in this run: words, each with the time of its reading here."""
        while True:
            try:
                text = self.notify.recv(4096).decode()
            except BlockingIOError:
                return [word for _, word in self.beats]
            self.beats += [(time.monotonic(), line) for line in text.split("\n")]

    @property
    def pid(self):
        """The daemon's own process, which may run behind a tracer."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        comm = open(f"/proc/{self.process.pid}/comm").read().strip()
        return self.process.pid if comm == "followupd" else int(open(children).read().split()[0])

    def kill(self):
        """kill -9, and the wait for its end."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError, IndexError):
            pass
        return self.process.wait(30)

    def stop(self, seconds=40):
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"it does not stop in {seconds} s") from None

    def ended(self, seconds=30):
        """Its exit code, once it ends by itself."""
        until("followupd ends", lambda: self.process.poll() is not None, seconds)
        return self.process.returncode

    @property
    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    # What staff do

    def control(self, seconds=60):
        return Control(self.socket, seconds)

    def call(self, method, **parameters):
        control = self.control()
        try:
            return control.call(method, **parameters)
        finally:
            control.close()

    def answers(self):
        """Whether its control socket takes a call: no longer once a stop is under way."""
        try:
            self.call("Ping")
            return True
        except (OSError, CallError):
            return False

    def add(self, ref, when=None, **more):
        control = self.control()
        try:
            return control.add(ref, when, **more)
        finally:
            control.close()

    def ctl(self, *words):
        """(exit code, JSON document, standard error) of followupctl."""
        done = subprocess.run(
            [self.scene.programs / "followupctl", "--json", *words], env=self.environment(), capture_output=True,
            stdin=subprocess.DEVNULL, timeout=120)
        document = json.loads(done.stdout) if done.stdout.strip() else None
        return done.returncode, document, done.stderr.decode(errors="replace")

    def do(self, *words):
        """What followupctl printed; a refusal is a failure."""
        code, document, error = self.ctl(*words)
        expect(code == 0, f"followupctl {' '.join(words)}: exit {code}: {error}")
        return document

    def status(self):
        return self.do("status")

    # What the database says

    def sql(self, statement, *values):
        """Rows, read through a connection of its own."""
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(statement, values).fetchall()
        finally:
            database.close()

    def states(self, table="reminder"):
        return dict(self.sql(f"SELECT state, count(*) FROM {table} GROUP BY state"))

    def tasks(self, reason=None):
        found = self.sql("SELECT subject, reason FROM task WHERE state IN ('open', 'taken') ORDER BY id")
        return [task for task in found if reason in (None, task[1])]

    def integrity(self):
        database = sqlite3.connect(self.database, timeout=10)
        try:
            found = [row[0] for row in database.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} refers to nothing" for row in database.execute("PRAGMA foreign_key_check")]
        finally:
            database.close()
        expect(found == ["ok"], f"integrity: {found[:3]}")

    def settle(self, seconds=60, but=()):
        """Waits until no reminder is on its way."""
        open_states = {"planned", "deferred", "held", "claimed", "waiting", "uncertain"} - set(but)
        until(f"every reminder has its end: {self.states()}",
              lambda: not open_states & self.states().keys(), seconds, pause=0.1)


class Account:
    """Counts at the peer what became of each acknowledged reminder: sent there, or a task; a repeat only of what was in
    doubt, under the same Message-ID."""

    def __init__(self, clinic, sink, refs):
        arrived = {}
        for recipient, identity, _ in sink.messages():
            arrived.setdefault(recipient.split("@")[0], []).append(identity)
        tasks = {row[0] for row in clinic.sql(
            "SELECT ref FROM patient JOIN task ON task.patient_id = patient.id WHERE task.state = 'open'")}
        doubted = {row[0] for row in clinic.sql(
            """SELECT ref FROM patient JOIN message ON message.patient_id = patient.id
               JOIN attempt ON attempt.message_id = message.id WHERE attempt.state = 'uncertain'""")}
        lost = [ref for ref in refs if ref not in arrived and ref not in tasks]
        again = {ref: identities for ref, identities in arrived.items() if len(identities) > 1}
        expect(not lost, f"{len(lost)} of {len(refs)} lost, {lost[0] if lost else ''} first")
        for ref, identities in again.items():
            expect(len(set(identities)) == 1, f"{ref} came under several Message-IDs: {identities}")
            expect(ref in doubted, f"{ref} came {len(identities)} times, and no attempt was uncertain")
        for recipient, identity, _ in sink.messages():
            expect(identity, f"{recipient}: a message without a Message-ID")
        self.duplicates = sum(len(identities) - 1 for identities in again.values())
        self.arrived = len(arrived)
        self.handed = len([ref for ref in refs if ref not in arrived])

    def __str__(self):
        tasks = f", {self.handed} in tasks" if self.handed else ""
        return f"{self.arrived} arrived{tasks}, {self.duplicates} duplicates (uncertain, same Message-ID), 0 lost"
