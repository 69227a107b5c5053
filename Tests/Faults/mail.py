"""The mail server is away, refuses, hangs, crawls, or is not who it says: promises 21 to 27."""
import subprocess
import time

from clinic import Clinic, email, sms
from crash import later
from scene import Sink, expect, fault, free_port, until


def codes(clinic):
    return [row[0] for row in clinic.sql("SELECT code FROM attempt WHERE state <> 'claimed' ORDER BY id")]


def outcome(clinic, seconds=30):
    """(state, code) of the first attempt by e-mail, once it has ended."""
    return until("the attempt has ended", lambda: clinic.sql(
        "SELECT attempt.state, code FROM attempt JOIN message ON message.id = message_id "
        "WHERE attempt.state <> 'claimed' AND channel = 'email' ORDER BY attempt.id LIMIT 1"), seconds)[0]


def identity(clinic):
    return clinic.sql("SELECT identity || '@example.org' FROM message ORDER BY id LIMIT 1")[0][0]


def number(n):
    return f"+1604555{n:04d}"


def add_sms(clinic, ref, n):
    control = clinic.control()
    control.call("AddPatient", ref=ref, name=f"Patient {ref}", contacts=[{"channel": "sms", "address": number(n)}])
    control.call("AddFollowUp", who=ref, when=time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() // 60 * 60 + 3600)),
                 allowPast=True)
    control.close()


@fault(21, "refused, no such host, no route")
def away(scene):
    """The mail server cannot be reached: its messages wait, text messages go on, and all arrives once it is there."""
    web = scene.peer("hostile_web.py")
    dead = free_port()
    cases = {"connect-refused": ("127.0.0.1", "none"), "no-such-host": ("mail.nowhere.test", "starttls"),
             "no-route": ("198.51.100.7", "starttls")}
    count, waited = 10, []
    for code, (host, tls) in cases.items():
        clinic = Clinic(scene, email(dead, host, tls) + sms(f"http://127.0.0.1:{web.port}/ok"), name=f"clinic-{code}")
        clinic.start()
        for n in range(count):
            clinic.add(f"p{n}")
        state, found = outcome(clinic)
        expect((state, found) == ("retry", code), f"{code}: {state} {found}")
        before = len(web.events("request"))
        started = time.monotonic()
        for n in range(count):
            add_sms(clinic, f"s{n}", n)
        until("text messages go on", lambda: len(web.events("request")) == before + count, 10)
        waited.append(time.monotonic() - started)
        states = clinic.states()
        until("each mail has been tried or waits", lambda: not clinic.states().get("claimed"), 20)
        expect(clinic.states().get("sent") == count, f"{code}: {clinic.states()}")
        tries = clinic.sql("SELECT count(*) FROM attempt JOIN message ON message.id = message_id WHERE channel = 'email'")[0][0]
        expect(tries <= 2 * count, f"{code}: {tries} tries for {count} messages in the first seconds")
        expect(clinic.stop() == 0, "it does not stop cleanly")
        # The server is there now: what waited arrives, each once.
        sink = Sink(scene, port=dead if code == "connect-refused" else None)
        clinic.configure(email(sink.port) + sms(f"http://127.0.0.1:{web.port}/ok"))
        later(clinic, 12)
        until(f"{code}: all arrive: {states}", lambda: sink.count() == count, 90)
        clinic.settle(but=["waiting"])
        recipients = [message[0] for message in sink.messages()]
        expect(len(set(recipients)) == count == len(recipients), f"{code}: {sorted(recipients)}")
        expect(clinic.stop() == 0, "it does not stop cleanly")
    return f"3 kinds: {count} mails each waited, {count} text messages in {max(waited):.1f} s at most, then all arrived once"


@fault(22, "4xx / 5xx at MAIL, RCPT, DATA")
def refused(scene):
    """smtp-sink refuses one command: a 4xx waits for another try, a 5xx of the address is final, one of ours holds."""
    wanted = {("-r", "MAIL"): "retry", ("-r", "RCPT"): "retry", ("-r", "DATA"): "retry", ("-f", "MAIL"): "misconfigured",
              ("-f", "RCPT"): "rejected", ("-f", "DATA"): "rejected"}
    seen = []
    for (kind, command), state in wanted.items():
        sink = Sink(scene, kind, command)
        clinic = Clinic(scene, email(sink.port), name=f"clinic{kind}-{command}").start()
        clinic.add("p1")
        found, code = outcome(clinic)
        expect(found == state, f"{kind} {command}: {found} {code} instead of {state}")
        expect(code.startswith("4" if kind == "-r" else "5"), f"{kind} {command}: code {code}")
        if state == "rejected":
            until("staff have it", lambda: clinic.tasks(), 10)
        if state == "misconfigured":
            until("the channel is held", lambda: clinic.sql("SELECT 1 FROM hold WHERE kind = 'channel'"), 10)
        if state == "retry":
            wake = clinic.sql("SELECT wake_at FROM reminder WHERE state = 'waiting'")[0][0] - time.time()
            expect(200 < wake < 400, f"the next try is in {wake:.0f} s")
        expect(sink.count() == 0, "it arrived all the same")
        clinic.stop()
        seen.append(f"{command} {code} {found}")
    return ", ".join(seen)


