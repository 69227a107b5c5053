"""What a clinic would write first, started by cron: sends what is due, one by one, each committed once it is sent.

cron_script.py DATABASE smtp|webhook PORT
"""
import http.client
import json
import smtplib
import sqlite3
import sys
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

TEXT = """Hello {name},

Your appointment at Riverside Family Practice is on {day} at 9:30 am.

Please call +1 604 555 0100 to tell us if you can come.

Would another time suit you better, or do you not need it any more? Tell us in the same way. We are glad to help.

If you do not want these messages, tell us when you call.

Riverside Family Practice
+1 604 555 0100
"""


class Mail:
    def __init__(self, port):
        self.server = smtplib.SMTP("127.0.0.1", port)

    def send(self, _, name, address, day):
        message = EmailMessage()
        message["From"] = "Riverside Family Practice <reminders@example.org>"
        message["To"] = address
        message["Subject"] = f"Your appointment on {day}"
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain="example.org")
        message.set_content(TEXT.format(name=name, day=day))
        self.server.send_message(message)


class Webhook:
    def __init__(self, port):
        self.server = http.client.HTTPConnection("127.0.0.1", port)

    def send(self, number, name, address, day):
        body = json.dumps({"id": number, "to": address, "text": TEXT.format(name=name, day=day)})
        self.server.request("POST", "/messages", body, {"Content-Type": "application/json"})
        answer = self.server.getresponse()
        answer.read()
        if answer.status >= 300:
            raise OSError(answer.status)


if __name__ == "__main__":
    database = sqlite3.connect(sys.argv[1])
    sender = {"smtp": Mail, "webhook": Webhook}[sys.argv[2]](int(sys.argv[3]))
    due = database.execute("""
        SELECT id, name, address, day FROM reminder WHERE state = 'planned' AND due_at <= ? ORDER BY due_at
        """, (time.time(),)).fetchall()
    for row in due:
        sender.send(*row)
        database.execute("UPDATE reminder SET state = 'sent', sent_at = ? WHERE id = ?", (time.time(), row[0]))
        database.commit()
