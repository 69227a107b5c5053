"""Measures delivery: what is due against what the same peers take from tools that keep no promise."""
import contextlib
import re
import statistics
import subprocess
import tempfile
import time

from clinic import Clinic
from due import promise, send_all
from sinks import HookSink, MailSink, SlowMailSink

CONNECTIONS = 16


class Delivery:
    def __init__(self, programs, report, quick, count=10_000, only=()):
        self.programs, self.report, self.count, self.only = programs, report, count, only
        self.rounds = 1 if quick else 5

    def measure(self):
        for name in ("smtp", "smtp_20ms", "webhook"):
            if not self.only or name in self.only:
                getattr(self, name)()

    def ours(self, channel, count, mail=None, hook=None, **kind):
        """How many messages a second leave, each claimed and recorded; and one of them as it went."""
        with contextlib.closing(Clinic(self.programs, mail.port if mail else 9, hook.port if hook else 9,
                                       connections=CONNECTIONS)) as clinic:
            promise(clinic, count, channel, **kind)
            seconds = send_all(clinic, count)
            wire = clinic.value("SELECT wire FROM message_body LIMIT 1")
        return count / seconds, wire

    def smtp(self):
        with MailSink() as sink:
            self.against_source(f"{self.count:,} due by SMTP", sink, 0.6, self.count)

    def smtp_20ms(self):
        with SlowMailSink(20) as sink:
            self.against_source("the same, server takes 20 ms", sink, 0.9, self.count)

    def against_source(self, work, sink, goal, count):
        ours, peers = [], []
        for _ in range(self.rounds):
            rate, wire = self.ours("email", count, mail=sink)
            ours.append(rate)
            body = len(wire) - wire.index(b"\r\n\r\n") - 4
            command = f"smtp-source -d -s {CONNECTIONS} -m {count} -l {body} 127.0.0.1:{sink.port}"
            started = time.time()
            subprocess.run(command.split(), check=True)
            peers.append(count / (time.time() - started))
        self.compare(work, ours, peers, goal, command)

    def webhook(self):
        ours, peers = [], []
        with HookSink() as sink:
            for _ in range(self.rounds):
                rate, body = self.ours("sms", self.count, hook=sink)
                ours.append(rate)
                peers.append(self.wrk(sink, body))
        self.compare(f"{self.count:,} due by webhook", ours, peers, 0.2, f"wrk -t1 -c{CONNECTIONS} POST, nginx 204")

    def wrk(self, sink, body):
        """Requests a second of the same body."""
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                         f"wrk.body = [==[{body.decode()}]==]\n")
            script.flush()
            text = subprocess.check_output(["wrk", "-t1", f"-c{CONNECTIONS}", "-d2s", "-s", script.name,
                                            f"http://127.0.0.1:{sink.port}/messages"], text=True)
        return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])

    def compare(self, work, ours, peers, goal, command):
        ours, peers = statistics.median(ours), statistics.median(peers)
        self.report(work, f"{ours:,.0f}/s, {ours / peers:.2f} times", f"{goal}", ours / peers >= goal,
                    f"{peers:,.0f}/s: {command}")
