"""A synthetic clinic: a folder with a configuration, and a followupd that serves it."""
import base64
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def cpu_seconds(process):
    """How long all threads of a process have run so far, for themselves and in the kernel."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Clinic:
    def __init__(self, programs, mail_port=9, hook_port=9, connections=8, bodies="30d"):
        self.programs = programs
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="followupd-bench."))
        self.state = self.folder / "state"
        self.environment = {**os.environ, "FOLLOWUPD_SOCKET": str(self.folder / "control.sock"),
                            "STATE_DIRECTORY": str(self.state), "CREDENTIALS_DIRECTORY": str(self.folder / "keys"),
                            "NO_COLOR": "1"}
        for name in ("FOLLOWUPD_INSTANCE", "WATCHDOG_USEC", "LISTEN_FDS", "JOURNAL_STREAM"):
            self.environment.pop(name, None)
        (self.folder / "plans.d").mkdir()
        self.state.mkdir(mode=0o700)
        (self.folder / "keys").mkdir(mode=0o700)
        (self.folder / "keys" / "webhook-key").write_text("whsec_" + base64.b64encode(os.urandom(24)).decode())
        (self.folder / "followupd.toml").write_text(f"""
[clinic]
name = "Riverside Family Practice"
zone = "UTC"
phone = "+1 604 555 0100"
hours = "00:00-24:00"
[delivery]
mode = "live"
max_connections = {connections}
[contact_hours]
daily = ["00:00-24:00"]
[channels.email]
adapter = "smtp"
url = "smtp://127.0.0.1:{mail_port}"
tls = "none"
from = "Riverside Family Practice <reminders@example.org>"
per_minute = 0
[channels.sms]
adapter = "webhook"
url = "http://127.0.0.1:{hook_port}/messages"
allow_networks = ["127.0.0.0/8"]
signing_credentials = ["webhook-key"]
per_minute = 0
[retention]
message_bodies = "{bodies}"
""")
        (self.folder / "plans.d" / "at-anchor.toml").write_text("""
[plan]
name = "at-anchor"
title = "Visit"
[[step]]
id = "at"
at = "+0m"
when = "expected"
template = "visit"
""")
        (self.folder / "plans.d" / "day-before.toml").write_text("""
[plan]
name = "day-before"
title = "Visit"
[[step]]
id = "day-before"
at = "-24h"
template = "visit"
""")
        self.process = None
        self.kept = False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stop()
        if not self.kept:
            shutil.rmtree(self.folder)

    def start(self):
        """Starts the daemon; returns the seconds from the start of its process to READY=1."""
        path = str(self.folder / "notify.sock")
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, open(self.folder / "log", "ab") as log:
            notify.bind(path)
            notify.settimeout(30)
            started = time.perf_counter()
            self.process = subprocess.Popen(
                [self.programs / "followupd", "--config", self.folder / "followupd.toml"], cwd=self.folder,
                env={**self.environment, "NOTIFY_SOCKET": path}, stderr=log)
            while b"READY=1" not in notify.recv(4096):
                pass
            return time.perf_counter() - started

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def delivered_beside(self):
        """The attempts that the file of what has begun tells to be delivered: their number stands twice in a slot."""
        data = (self.state / "begun").read_bytes()
        pairs = struct.iter_unpack("<qq", data[64:])
        return {first for first, second in pairs if first and first == second}

    def ctl(self, *arguments):
        done = subprocess.run([self.programs / "followupctl", "--json", *arguments], env=self.environment, check=True,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def fill(self, count, days):
        """Adds patients with a visit each, the same number of days ahead."""
        when = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + days * 86400))
        subprocess.run(["/usr/bin/python3", ROOT / "Tests/Fixtures/peers/add_many.py",
                        self.environment["FOLLOWUPD_SOCKET"], str(count), when], check=True)

    def add_at_next_minute(self, ref):
        """Promises a reminder for the start of the next minute that is at least 5 s away; returns that instant."""
        planned = (int(time.time()) + 5) // 60 * 60 + 60
        self.ctl("patient", "add", ref, "--name", f"Patient {ref}", "--email", f"{ref}@example.org")
        self.ctl("add", ref, "--due", time.strftime("%Y-%m-%dT%H:%M", time.gmtime(planned)), "--plan", "at-anchor")
        return planned

    def resident_kilobytes(self, which="VmRSS"):
        """What is resident, or with `VmHWM` the most that ever was."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(which + ":"):
                return int(line.split()[1])

    def switches(self):
        """How often each of the daemon's threads went to sleep so far: each wake-up ends in one."""
        counts = {}
        for status in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            for line in status.read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches:"):
                    counts[status.parent.name] = int(line.split()[1])
        return counts

    def settle(self):
        """Waits until the threads that the last work needed have gone: for 10 s the same ones, at most 60 s."""
        deadline, since, threads = time.time() + 60, time.time(), set()
        while time.time() < deadline and time.time() - since < 10:
            now = set(self.switches())
            if now != threads:
                since, threads = time.time(), now
            time.sleep(0.5)

    def sql(self, statement):
        with sqlite3.connect(f"file:{self.database_path}?mode=ro", uri=True) as database:
            return [str(row[-1]) for row in database.execute(statement)]

    def value(self, statement):
        with sqlite3.connect(f"file:{self.database_path}?mode=ro", uri=True) as database:
            return database.execute(statement).fetchone()[0]

    @property
    def database_path(self):
        return next(self.state.glob("*.sqlite"))

    @contextlib.contextmanager
    def database(self):
        """The database of a clinic that does not run, to write to: durable when the block ends, and in one file."""
        database = sqlite3.connect(self.database_path)
        for pragma in ("synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF"):
            database.execute(f"PRAGMA {pragma}")
        with database:
            yield database
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def wait_until_none_is_due(self, channel, within):
        """When nothing was due any more nor on its way by a channel, as seconds since 1970."""
        database = sqlite3.connect(f"file:{self.database_path}?mode=ro", uri=True)
        deadline = time.time() + within
        while database.execute("""
                SELECT EXISTS (SELECT 1 FROM reminder WHERE wake_at IS NOT NULL) OR EXISTS (
                  SELECT 1 FROM message WHERE final_at IS NULL AND channel = ?)""",
                (channel,)).fetchone()[0]:
            if time.time() > deadline:
                sys.exit(f"reminders are still due after {within} s: see {self.keep()}")
            time.sleep(0.01)
        database.close()
        return time.time()

    def keep(self):
        """Leaves the folder where it is, for a look at what went wrong."""
        self.kept = True
        return self.folder
