"""What staff and files hand in: promises 30 to 32, and 48."""
import email as mail_parser
import email.policy
import re
import sqlite3
import subprocess
import unicodedata

from clinic import CallError, Clinic, email, in_minutes
from crash import later
from scene import Sink, expect, fault, header, until

EVIL = ["\r\nBcc: victim@example.net", "\nBcc: victim@example.net", "\rBcc: victim@example.net", "\r\n.\r\nMAIL FROM:<x@y.test>",
        "\0", "\x1b[2J", "\x7f", "\u2028Bcc: victim@example.net", "\u0085x", "\r\n\r\nText of another"]


def parsed(text):
    """A message as an independent parser sees it, without the lines that smtp-sink puts before it."""
    lines = text.split("\n")
    while lines and (lines[0].startswith("X-") or lines[0].startswith(("From ", "Received:", "\t", " "))):
        lines.pop(0)
    return mail_parser.message_from_string("\n".join(lines), policy=mail_parser.policy.default)


@fault(30, "CR, LF, NUL, a lone dot")
def control_characters(scene):
    """Line ends and control characters in every field, by commands and past them by SQL: refused or encoded; on the wire
    each message is one, to its own recipient, with the headers that we wrote."""
    sink = Sink(scene)
    templates = scene.path("clinic") / "templates"
    clinic = Clinic(scene, email(sink.port))
    templates.mkdir()
    (templates / "visit.en.txt").write_text(
        "Subject: Visit of {{patient.calledName}}\nReviewed: test 2026-11-28\n\n.\n..\nHello {{patient.calledName}},\n"
        ".\nQUIT\n.hidden\nFrom the clinic\n.\n")
    clinic.start()
    control = clinic.control()
    refused, taken = 0, 0
    for n, evil in enumerate(EVIL):
        for field in ("name", "calledName", "address", "person", "ref"):
            request = {"ref": f"e{n}-{field}", "name": f"Evil {n}",
                       "contacts": [{"channel": "email", "address": f"e{n}-{field}@example.org"}]}
            if field == "address":
                request["contacts"][0]["address"] = f"e{n}@example.org{evil}"
            elif field == "person":
                request["contacts"][0]["person"] = f"daughter{evil}"
            else:
                request[field] = request.get(field, "Ann") + evil
            try:
                control.call("AddPatient", **request)
                control.call("AddFollowUp", who=request["ref"], when=in_minutes(60), allowPast=True)
                taken += 1
            except CallError:
                refused += 1
    # A dot is a name like any other.
    for name in (".", "..", ".\\n", "QUIT"):
        control.call("AddPatient", ref=f"dot{taken}", name=name, calledName=name,
                     contacts=[{"channel": "email", "address": f"dot{taken}@example.org"}])
        control.call("AddFollowUp", who=f"dot{taken}", when=in_minutes(60), allowPast=True)
        taken += 1
    control.close()
    clinic.settle()
    # Past the commands: rows that somebody wrote by hand.
    clinic.stop()
    by_hand = len(EVIL)
    clinic.start()
    clinic.do("hold", "all", "--reason", "edit")
    for n in range(by_hand):
        clinic.add(f"h{n}")
    database = sqlite3.connect(clinic.database, timeout=10)
    for n, evil in enumerate(EVIL):
        column = ("called_name", "name")[n % 2]
        database.execute(f"UPDATE patient SET {column} = ?, called_name = coalesce(called_name, ?) WHERE ref = ?",
                         ("Ann" + evil, "Ann" + evil, f"h{n}"))
    database.execute("UPDATE contact SET address = ?, normalised = ? WHERE patient_id = (SELECT id FROM patient WHERE ref = 'h0')",
                     ("h0@example.org\r\nRCPT TO:<victim@example.net>",) * 2)
    database.commit()
    database.close()
    clinic.do("release", "all", "--yes")
    clinic.settle()
    messages = sink.messages()
    for recipient, _, text in messages:
        expect("victim" not in recipient and recipient.count("@") == 1, f"to {recipient!r}")
        rcpt = [line for line in text.splitlines() if line.startswith("X-Rcpt-Args")]
        expect(len(rcpt) == 1, f"{recipient}: {len(rcpt)} recipients")
        message = parsed(text)
        expect(message["Bcc"] is None and message["Subject"] is not None, f"{recipient}: headers {message.keys()}")
        expect(not message.defects, f"{recipient}: {message.defects}")
        body = message.get_body(("plain",)).get_content()
        expect("\n.\nQUIT\n.hidden\nFrom the clinic\n." in body.replace("\r\n", "\n"), f"{recipient}: the body is {body!r}")
        expect(len(message.get_all("To")) == 1, f"{recipient}: {message.get_all('To')}")
    answered = len(messages) + len(clinic.tasks())
    expect(len(messages) >= 4, f"only {len(messages)} messages")
    reminders = sum(clinic.states().values())
    expect(answered >= reminders, f"{reminders} reminders, {len(messages)} messages and {len(clinic.tasks())} tasks")
    expect(not re.search(r"victim|\x1b", clinic.log), "the journal tells of it")
    clinic.stop()
    return (f"{refused} commands refused, {taken} taken, {by_hand} rows by hand: {len(messages)} messages, each whole, "
            f"{len(clinic.tasks())} with staff")