@fault(23, "dropped or hung after the dot")
def in_doubt(scene):
    """The connection ends, or nothing comes, after the final dot: uncertain, and repeated once under the same Message-ID."""
    cases = [("dropped", ["-q", "."])] + ([("hung", ["-W", ".:600"])] if scene.long else [])
    figures = []
    for name, words in cases:
        sink = Sink(scene, *words)
        clinic = Clinic(scene, email(sink.port), name=f"clinic-{name}").start()
        clinic.add("p1")
        state, code = outcome(clinic, 200)
        expect(state == "uncertain", f"{name}: {state} {code}")
        expect(clinic.states() == {"uncertain": 1}, f"{name}: {clinic.states()}")
        first = identity(clinic)
        expect(clinic.stop() == 0, "it does not stop cleanly")
        good = Sink(scene)
        clinic.configure(email(good.port))
        later(clinic, 12)
        until("it is repeated", lambda: good.count() == 1, 30)
        clinic.settle()
        expect(good.messages()[0][1].strip("<>") == first, f"{name}: another Message-ID: {good.messages()[0][1]}")
        clinic.stop()
        figures.append(f"{name}: {code}, repeated as itself")
    # A second doubt is staff's.
    sink = Sink(scene, "-q", ".")
    clinic = Clinic(scene, email(sink.port), name="clinic-twice").start()
    clinic.add("p1")
    outcome(clinic)
    clinic.stop()
    later(clinic, 12)
    until("staff are asked", lambda: clinic.tasks("uncertain-delivery"), 30)
    expect(clinic.states() == {"handed": 1} and clinic.states("message") == {"doubtful": 1}, f"{clinic.states()}")
    clinic.stop()
    # A pause is none.
    sink = Sink(scene, "-W", ".:3")
    clinic = Clinic(scene, email(sink.port), name="clinic-slow").start()
    clinic.add("p1")
    clinic.settle()
    expect(sink.count() == 1 and codes(clinic) == ["250"], f"3 s of silence: {codes(clinic)}")
    clinic.stop()
    return ", ".join(figures) + ", twice: a task, silent for 3 s: sent"


@fault(24, "5xx after the dot")
def refused_content(scene):
    """The whole message is refused: it counts as not sent, and staff have it."""
    sink = Sink(scene, "-f", ".")
    clinic = Clinic(scene, email(sink.port)).start()
    for n in range(3):
        clinic.add(f"p{n}")
    until("staff have them", lambda: len(clinic.tasks()) == 3)
    expect("sent" not in clinic.states() and "sent" not in clinic.states("message"), f"{clinic.states()}")
    found = set(codes(clinic))
    expect(all(code.startswith("5") for code in found), f"codes {found}")
    expect(len(codes(clinic)) == 3, f"{len(codes(clinic))} tries for 3 messages")
    clinic.stop()
    return f"3 refused with {'/'.join(sorted(found))}, none sent, 3 tasks"


@fault(25, "dropped or hung at QUIT")
def at_quit(scene):
    """The server hangs up or falls silent at QUIT: sent once, and the worker is free within 5 s."""
    figures = []
    for name, words in (("dropped", ["-q", "QUIT"]), ("hung", ["-W", "QUIT:60"])):
        sink = Sink(scene, *words)
        clinic = Clinic(scene, email(sink.port), name=f"clinic-{name}", connections=1).start()
        clinic.add("p1")
        clinic.settle()
        free = 0.0
        if scene.long:
            # The connection is given up after 15 s of rest; a message that comes then waits for the QUIT.
            time.sleep(15.2)
            started = time.monotonic()
            clinic.add("p2")
            until("the next one leaves", lambda: sink.count() == 2)
            free = time.monotonic() - started
            expect(free < 6, f"{name}: the worker was free after {free:.1f} s")
            clinic.settle()
        started = time.monotonic()
        expect(clinic.stop() == 0, "it does not stop cleanly")
        took = time.monotonic() - started
        expect(took < 7, f"{name}: it stopped after {took:.1f} s")
        expect(sink.count() == (2 if scene.long else 1), f"{name}: {sink.count()} arrived")
        expect(set(codes(clinic)) == {"250"}, f"{name}: {codes(clinic)}")
        figures.append(f"{name}: sent once, " + (f"next after {free:.1f} s, " if scene.long else "") + f"stopped in {took:.1f} s")
    return ", ".join(figures)


