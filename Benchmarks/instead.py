"""What a clinic would use instead: scripts, Alertmanager, job queues. Each sends `count` to a sink and returns its rate."""
import contextlib
import json
import pathlib
import re
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

from sinks import PEERS

SCRIPTS = {"cron": "cron_script.py", "tuned": "tuned_script.py"}
QUEUES = ("apscheduler", "huey", "celery")
NAMES = {"cron": "a script of cron's", "tuned": "the same tuned", "alertmanager": "Alertmanager",
         "apscheduler": "APScheduler", "huey": "huey", "celery": "Celery"}
# How many times as fast we are to be. The queues have none: each is slower than the scripts.
GOALS = {"cron": 15, "tuned": 2, "alertmanager": 2}
COMMANDS = {
    "cron": "peers/cron_script.py: a kept connection, SQLite in WAL mode, a commit each",
    "tuned": "peers/tuned_script.py: 4 threads, batches of 1000",
    "alertmanager": "prometheus-alertmanager, a group an alert; nothing durable",
    "apscheduler": "peers/queue_worker.py: on SQLite, 16 threads", "huey": "peers/queue_worker.py: on SQLite, 16 threads",
    "celery": "peers/queue_worker.py: on Redis, 16 threads"}


def script(name, kind, sink, count):
    """A script of peers/ on a database of its own, in WAL mode with synchronous=FULL, from its start to its end."""
    with tempfile.TemporaryDirectory(prefix="followupd-script.") as folder:
        path = f"{folder}/reminders.sqlite"
        database = sqlite3.connect(path)
        database.executescript("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE reminder (id INTEGER PRIMARY KEY, name TEXT, address TEXT, day TEXT, due_at INTEGER, state TEXT,
              sent_at INTEGER);
            CREATE INDEX reminder_due ON reminder (state, due_at)""")
        with database:
            database.executemany("INSERT INTO reminder VALUES (?, ?, ?, 'Monday 23 November 2026', 0, 'planned', NULL)", (
                (number, f"Patient {number}", f"p{number}@example.org") for number in range(count)))
        started = time.time()
        subprocess.run(["/usr/bin/python3", PEERS / SCRIPTS[name], path, kind, str(sink.port)], check=True)
        seconds = time.time() - started
        sent = database.execute("SELECT count(*) FROM reminder WHERE state = 'sent'").fetchone()[0]
        database.close()
    if sent != count:
        raise SystemExit(f"{SCRIPTS[name]}: {sent} of {count} sent")
    return count / seconds


def alertmanager(kind, sink, count):
    """Debian's Alertmanager with a group an alert, so that each is a notification: from the first alert to the last one out."""
    with tempfile.TemporaryDirectory(prefix="followupd-alertmanager.") as folder, socket.socket() as probe:
        receiver = {
            "smtp": "email_configs: [{to: '{{ .GroupLabels.address }}', html: '', text: '{{ .CommonAnnotations.text }}'}]",
            "webhook": f"webhook_configs: [{{url: 'http://127.0.0.1:{sink.port}/messages'}}]"}[kind]
        pathlib.Path(folder, "alertmanager.yml").write_text(f"""
global: {{smtp_smarthost: '127.0.0.1:{sink.port}', smtp_from: 'reminders@example.org', smtp_require_tls: false}}
route: {{receiver: patients, group_by: ['...'], group_wait: 0s, group_interval: 1h, repeat_interval: 24h}}
receivers:
- name: patients
  {receiver}
""")
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}",
             f"--web.listen-address={address}", "--cluster.listen-address="], stderr=subprocess.DEVNULL)
        try:
            while True:
                with contextlib.suppress(OSError):
                    sent_and_failed(address)
                    break
                time.sleep(0.1)
            alerts = [{"labels": {"alertname": "visit", "address": f"p{number}@example.org"}, "annotations": {"text": TEXT}}
                      for number in range(count)]
            bodies = [json.dumps(alerts[start:start + 1000]).encode() for start in range(0, count, 1000)]
            started = time.time()
            for body in bodies:
                urllib.request.urlopen(urllib.request.Request(
                    f"http://{address}/api/v2/alerts", body, {"Content-Type": "application/json"})).read()
            while (figures := sent_and_failed(address))[0] < count:
                if figures[1] or time.time() - started > 120:
                    raise SystemExit(f"Alertmanager: {figures[0]} of {count} sent, {figures[1]} failed")
                time.sleep(0.02)
            return count / (time.time() - started)
        finally:
            process.kill()
            process.wait()


def queue(python, name, kind, sink, count):
    """A job queue from PyPI, by a Python that has it; a fifth of the count, for it is slow."""
    with tempfile.TemporaryDirectory(prefix="followupd-queue.") as folder:
        redis = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", f"{folder}/redis", "--dir", folder],
                                 stdout=subprocess.DEVNULL) if name == "celery" else None
        try:
            while redis and not pathlib.Path(folder, "redis").exists():
                time.sleep(0.05)
            return float(subprocess.check_output(
                [python, PEERS / "queue_worker.py", name, kind, str(sink.port), str(count // 5), folder],
                stderr=subprocess.DEVNULL, timeout=120).split()[-1])
        finally:
            if redis:
                redis.kill()
                redis.wait()


def sent_and_failed(address):
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:
        text = answer.read().decode()
    return [sum(float(number) for number in re.findall(
        rf'^alertmanager_notifications{suffix}_total{{[^}}]*}} (\S+)$', text, re.M)) for suffix in ("", "_failed")]


TEXT = re.search(r'TEXT = """(.*?)"""', (PEERS / "cron_script.py").read_text(), re.S)[1].format(
    name="Patient", day="Monday 23 November 2026")
