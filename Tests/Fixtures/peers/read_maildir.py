"""Reads a Maildir with Python's mailbox, email and icalendar, and prints each message's parts and every defect found.

`long` are header lines of more than 78 characters that could have been folded (RFC 5322 2.1.1), those of the relay left out.
"""
import email.policy
import json
import mailbox
import sys
from email.header import decode_header, make_header
from email.utils import parseaddr

import icalendar

# What the relay adds.
TRACE = ("return-path", "x-original-to", "delivered-to", "received")


def long_lines(message):
    for part in message.walk():
        for name, value in part.raw_items():
            if name.lower() in TRACE:
                continue
            for line in f"{name}: {value}".split("\n"):
                is_foldable = " " in line.strip().removeprefix(name + ": ")
                if len(line) > 998 or len(line) > 78 and is_foldable:
                    yield line


def sender(message):
    # The default policy keeps the blanks between the encoded words of a phrase, which RFC 2047 6.2 takes away.
    name, address = parseaddr(message["From"])
    return {"name": str(make_header(decode_header(name))), "address": address}


def text_of(part):
    return part.get_content().replace("\r\n", "\n") if part else None


messages = []
for key, raw in mailbox.Maildir(sys.argv[1], factory=lambda file: file.read(), create=False).iteritems():
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain = email.message_from_bytes(raw, policy=email.policy.compat32)
    defects = []
    for part in message.walk():
        for name, value in part.items():
            defects += [f"{name}: {defect!r}" for defect in getattr(value, "defects", [])]
        if not part.is_multipart():
            part.get_content()
        defects += [repr(defect) for defect in part.defects]
    calendar = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    event = None
    if calendar:
        whole = icalendar.Calendar.from_ical(calendar.get_content())
        found = whole.walk("VEVENT")[0]
        defects += [repr(error) for component in whole.walk() for error in component.errors]
        event = {
            "method": str(whole["METHOD"]), "parameter": calendar.get_param("method"), "uid": str(found["UID"]),
            "sequence": int(found["SEQUENCE"]), "start": found.decoded("DTSTART").isoformat(),
            "summary": str(found["SUMMARY"]), "organizer": str(found["ORGANIZER"]),
            "by": str(found["ORGANIZER"].params.get("CN", "")), "file": calendar.get_filename(),
        }
    text = message.get_body(preferencelist=("plain",))
    html = message.get_body(preferencelist=("html",))
    messages.append({
        "key": key,
        "subject": message["Subject"],
        "to": message["To"],
        "from": sender(plain),
        "messageId": message["Message-ID"],
        "received": message.get_all("Received") or [],
        "unsubscribe": message["List-Unsubscribe"],
        "language": message["Content-Language"],
        "headers": sorted(set(name.lower() for name in message.keys())),
        "type": message.get_content_type(),
        "types": [part.get_content_type() for part in message.walk()],
        "text": text_of(text),
        "html": text_of(html),
        "event": event,
        "defects": defects,
        "longest": max(len(line) for line in raw.split(b"\n")),
        "long": list(long_lines(plain)),
        "ascii": raw.isascii(),
    })
print(json.dumps(messages))
