"""A synthetic clinic: a folder with a configuration, and a followupd that serves it."""
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Clinic:
    def __init__(self, programs, mail_port=9):
        self.programs = programs
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="followupd-bench."))
        self.state = self.folder / "state"
        self.environment = {**os.environ, "FOLLOWUPD_SOCKET": str(self.folder / "control.sock"),
                            "STATE_DIRECTORY": str(self.state), "NO_COLOR": "1"}
        for name in ("FOLLOWUPD_INSTANCE", "WATCHDOG_USEC", "LISTEN_FDS", "JOURNAL_STREAM"):
            self.environment.pop(name, None)
        (self.folder / "plans.d").mkdir()
        self.state.mkdir(mode=0o700)
        (self.folder / "followupd.toml").write_text(f"""
[clinic]
name = "Riverside Family Practice"
zone = "UTC"
phone = "+1 604 555 0100"
hours = "00:00-24:00"
[delivery]
mode = "live"
[contact_hours]
daily = ["00:00-24:00"]
[channels.email]
adapter = "smtp"
url = "smtp://127.0.0.1:{mail_port}"
tls = "none"
from = "Riverside Family Practice <reminders@example.org>"
per_minute = 0
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
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
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

    def resident_kilobytes(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
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
        with sqlite3.connect(f"file:{next(self.state.glob('*.sqlite'))}?mode=ro", uri=True) as database:
            return [str(row[-1]) for row in database.execute(statement)]
