"""Webhooks to servers that misbehave, and to where they must not go: promises 28 and 29."""
import subprocess
import time
import urllib.parse

from clinic import Clinic, in_minutes, sms
from scene import expect, fault, until


def resident_megabytes(clinic):
    for line in open(f"/proc/{clinic.pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024


def promise_each(clinic, channels):
    """A patient for each channel, p0 on the first, with a reminder that is due."""
    control = clinic.control()
    for n, channel in enumerate(channels):
        control.call("AddPatient", ref=f"p{n}", name=f"Patient {n}",
                     contacts=[{"channel": channel, "address": f"+1604555{n:04d}"}])
        control.call("AddFollowUp", who=f"p{n}", when=in_minutes(60), allowPast=True)
    control.close()


def outcomes(clinic, count, seconds=40):
    """What became of each channel's first attempt: (state, code, detail)."""
    statement = """SELECT channel, attempt.state, attempt.code, attempt.detail FROM attempt
                   JOIN message ON message.id = message_id WHERE n = 1 AND attempt.state <> 'claimed'"""
    until(f"{count} channels have had an answer", lambda: len(clinic.sql(statement)) == count, seconds, pause=0.1)
    return {row[0]: row[1:] for row in clinic.sql(statement)}


@fault(28, "webhook 3xx, 410, 429, endless body or headers")
def hostile_server(scene):
    """A hostile server: each answer is classified, odd Retry-After values change little, and memory stays bounded."""
    wanted = {
        "ok": "delivered", "redirect": "misconfigured", "status/301": "misconfigured", "status/308": "misconfigured",
        "status/410": "rejected", "status/400": "rejected", "status/401": "misconfigured", "status/404": "misconfigured",
        "status/408": "retry", "status/425": "retry", "status/500": "retry", "status/503": "retry", "status/999": "uncertain",
        # A NUL in a header is no HTTP.
        "retry/%00": "uncertain", "endless-body": "delivered", "endless-headers": "uncertain", "drop": "uncertain",
    }
    odd = ["-5", "0", "99999999999999999999", "1e9", "soon", "", "120, 3", "Wed, 21 Oct 2015 07:28:00 GMT",
           "Fri, 31 Dec 9999 23:59:59 GMT", "3.7", "0x10", "7"]
    for value in odd:
        wanted[f"retry/{urllib.parse.quote(value, safe='%')}"] = "retry"
    if scene.long:
        wanted["hang"] = "uncertain"
    web = scene.peer("hostile_web.py")
    channels = {f"c{n}": (path, state) for n, (path, state) in enumerate(wanted.items())}
    clinic = Clinic(scene, "".join(
        sms(f"http://127.0.0.1:{web.port}/{path}", name=name) for name, (path, _) in channels.items()))
    clinic.start()
    before = resident_megabytes(clinic)
    promise_each(clinic, channels)
    most, deadline = 0, time.monotonic() + 100
    found = {}
    while len(found) < len(channels):
        most = max(most, resident_megabytes(clinic))
        for name, *rest in clinic.sql(
                """SELECT channel, attempt.state, attempt.code, coalesce(again.claimed_at, reminder.wake_at) - attempt.finished_at
                   FROM attempt JOIN message ON message.id = attempt.message_id
                   JOIN reminder ON reminder.message_id = message.id
                   LEFT JOIN attempt AS again ON again.message_id = attempt.message_id AND again.n = 2
                   WHERE attempt.n = 1 AND attempt.state <> 'claimed'"""):
            # As it was first seen; when the second try moves the time, it says itself when it was.
            found.setdefault(name, rest)
        expect(time.monotonic() < deadline, f"only {len(found)} of {len(channels)} were answered")
        time.sleep(0.05)
    for name, (path, state) in channels.items():
        expect(found[name][0] == state, f"/{path}: {found[name]} instead of {state}")
        if path.startswith("retry/") and state == "retry":
            # 5 s with ±20 %, and a Retry-After within twice that; the resting place may round up by one.
            expect(found[name][2] is None or 3 <= found[name][2] <= 13, f"/{path}: the next try is {found[name][2]} s later")
    expect(not [line for line in web.events("request") if "moved" in line["path"]], "a redirect was followed")
    expect(most < 80, f"{most:.0f} MB")
    expect(most - before < 30, f"from {before:.0f} to {most:.0f} MB")
    expect(clinic.stop() == 0, "it does not stop cleanly")
    asked = refused_login(scene, web)
    return (f"{len(channels)} answers as they should be, {len(odd)} odd Retry-After within 3-13 s, at most {most:.0f} MB, "
            f"{asked} of 300 sent to a gateway that refuses us")


def refused_login(scene, web):
    """How many of 300 reminders go to a gateway that refuses our login before the channel is held."""
    def requests():
        return len([line for line in web.events("request") if line["path"] == "/status/401"])

    clinic = Clinic(scene, sms(f"http://127.0.0.1:{web.port}/status/401"), name="refused").start()
    before = requests()
    clinic.do("hold", "all", "--reason", "all at once")
    promise_each(clinic, ["sms"] * 300)
    clinic.do("release", "all", "--yes")
    until("the channel is held", lambda: [hold["kind"] for hold in clinic.status()["holds"]] == ["channel"])
    clinic.settle(but=["held"])
    asked = requests() - before
    # A connection's worth each for what was claimed when the first answer came, and for what was being claimed then.
    expect(asked <= 2 * clinic.connections, f"{asked} requests to a gateway that refuses us")
    expect(clinic.stop() == 0, "it does not stop cleanly")
    return asked


# One of each range, with the name that the attempt records.
FORBIDDEN = {
    "loopback": ["127.0.0.1", "127.8.8.8", "[::1]"],
    "private": ["10.0.0.5", "172.16.0.5", "172.31.255.5", "192.168.1.5", "[fd12::5]"],
    "link-local": ["169.254.1.5", "[fe80::5]"],
    "metadata": ["169.254.169.254", "100.100.100.200", "168.63.129.16", "[fd00:ec2::254]"],
    "carrier-nat": ["100.64.0.5"],
    "unspecified": ["0.0.0.0", "[::]"],
    "documentation": ["192.0.2.5", "198.51.100.5", "203.0.113.5", "[2001:db8::5]"],
    "benchmark": ["198.18.0.5"],
    "multicast": ["224.0.0.5", "[ff02::5]"],
    "reserved": ["240.0.0.5", "255.255.255.255", "192.0.0.5"],
}
# The same places by other spellings.
SPELLINGS = ["0x7f000001", "2130706433", "127.1", "0177.0.0.1", "0", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.5]",
             "[::ffff:a9fe:a9fe]", "[64:ff9b::a00:5]", "localhost", "inside.test", "meta.test", "six.test"]
