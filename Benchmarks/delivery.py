"""Measures delivery: what is due against what the same peers take from others, with a promise to keep and without."""
import collections
import contextlib
import os
import random
import re
import statistics
import subprocess
import tempfile
import time

import instead
from clinic import Clinic, cpu_seconds
from due import make_due, promise, send_all
from sinks import CountingMailSink, HookSink, MailSink, SlowMailSink

CONNECTIONS = 16

# A run of ours: messages a second, each claimed and recorded; one of them as it went; the most memory it ever had, in MB; and
# the microseconds of a message that our threads ran, and the mail server's.
Run = collections.namedtuple("Run", "rate wire peak cpu server_cpu")


class Delivery:
    rows = ("smtp", "smtp_20ms", "webhook", "many", "slow_mail", "instead", "kills", "million")

    def __init__(self, programs, report, quick, count=10_000, only=(), queues=None):
        self.programs, self.report, self.quick, self.count, self.queues = programs, report, quick, count, queues
        self.rounds = 1 if quick else 5
        self.wanted = only or self.rows

    def measure(self):
        for name in self.wanted:
            getattr(self, name)()

    def clinic(self, mail=None, hook=None):
        return contextlib.closing(Clinic(
            self.programs, mail.port if mail else 9, hook.port if hook else 9, connections=CONNECTIONS))

    def ours(self, channel, count, mail=None, hook=None, **kind):
        with self.clinic(mail, hook) as clinic:
            promise(clinic, count, channel, **kind)
            before = cpu_seconds(mail.process) if mail else 0
            sent = send_all(clinic, channel)
            server_cpu = (cpu_seconds(mail.process) if mail else 0) - before
            return Run(count / sent.seconds, clinic.value(f"SELECT wire FROM message_body JOIN message ON id = message_id "
                                                          f"WHERE channel = '{channel}' LIMIT 1"),
                       clinic.resident_kilobytes("VmHWM") / 1024, sent.cpu / count * 1e6, server_cpu / count * 1e6)

    # MARK: Against tools that keep no promise

    def smtp(self):
        with MailSink() as sink:
            runs, peer = self.against_source(f"{self.count:,} due by SMTP", sink, 0.6)
        ours, server = (statistics.median(run[index] for run in runs) for index in (3, 4))
        limit = os.cpu_count() * 1e6 / (ours + server)
        self.report("processors' time of a message by SMTP", f"{ours:.0f} µs, and {server:.0f} µs of the server", "none", True,
                    f"with {os.cpu_count()} processors never idle: {limit:,.0f}/s, {limit / peer:.2f} times smtp-source")

    def smtp_20ms(self):
        with SlowMailSink(20) as sink:
            self.against_source(f"{self.count:,} due by SMTP, server takes 20 ms", sink, 0.9)

    def against_source(self, work, sink, goal):
        ours, peers = [], []
        for _ in range(self.rounds):
            ours.append(self.ours("email", self.count, mail=sink))
            body = len(ours[-1].wire.split(b"\r\n\r\n", 1)[1])
            command = f"smtp-source -d -s {CONNECTIONS} -m {self.count} -l {body}"
            started = time.time()
            subprocess.run([*command.split(), f"127.0.0.1:{sink.port}"], check=True)
            peers.append(self.count / (time.time() - started))
        self.compare(work, [run.rate for run in ours], peers, goal, f"{command} → {sink.name}")
        return ours, statistics.median(peers)

    def webhook(self):
        ours, peers = [], []
        with HookSink() as sink:
            for _ in range(self.rounds):
                ours.append(self.ours("sms", self.count, hook=sink))
                peers.append(wrk(sink, ours[-1].wire))
        self.compare(f"{self.count:,} due by webhook", [run.rate for run in ours], peers, 0.2,
                     f"wrk -t1 -c{CONNECTIONS} POST of {len(ours[-1].wire)} bytes → {sink.name}")

    # MARK: Against itself

    def many(self):
        """Ten times as many, which triage takes in another order than they lie in; and the memory that takes."""
        few, many, mails = [], [], []
        with HookSink() as hook, MailSink() as mail:
            for _ in range(max(1, self.rounds // 2)):
                few.append(self.ours("sms", self.count, hook=hook))
                many.append(self.ours("sms", self.count * 10, hook=hook, in_random_order=True))
            mails.append(self.ours("email", self.count * 10, mail=mail, in_random_order=True))
        self.compare(f"{self.count * 10:,} due by webhook, in random order", [run.rate for run in many],
                     [run.rate for run in few], 0.8, f"itself at {self.count:,} in order")
        peak = max(run.peak for run in many + mails)
        self.report(f"resident memory, {self.count * 10:,} due at once", f"{peak:.1f} MB", "80 MB", peak <= 80,
                    "VmHWM after all were sent, by webhook and by SMTP")

    def slow_mail(self):
        alone, beside = [], []
        with HookSink() as hook, SlowMailSink(3000) as mail:
            for _ in range(self.rounds):
                alone.append(self.ours("sms", self.count, hook=hook).rate)
                with self.clinic(mail, hook) as clinic:
                    promise(clinic, self.count + self.count // 20, "sms", mail_every=21)
                    beside.append(self.count / send_all(clinic, "sms").seconds)
                    clinic.kill()
        self.compare(f"{self.count:,} due by webhook, and {self.count // 20} by a mail server that takes 3 s", beside, alone,
                     0.95, "webhooks alone")

    # MARK: Against what a clinic would use instead

    def instead(self):
        rivals = {
            **{name: lambda *run, name=name: instead.script(name, *run) for name in instead.SCRIPTS},
            "alertmanager": instead.alertmanager,
            **{name: lambda *run, name=name: instead.queue(self.queues, name, *run)
               for name in instead.QUEUES if self.queues}}
        for kind, channel, sink in (("smtp", "email", MailSink()), ("webhook", "sms", HookSink())):
            figures = collections.defaultdict(list)
            with sink:
                for _ in range(max(1, self.rounds // 2)):
                    figures["ours"].append(self.ours(channel, self.count, sink, sink).rate)
                    for name, rival in rivals.items():
                        figures[name].append(rival(kind, sink, self.count))
            for name in rivals:
                self.compare(f"{self.count:,} due by {'SMTP' if kind == 'smtp' else kind}, instead of {instead.NAMES[name]}",
                             figures["ours"], figures[name], instead.GOALS.get(name), instead.COMMANDS[name])

    # MARK: What is left

    def kills(self):
        """How many a server took of which the database knows nothing after `kill -9`."""
        left, before = [], 0
        kills = 5 if self.quick else 15
        with CountingMailSink() as sink, self.clinic(mail=sink) as clinic:
            promise(clinic, kills * 6000)
            make_due(clinic, int(time.time()))
            for _ in range(kills):
                clinic.start()
                end = sink.count + random.randint(2000, 4000)
                while sink.count < end:
                    time.sleep(0.001)
                clinic.kill()
                taken = sink.settled()
                delivered = clinic.delivered_beside()
                with clinic.database() as database:
                    recorded, waiting = database.execute(
                        "SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'planned') FROM reminder"
                    ).fetchone()
                    open_attempts = database.execute("SELECT id FROM attempt WHERE state = 'claimed'").fetchall()
                recorded += len(delivered & {row[0] for row in open_attempts})
                if not waiting:
                    raise SystemExit("all was sent before the kill")
                left.append(taken - recorded - before)
                before = taken - recorded
        middle = statistics.median(left)
        self.report("sent but unrecorded at kill -9", f"{middle:.0f}, at most {max(left)}", "16", middle <= 16,
                    f"median of {kills} kills in full flow: count of smtp-sink less those recorded as sent, in the database or the "
                    "file beside it that the next start goes by")

    def million(self):
        """Start with many rows, and what they take on the disk once sent and their bodies deleted."""
        count = 20_000 if self.quick else 1_000_000
        starts = []
        with HookSink() as sink, self.clinic(hook=sink) as clinic:
            promise(clinic, count, "sms")
            for _ in range(max(3, self.rounds)):
                starts.append(clinic.start() * 1000)
                clinic.stop()
            middle = statistics.median(starts)
            self.report(f"start to READY=1, {count:,} reminders", f"{middle:.1f} ms", "150 ms", middle <= 150,
                        "after a clean stop")
            send_all(clinic, "sms")
            clinic.stop()
            with clinic.database() as database:
                # What the daemon does 30 days later.
                database.executescript("DELETE FROM message_body; UPDATE message SET address = NULL; "
                                       "UPDATE attempt SET detail = NULL")
                tables = dict(database.execute("""
                    SELECT tbl_name, sum(pgsize) FROM sqlite_schema s JOIN dbstat ON dbstat.name = s.name
                    WHERE tbl_name IN ('reminder', 'message', 'message_body', 'message_reminder', 'attempt') GROUP BY 1"""))
                payload = database.execute("""
                    SELECT sum(payload) FROM dbstat
                    WHERE name IN ('reminder', 'message', 'message_reminder', 'attempt')""").fetchone()[0]
        each = sum(tables.values()) / count
        parts = ", ".join(f"{table} {size / count:.0f}" for table, size in tables.items())
        self.report(f"database, {count:,} reminders sent, bodies deleted", f"{each:.0f} bytes a reminder", "400 bytes",
                    each <= 400, f"pages of tables and indexes: {parts}; data in the tables: {payload / count:.0f}")

    def compare(self, work, ours, peers, goal, command):
        ours, peers = statistics.median(ours), statistics.median(peers)
        self.report(work, f"{ours:,.0f}/s, {ours / peers:.2f} times", f"{goal or 'none'}", ours / peers >= (goal or 0),
                    f"{peers:,.0f}/s: {command}")


def wrk(sink, body):
    """Requests a second of the same body."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                     f"wrk.body = [==[{body.decode()}]==]\n")
        script.flush()
        text = subprocess.check_output(["wrk", "-t1", f"-c{CONNECTIONS}", "-d2s", "-s", script.name,
                                        f"http://127.0.0.1:{sink.port}/messages"], text=True)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])
