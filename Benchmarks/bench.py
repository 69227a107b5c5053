"""Measures followupd's release programs: each figure beside its goal, and beside a peer measured in the same rounds."""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

from clinic import Clinic, ROOT
from delivery import Delivery
from gate import Gate
from rules import Rules

arguments = argparse.ArgumentParser()
arguments.add_argument("--programs", type=lambda text: pathlib.Path(text).resolve(), required=True)
arguments.add_argument("--quick", action="store_true")
arguments.add_argument("--only", default="", help="rows of the section delivery, with commas between")
arguments.add_argument("--count", type=int, default=10_000, help="how many are due in the section delivery")
arguments.add_argument("--queues", help="a Python with the job queues that the section delivery is set beside")
arguments.add_argument("--markdown", type=pathlib.Path, help="a file to put the table into, between its marks if it has any")
arguments.add_argument("section", nargs="?", choices=["daemon", "rules", "delivery"])
options = arguments.parse_args()
rounds, idle_seconds, reminders = (7, 10, 1) if options.quick else (25, 60, 3)

rows = []


def report(work, figure, goal, met, against):
    rows.append((work, figure, goal, "met" if met else "MISSED", against))
    print(f"  {work}: {figure} (goal {goal})", flush=True)


def milliseconds(command, **kwargs):
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **kwargs)
    return (time.perf_counter() - started) * 1000


def median(values):
    return statistics.median(values)


def whole_process():
    """`followupctl ping` as a whole process, against a Python script that has only imported what it needs."""
    peer = ["/usr/bin/python3", "-c", "import sqlite3,smtplib"]
    with Clinic(options.programs) as clinic:
        ping = [options.programs / "followupctl", "ping"]
        pings, peers = [], []
        for _ in range(rounds):
            pings.append(milliseconds(ping, env=clinic.environment))
            peers.append(milliseconds(peer))
    report("followupctl ping, whole process", f"{median(pings):.1f} ms", "20 ms", median(pings) <= 20,
           f"{median(peers):.1f} ms: {' '.join(peer)}")


def start():
    """From the start of the process to READY=1, against a start that does nothing."""
    peer = [options.programs / "followupd", "--version"]
    starts, peers = [], []
    with Clinic(options.programs) as clinic:
        for _ in range(rounds):
            clinic.stop()
            starts.append(clinic.start() * 1000)
            peers.append(milliseconds(peer))
    report("start to READY=1", f"{median(starts):.1f} ms", "150 ms", median(starts) <= 150,
           f"{median(peers):.1f} ms: followupd --version")


def idle():
    """Resident memory and wake-ups with pending work and nothing due."""
    with Clinic(options.programs) as clinic:
        clinic.fill(200, days=20)
        clinic.settle()
        memory = clinic.resident_kilobytes() / 1024
        before = clinic.switches()
        time.sleep(idle_seconds)
        after = clinic.switches()
        wakes = sum(count - before.get(thread, 0) for thread, count in after.items()) + len(before.keys() - after.keys())
    report("resident memory, idle", f"{memory:.1f} MB", "45 MB", memory <= 45, "")
    report(f"wake-ups in {idle_seconds} s, 200 follow-ups pending", str(wakes), "0", wakes == 0,
           "voluntary_ctxt_switches of all threads, and threads that ended")


def lateness():
    """From a reminder's planned instant to its first bytes at the mail server."""
    late = []
    with Gate() as gate, Clinic(options.programs, mail_port=gate.port) as clinic:
        for number in range(reminders):
            planned = clinic.add_at_next_minute(f"r{number}")
            arrived = gate.wait_for_next(planned + 30)
            late.append((arrived - planned) * 1000)
    report(f"lateness of a reminder alone ({reminders})", f"{median(late):.1f} ms", "20 ms", 0 <= median(late) <= 20,
           "first bytes at the peer, connection included")


def query_plan():
    """The next wake comes from indexes alone: the statement as it stands in the source, on a database of the daemon's."""
    source = (ROOT / "Sources/FollowUpStore/Queries/Transaction+Wakes.swift").read_text()
    statement = next(text for text in source.split('"""')[1::2] if "UNION ALL" in text and "wake_at" in text)
    with Clinic(options.programs) as clinic:
        clinic.fill(200, days=20)
        plan = clinic.sql("EXPLAIN QUERY PLAN " + statement)
    tables = [line for line in plan if "reminder" in line or "deadline" in line]
    bad = [line for line in tables if "COVERING INDEX" not in line] + [line for line in plan if "TEMP B-TREE" in line]
    report("finding the next due row", f"{len(tables)} look-ups, {len(bad)} outside an index", "index only",
           bool(tables) and not bad, "; ".join(bad) or "EXPLAIN QUERY PLAN of nextWake")


def rules():
    """What is decided: recurrence, zones, planning, clearance, look-ups."""
    Rules(options.programs / "rules-bench", report, options.quick).measure()


def delivery():
    """What is due, sent: against what the same peers take otherwise, and what a clinic would use instead."""
    only = [name for name in options.only.split(",") if name]
    Delivery(options.programs, report, options.quick, options.count, only, options.queues).measure()


sections = {"daemon": (whole_process, start, query_plan, lateness, idle), "rules": (rules,), "delivery": (delivery,)}
for name, measures in sections.items():
    if options.section in (None, name):
        for measure in measures:
            measure()

model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
machine = f"{os.cpu_count()} × {model}, medians of interleaved rounds"
print(f"\n{machine}\n")
header = ("work", "figure", "goal", "verdict", "measured against")
widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
for row in [header, tuple("-" * width for width in widths), *rows]:
    print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
if options.markdown:
    lines = [header, ("---",) * len(header), *(tuple(text.replace("|", "\\|") for text in row) for row in rows)]
    table = f"{machine}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in lines)
    begin, end = "<!-- scripts/bench -->\n", "<!-- end -->"
    text = options.markdown.read_text() if options.markdown.exists() else begin + end
    before, _, rest = text.partition(begin)
    options.markdown.write_text(f"{before}{begin}{table}{end}{rest.partition(end)[2]}" if rest else table)
sys.exit(any(row[3] != "met" for row in rows))