OUTSIDE = "93.184.215.14"


@fault(29, "webhook to loopback, metadata, private ranges, rebinding")
def forbidden_places(scene):
    """Servers that listen on each forbidden range: blocked at connect time, whatever the spelling, and no connection comes.
    A name that changes its answer between two look-ups is seen through; a public address proves that the net works."""
    hosts = [host for group in FORBIDDEN.values() for host in group]
    for host in [*hosts, OUTSIDE]:
        address = host.strip("[]")
        subprocess.run(["ip", "address", "add", f"{address}/{128 if ':' in address else 32}", "dev", "lo", "nodad"]
                       if ":" in address else ["ip", "address", "add", f"{address}/32", "dev", "lo"],
                       capture_output=True, check=False)
    resolver = scene.peer(
        "resolver.py", "inside.test=10.0.0.5", "meta.test=169.254.169.254", "six.test=fd12::5", f"outside.test={OUTSIDE}",
        f"rebind.test={OUTSIDE},10.0.0.5", port=53)
    names = scene.path("resolv.conf")
    names.write_text("nameserver 127.0.0.1\noptions timeout:10 attempts:1\n")
    subprocess.run(["mount", "--bind", names, "/etc/resolv.conf"], check=True)
    scene.mounts.append("/etc/resolv.conf")
    server = scene.peer("hostile_web.py", "--everywhere")
    channels = {f"c{n}": host for n, host in enumerate(hosts + SPELLINGS)}
    text = "".join(sms(f"https://{host}:{server.port}/ok", allow=[], name=name) for name, host in channels.items())
    outside = {"outside": "outside.test", "literal": OUTSIDE, "rebind": "rebind.test"}
    text += "".join(sms(f"https://{host}:{server.port}/ok", allow=[], name=name) for name, host in outside.items())
    clinic = Clinic(scene, text)
    # The one that waited until it accepts.
    before = len(until("the server has told of its first connection", lambda: server.events("connected")))
    clinic.start()
    promise_each(clinic, channels)
    found = outcomes(clinic, len(channels), 60)
    for name, host in channels.items():
        state, code, detail = found[name]
        expect(code == "address-blocked", f"{host}: {state} {code} {detail}")
    for range_name, group in FORBIDDEN.items():
        for name, host in channels.items():
            if host in group:
                expect(range_name in found[name][2], f"{host}: {found[name][2]} instead of {range_name}")
    came = server.events("connected")[before:]
    expect(not came, f"connections came to {sorted({line['to'] for line in came})}")
    # What may be reached is: the net works. Its TLS then fails, for the server speaks none.
    control = clinic.control()
    for n, name in enumerate(outside):
        control.call("AddPatient", ref=f"o{n}", name=f"Outside {n}", contacts=[{"channel": name, "address": f"+1604556{n:04d}"}])
        control.call("AddFollowUp", who=f"o{n}", when=in_minutes(60), allowPast=True)
    control.close()
    until("public addresses are connected to", lambda: len(server.events("connected")) - before >= 3, 20)
    # The name that changes its mind gives a private address from its second look-up on, which a new process makes at once.
    until("the first try of each has ended", lambda: len(clinic.sql(
        "SELECT 1 FROM attempt JOIN message ON message.id = message_id WHERE channel IN ('outside', 'literal', 'rebind') "
        "AND attempt.state = 'retry'")) >= 3, 20)
    clinic.stop()
    clinic.start()
    until("the second look-up is blocked", lambda: clinic.sql(
        "SELECT 1 FROM attempt JOIN message ON message.id = message_id WHERE channel = 'rebind' AND n > 1 "
        "AND code = 'address-blocked'"), 60, pause=0.2)
    places = {line["to"].removeprefix("::ffff:") for line in server.events("connected")[before:]}
    expect(places == {OUTSIDE}, f"connections came to {places}")
    answers = [line["answer"] for line in resolver.events("asked") if line["name"] == "rebind.test" and line["kind"] == 1]
    expect(answers[:2] == [OUTSIDE, "10.0.0.5"], f"rebind.test was answered with {answers}")
    clinic.stop()
    return (f"{len(hosts)} addresses of {len(FORBIDDEN)} ranges and {len(SPELLINGS)} spellings blocked, none was connected to; "
            f"rebinding blocked at the second look-up")
