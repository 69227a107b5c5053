"""Many reminders that fall due at once: one is promised through the socket, the others are copies of its rows."""
import collections
import time

from clinic import cpu_seconds

# What a clinic took for all that was due: seconds, and seconds of its processes' time.
Sent = collections.namedtuple("Sent", "seconds cpu")


def promise(clinic, count, channel="email", in_random_order=False, mail_every=0):
    """Fills the database of a clinic that does not run, as the daemon itself would have: a patient and a visit a reminder.

    A reminder is of use until its visit: the same instant for all, so that triage takes them as they lie in their table, or
    one of the day after, in no order. Of `mail_every`, each so many-th goes by e-mail. None is due before `make_due`.
    """
    visit = int(time.time()) // 60 * 60 + 25 * 3600
    contact = ("--email", "p1@example.org") if channel == "email" else ("--sms", "+16042000001")
    clinic.start()
    clinic.ctl("patient", "add", "p1", "--name", "Patient 1", *contact)
    clinic.ctl("add", "p1", "--due", time.strftime("%Y-%m-%dT%H:%M", time.gmtime(visit)), "--plan", "day-before")
    clinic.stop()
    at = f"({visit} + i * 7919 % 1440 * 60)" if in_random_order else str(visit)
    civil = f"strftime('%Y-%m-%dT%H:%M', {at}, 'unixepoch')"
    mail = f"i % {mail_every} = 0" if mail_every else str(int(channel == "email"))
    address = f"iif({mail}, 'p' || i || '@example.org', '+1604' || (2000000 + i))"
    with clinic.database() as database:
        for table, changes in (
                ("patient", {"ref": "'p' || i", "name": "'Patient ' || i", "name_folded": "'patient ' || i"}),
                ("contact", {"patient_id": "i", "channel": f"iif({mail}, 'email', 'sms')", "address": address,
                             "normalised": address}),
                ("follow_up", {"patient_id": "i", "civil": civil}),
                ("occurrence", {"follow_up_id": "i", "key": f"substr({civil}, 1, 10)", "civil": civil, "anchor_at": at}),
                ("reminder", {"occurrence_id": "i", "expires_at": at})):
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = ", ".join({"id": "i", **changes}.get(name, f'"{name}"') for name in names)
            database.execute(f"""
                WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                INSERT INTO {table} SELECT {values} FROM n CROSS JOIN (SELECT * FROM {table} WHERE id = 1)""")


def make_due(clinic, instant):
    """Makes all that is planned due at an instant. The clinic does not run."""
    with clinic.database() as database:
        database.execute(f"UPDATE reminder SET intended_at = {instant}, planned_at = {instant}, wake_at = {instant} "
                         "WHERE state = 'planned'")


def send_all(clinic, channel, within=900):
    """Starts the clinic with all due a while later; what it took from then to the last one of a channel recorded as sent."""
    count = clinic.value("SELECT count(*) FROM reminder JOIN contact ON contact.id = reminder.id "
                         f"WHERE reminder.state = 'planned' AND channel = '{channel}'")
    # Until then it has started, checked its database, and gone to sleep.
    instant = int(time.time()) + 4 + count // 100_000
    make_due(clinic, instant)
    clinic.start()
    time.sleep(max(0, instant - time.time()))
    before = cpu_seconds(clinic.process)
    seconds = clinic.wait_until_none_is_due(channel, within) - instant
    cpu = cpu_seconds(clinic.process) - before
    sent = clinic.value(f"SELECT count(*) FROM message WHERE state = 'sent' AND channel = '{channel}'")
    if sent != count:
        raise SystemExit(f"{count} were due, {sent} are sent: see {clinic.keep()}")
    return Sent(seconds, cpu)