@fault(31, "emoji, right-to-left, 10 kB names, IDN")
def scripts(scene):
    """Names and addresses of all kinds: encoded so that an independent parser reads them back, or that one row refused."""
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port))
    (scene.path("clinic") / "templates").mkdir()
    (scene.path("clinic") / "templates" / "visit.en.txt").write_text(
        "Subject: {{patient.calledName}}: your visit\nReviewed: test 2026-11-28\n\nHello {{patient.calledName}},\nsee you.\n")
    clinic.start()
    names = {
        "emoji": "Ana 🧑🏽‍⚕️🎉", "hebrew": "שרה כהן", "arabic": "محمد علي", "override": "Ann \u202etxt", "chinese": "王小明",
        "japanese": "佐藤 花子", "thai": "สมชาย", "hindi": "अनीता", "combining": "Z\u0351\u036b\u0343\u036a\u0302a\u0301lgo",
        "quotes": 'O\'Brien "Al" <x@y.test>, Jr. (\\)', "german": "Jürgen Groß", "long": "Ann " + "x" * 180,
    }
    control = clinic.control()
    taken, refused = {}, []
    for ref, name in names.items():
        try:
            control.call("AddPatient", ref=ref, name=name, calledName=name,
                         contacts=[{"channel": "email", "address": f"{ref}@example.org"}])
            control.call("AddFollowUp", who=ref, when=in_minutes(60), allowPast=True)
            taken[ref] = name
        except CallError:
            refused.append(ref)
    for ref, size in (("ten-kb", 10_000), ("ten-kb-wide", 10_000 // 4)):
        try:
            control.call("AddPatient", ref=ref, name=("x" if ref == "ten-kb" else "🎉") * size,
                         contacts=[{"channel": "email", "address": f"{ref}@example.org"}])
            control.call("AddFollowUp", who=ref, when=in_minutes(60), allowPast=True)
        except CallError:
            refused.append(ref)
    addresses = {"idn": "ana@müller.example", "idn-cjk": "ana@例え.テスト", "local": "ána@example.org", "both": "ána@müller.example",
                 "punycode": "ana@xn--mller-kva.example", "emoji-domain": "ana@🎉.example", "dotless": "ana@exa mple.org"}
    for ref, address in addresses.items():
        try:
            control.call("AddPatient", ref=f"a-{ref}", name=f"Address {ref}", contacts=[{"channel": "email", "address": address}])
            control.call("AddFollowUp", who=f"a-{ref}", when=in_minutes(60), allowPast=True)
        except CallError:
            refused.append(f"a-{ref}")
    control.close()
    clinic.settle()
    arrived = {}
    for recipient, _, text in sink.messages():
        expect(recipient.isascii(), f"{recipient!r} on the wire of a server without SMTPUTF8")
        # Stored dumps end their lines with LF; what is longer than RFC 5321 allows shows all the same.
        expect(max(len(line) for line in text.splitlines()) <= 998, f"{recipient}: a line is too long")
        message = parsed(text)
        expect(not message.defects and not message["Subject"].defects, f"{recipient}: {message.defects}")
        arrived[recipient.split("@")[0]] = message
    for ref, name in taken.items():
        expect(ref in arrived, f"{ref} did not arrive")
        subject = arrived[ref]["Subject"]
        expect(plain(name) in plain(subject), f"{ref}: the subject is {subject!r}")
        body = arrived[ref].get_body(("plain",)).get_content()
        expect(plain(name) in plain(body), f"{ref}: the body is {body!r}")
    expect({"emoji", "hebrew", "arabic", "chinese", "german"} <= taken.keys(), f"refused: {refused}")
    states = clinic.states()
    expect(not states.keys() - {"sent", "failed", "handed"}, f"{states}")
    expect(len(clinic.tasks()) == sum(states.get(state, 0) for state in ("failed", "handed")), f"{clinic.tasks()} for {states}")
    clinic.stop()
    return (f"{len(taken)} names read back, {len(sink.messages())} messages, refused: {', '.join(refused)}; "
            f"{len(clinic.tasks())} addresses with staff")


def plain(text):
    """In one form, without marks that only shape text, and with white space made equal."""
    text = unicodedata.normalize("NFC", re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "", text))
    return re.sub(r"\s+", " ", text).strip()


@fault(32, "template missing, unknown placeholder, no translation")
def texts(scene):
    """What cannot be said is refused at load, or becomes a task; the others go on."""
    sink = Sink(scene)
    clinic = Clinic(scene, email(sink.port))
    templates = clinic.folder / "templates"
    templates.mkdir()
    plan = (clinic.folder / "plans.d" / "now.toml")
    good = plan.read_text()
    faults = {
        "template": lambda: plan.write_text(good.replace('"visit"', '"nothing"')),
        "placeholder": lambda: (templates / "visit.en.txt").write_text(
            "Subject: x\nReviewed: test 2026-11-28\n\nHello {{patient.shoeSize}}\n"),
    }
    for name, spoil in faults.items():
        spoil()
        done = subprocess.run([scene.programs / "followupd", "--config", clinic.configuration, "--check-config"],
                              capture_output=True, env=clinic.environment(), timeout=30)
        expect(done.returncode == 78, f"{name}: --check-config ends with {done.returncode}")
        clinic.launch()
        expect(clinic.ended() == 78, f"{name}: it started")
        plan.write_text(good)
        for file in templates.iterdir():
            file.unlink()
    # Running, a reload with the same faults changes nothing.
    clinic.start()
    for name, spoil in faults.items():
        spoil()
        expect(clinic.ctl("reload")[0] == 78, f"{name}: the reload was taken")
        plan.write_text(good)
        for file in templates.iterdir():
            file.unlink()
    clinic.add("before")
    until("the old texts go on", lambda: sink.count() == 1)
    # A text that is not reviewed, and a language that nobody translated: those patients' visits go to staff.
    (clinic.folder / "plans.d" / "odd.toml").write_text(good.replace('"now"', '"odd"').replace('"visit"', '"odd"'))
    (templates / "odd.fr.txt").write_text("Subject: Bonjour\nReviewed: test 2026-11-28\n\nBonjour {{patient.calledName}}\n")
    (templates / "odd.de.txt").write_text("Subject: Hallo\n\nHallo {{patient.calledName}}\n")
    code, _, error = clinic.ctl("reload")
    expect(code == 0, f"the reload ends with {code}: {error}")
    control = clinic.control()
    for ref, language in (("french", "fr"), ("german", "de"), ("english", "en"), ("klingon", "tlh")):
        control.call("AddPatient", ref=ref, name=ref, language=language,
                     contacts=[{"channel": "email", "address": f"{ref}@example.org"}])
        control.call("AddFollowUp", who=ref, when=in_minutes(60), allowPast=True, plan="odd")
        control.call("AddFollowUp", who=ref, when=in_minutes(57), allowPast=True)
    control.close()
    clinic.settle()
    arrived = [message[0].split("@")[0] for message in sink.messages()]
    tasks = clinic.tasks("no-template")
    clinic.stop()
    expect(len(tasks) == 3, f"tasks {tasks}, arrived {arrived}")
    expect(set(arrived) == {"before", "french", "german", "english", "klingon"}, f"arrived: {arrived}")
    return f"2 faults refused at start and at reload with 78; {len(tasks)} visits without a text with staff, the others sent"


@fault(48, "a bundle of which one part is cancelled between tries")
def bundle(scene):
    """451, then one part is cancelled: a new message with a new identity. After doubt it is not said again: staff have it."""
    figures = []
    relay = scene.peer("greylisting_smtp.py")
    clinic = Clinic(scene, email(relay.port), name="clinic-451").start()
    clinic.do("hold", "all", "--reason", "filling")
    clinic.add("p1", in_minutes(60))
    control = clinic.control()
    control.call("AddFollowUp", who="p1", when=in_minutes(80), allowPast=True)
    control.close()
    clinic.do("release", "all", "--yes")
    until("the relay refused it for now", lambda: clinic.states() == {"waiting": 2})
    first = clinic.sql("SELECT identity FROM message")
    expect(len(first) == 1, f"{len(first)} messages instead of a bundle")
    clinic.do("cancel", "F-2", "--by", "patient", "--yes")
    clinic.stop()
    relay.open()
    later(clinic, 12)
    message = until("what is left arrives", lambda: relay.events("message"), 30)[0]
    clinic.settle()
    clinic.stop()
    expect(len(relay.events("message")) == 1, "it arrived more than once")
    identity = header(message["content"], "Message-ID").strip("<>")
    expect(identity.split("@")[0] != first[0][0], "the new message has the old identity")
    expect(clinic.states("message") == {"cancelled": 1, "sent": 1}, f"{clinic.states('message')}")
    figures.append("after 451: the rest as a new message, once")
    # In doubt.
    sink = Sink(scene, "-q", ".")
    clinic = Clinic(scene, email(sink.port), name="clinic-doubt").start()
    clinic.do("hold", "all", "--reason", "filling")
    clinic.add("p1", in_minutes(60))
    control = clinic.control()
    control.call("AddFollowUp", who="p1", when=in_minutes(80), allowPast=True)
    control.close()
    clinic.do("release", "all", "--yes")
    until("it is in doubt", lambda: clinic.states() == {"uncertain": 2})
    clinic.do("cancel", "F-2", "--by", "patient", "--yes")
    clinic.stop()
    good = Sink(scene)
    clinic.configure(email(good.port))
    later(clinic, 12)
    until("staff are asked", lambda: clinic.tasks("uncertain-delivery"), 30)
    clinic.settle()
    expect(good.count() == 0, "it was said again in other words")
    expect(clinic.states("message") == {"doubtful": 1}, f"{clinic.states('message')}")
    clinic.stop()
    figures.append("after doubt: 0 sent, a task")
    return ", ".join(figures)