@fault(26, "a peer at one byte a second")
def crawling(scene):
    """Answers come at one byte a second: other channels go on, a total time ends it, and a stop is in time."""
    web = scene.peer("hostile_web.py")
    sink = Sink(scene)
    slow = scene.peer("slow_proxy.py", "--to", sink.port)
    clinic = Clinic(scene, email(slow.port) + sms(f"http://127.0.0.1:{web.port}/ok")).start()
    clinic.add("p1")
    until("it is connected", lambda: len(slow.events("connected")) > 1)
    add_sms(clinic, "s1", 1)
    until("text messages go on", lambda: web.events("request"), 5)
    figure = ""
    if scene.long:
        started = time.monotonic()
        state, code = outcome(clinic, 220)
        took = time.monotonic() - started
        expect(took < 200 and state == "retry", f"{state} {code} after {took:.0f} s")
        figure = f"given up as {code} after {took:.0f} s, "
        clinic.add("p2")
        until("it is connected anew", lambda: len(slow.events("connected")) > 2, 90)
    started = time.monotonic()
    expect(clinic.stop(60) == 0, "it does not stop cleanly")
    took = time.monotonic() - started
    expect(took < 30, f"it stopped after {took:.0f} s")
    expect(not {"claimed"} & clinic.states().keys(), f"{clinic.states()}")
    expect(sink.count() == 0, "it arrived")
    return f"{figure}a text message passed it, stopped in {took:.1f} s"


class Authority:
    """A certificate authority of the scene's own."""

    def __init__(self, scene):
        self.scene = scene
        self.file, self.key = scene.path("ca.pem"), scene.path("ca.key")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                     "-subj", "/CN=Test authority", "-keyout", self.key, "-out", self.file)

    def openssl(self, *words, before=()):
        subprocess.run([*before, "openssl", *map(str, words)], check=True, capture_output=True)

    def certificate(self, name, alternative, before=()):
        """(certificate, key) for a server."""
        file, key, request, extra = (self.scene.path(f"{name}.{end}") for end in ("pem", "key", "csr", "ext"))
        extra.write_text(f"subjectAltName={alternative}\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", key, "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
                     "-extfile", extra, "-out", file, before=before)
        return file, key

    def own(self, name, alternative):
        """One that nobody vouches for."""
        file, key = self.scene.path(f"{name}.pem"), self.scene.path(f"{name}.key")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                     "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}", "-keyout", key, "-out", file)
        return file, key


@fault(27, "STARTTLS missing, certificate bad, expired, of another host")
def no_trust(scene):
    """Real TLS servers that must not be trusted: nothing goes there, no password in plain text, each with its own code."""
    authority = Authority(scene)
    here = "DNS:localhost,IP:127.0.0.1"
    servers = {
        "missing": None,
        "self-signed": authority.own("self-signed", here),
        "expired": authority.certificate("expired", here, before=("faketime", "2020-01-01")),
        "other-host": authority.certificate("other-host", "DNS:mail.elsewhere.test"),
        "good": authority.certificate("good", here),
    }
    (scene.path("password")).write_text("s3cret")
    scene.path("password").chmod(0o600)
    found = {}
    for name, pair in servers.items():
        words = ["--cert", pair[0], "--key", pair[1]] if pair else []
        server = scene.peer("smtp_server.py", "--user", "clinic", "--password", "s3cret", *words, name=name)
        more = f'user = "clinic"\npassword_file = "{scene.path("password")}"\nca_file = "{authority.file}"'
        clinic = Clinic(scene, email(server.port, tls="starttls", more=more), name=f"clinic-{name}").start()
        clinic.add("p1")
        state, found[name] = outcome(clinic)
        if name == "good":
            expect(state == "delivered" and server.seen[0]["tls"] and server.seen[0]["user"] == "clinic",
                   f"a good server: {state} {found[name]} {server.seen}")
        else:
            expect(state in ("retry", "misconfigured"), f"{name}: {state} {found[name]}")
            expect(not server.seen, f"{name}: a message arrived")
        clinic.stop()
    del found["good"]
    expect(len(set(found.values())) == len(found), f"the errors are not distinct: {found}")
    return ", ".join(f"{name}: {code}" for name, code in found.items()) + "; a good one: sent with TLS and login"
