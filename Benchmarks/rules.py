"""Measures the rules: recurrence, zones, planning, clearance and look-ups, in the release build and beside their peers."""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

# The `now` of Benchmarks/Rules: what is due first is due then.
NOW = 1_795_456_800


class Rules:
    def __init__(self, program, report, quick):
        self.program, self.report = program, report
        self.rounds = 5 if quick else 15
        self.large = 1_000_000 if quick else 10_000_000
        self.folder = None

    def measure(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="followupd-bench."))
        try:
            self.pure()
            self.planning()
            self.updating()
            self.seeking()
            self.listing()
        finally:
            shutil.rmtree(self.folder)

    def run(self, *arguments):
        return json.loads(subprocess.check_output([self.program, *map(str, arguments)]))

    def pure(self):
        figures = self.run("pure", self.rounds)
        for name in sorted(key.split(".")[1] for key in figures if key.startswith("next.")):
            ratio = figures[f"foundation.{name}"]
            self.report(f"next date after, {name}", f"{figures[f'next.{name}']:,.0f}/s, {ratio:.0f} times as fast",
                        "20 times", ratio >= 20, "Calendar.RecurrenceRule, 300 dates in sequence")
        for years in (10, 100):
            ratio = max(figure for key, figure in figures.items() if key.startswith(f"age{years}."))
            self.report(f"next date after, {years} years after the anchor", f"{ratio:.2f} times", "1.25 times at most",
                        ratio <= 1.25, "the same one year after the anchor; the slowest of the four rules")
        for key, work, goal in (("civil", "civil time to instant, four zones", 1_000_000),
                                ("plan", "planning a follow-up of four steps, pure", 100_000),
                                ("clear", "clearance of one reminder, pure", 200_000)):
            self.report(work, f"{figures[key]:,.0f}/s", f"{goal:,}/s", figures[key] >= goal, "")

    def planning(self):
        figures = self.run("plan", self.folder / "plan", max(3, self.rounds // 3))
        first, anew = figures["plan first"], figures["plan anew"]
        self.report("100,000 reminders planned into SQLite", f"{first:,.0f}/s", "10,000/s", first >= 10_000,
                    "batches of 1000, synchronous=FULL")
        self.report("100,000 reminders planned anew", f"{anew:,.0f}/s", "20,000/s", anew >= 20_000,
                    "other contact hours: every row changes")
        memory = figures["memory"]
        self.report("memory of planning 100,000 anew", f"{memory:+.1f} MB", "8 MB at most", memory <= 8,
                    "the peak over that of 10,000")
        shutil.rmtree(self.folder / "plan")

    def updating(self):
        """Results of attempts recorded: through the store, and by the C API."""
        count, folders = 20_000, [self.folder / name for name in ("store", "raw")]
        for folder in folders:
            self.run("make", folder, 0)
            with sqlite3.connect(folder / "followupd.sqlite") as database:
                database.execute(f"""
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                    INSERT INTO attempt (id, message_id, n, invocation, state, send_by, claimed_at)
                    SELECT i, i, 1, '0123456789abcdef', 'claimed', {NOW}, {NOW} FROM n""")
        figures = self.run("update", *folders, count, self.rounds)
        ours, raw = 1 / figures["update.store"], 1 / figures["update.raw"]
        self.report("results recorded in batches of 1000", f"{ours:,.0f}/s, {ours / raw:.2f} times", "0.8", ours / raw >= 0.8,
                    f"{raw:,.0f}/s: the same statement by SQLite's C API")

    def seeking(self):
        """The next due row in a small database and in a large one."""
        small, large = self.fill("small", 1000, 10), self.fill("large", self.large, 100)
        figures = self.run("seek", small, large, self.rounds * 5)
        for key, work in (("wake", "when the next row is due"), ("due", "the next due row")):
            ratio = figures[f"{key}.large"] / figures[f"{key}.small"]
            self.report(f"{work}, {self.large:,} pending", f"{ratio:.2f} times", "1.5 times at most", ratio <= 1.5,
                        f"1,000 pending: {figures[f'{key}.small'] * 1e6:.0f} µs")
        shutil.rmtree(small)
        shutil.rmtree(large)

    def listing(self):
        """A page of what is upcoming."""
        small, large = self.fill("small", 1000, 4), self.fill("million", 1_000_000, 4)
        figures = self.run("list", small, large, self.rounds)
        seconds = figures["upcoming.large"]
        self.report("a page of upcoming, 1,000,000 pending", f"{seconds * 1000:.1f} ms", "100 ms", seconds <= 0.1,
                    f"1,000 pending: {figures['upcoming.small'] * 1000:.1f} ms")
        shutil.rmtree(small)
        shutil.rmtree(large)

    def fill(self, name, reminders, steps):
        """A database of the daemon's own schema with so many pending reminders, made by SQL: the first is due at NOW."""
        folder = self.folder / name
        self.run("make", folder, 0)
        occurrences = reminders // steps
        with sqlite3.connect(folder / "followupd.sqlite", isolation_level=None) as database:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF"):
                database.execute(f"PRAGMA {pragma}")
            indexes = list(database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
                                            "AND tbl_name = 'reminder'"))
            for index, _ in indexes:
                database.execute(f"DROP INDEX {index}")
            database.executescript(f"""
                BEGIN;
                INSERT INTO plan_version (id, name, digest, definition, loaded_at) VALUES (1, 'visit', '', '{{}}', 0);
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {occurrences})
                INSERT INTO patient (id, ref, name, name_folded, created_at, updated_at)
                SELECT i, 'p' || i, 'Patient ' || i, 'patient ' || i, 0, 0 FROM n;
                INSERT INTO follow_up (id, patient_id, plan, priority, owner, civil, zone, created_at, updated_at)
                SELECT id, id, 'visit', 'routine', 'role:front-desk', '2027-01-04T14:30', 'UTC', 0, 0 FROM patient;
                INSERT INTO occurrence (id, follow_up_id, key, civil, zone, anchor_at, created_at, updated_at)
                SELECT id, id, '2027-01-04', '2027-01-04T14:30', 'UTC', {NOW} + 86400, 0, 0 FROM follow_up;
                WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {reminders - 1})
                INSERT INTO reminder (id, occurrence_id, revision, kind, step, plan_version_id, priority, intended_at,
                  planned_at, expires_at, wake_at, state, updated_at)
                SELECT i + 1, i / {steps} + 1, 1, 'step', 's' || (i % {steps}), 1, i % 3, at, at, at + 864000, at,
                  'planned', 0
                FROM (SELECT i, {NOW} + (i * 7919) % {reminders} AS at FROM n);
                COMMIT;
                """)
            for _, sql in indexes:
                database.execute(sql)
        return folder
