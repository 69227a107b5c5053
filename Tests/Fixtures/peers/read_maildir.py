"""Reads a Maildir with Python's mailbox and email, and prints each message's parts and every defect found."""
import email.policy
import json
import mailbox
import sys


def parse(file):
    return email.message_from_binary_file(file, policy=email.policy.default)


messages = []
for key, message in mailbox.Maildir(sys.argv[1], factory=parse, create=False).iteritems():
    defects = []
    for part in message.walk():
        defects += [repr(defect) for defect in part.defects]
        for name, value in part.items():
            defects += [f"{name}: {defect!r}" for defect in getattr(value, "defects", [])]
    text = message.get_body(preferencelist=("plain",))
    html = message.get_body(preferencelist=("html",))
    messages.append({
        "key": key,
        "subject": message["Subject"],
        "to": message["To"],
        "messageId": message["Message-ID"],
        "headers": sorted(set(name.lower() for name in message.keys())),
        "type": message.get_content_type(),
        "text": text.get_content() if text else None,
        "html": html.get_content() if html else None,
        "defects": defects,
    })
print(json.dumps(messages))
