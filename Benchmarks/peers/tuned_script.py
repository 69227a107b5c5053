"""The cron script tuned: four threads, a connection each, messages put together by hand, a commit for a thousand.

tuned_script.py DATABASE smtp|webhook PORT
"""
import concurrent.futures
import itertools
import sqlite3
import sys
import time
from email.utils import formatdate

from cron_script import TEXT, Mail, Webhook

THREADS, BATCH = 4, 1000


class QuickMail(Mail):
    numbers = itertools.count(time.time_ns())

    def send(self, _, name, address, day):
        self.server.sendmail("reminders@example.org", address, (
            "From: Riverside Family Practice <reminders@example.org>\r\n"
            f"To: {address}\r\nSubject: Your appointment on {day}\r\nDate: {formatdate()}\r\n"
            f"Message-ID: <{next(self.numbers)}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            + TEXT.format(name=name, day=day)))


def send_all(sender, rows):
    sent = []
    for row in rows:
        sender.send(*row)
        sent.append((time.time(), row[0]))
    return sent


database = sqlite3.connect(sys.argv[1])
kind, port = {"smtp": QuickMail, "webhook": Webhook}[sys.argv[2]], int(sys.argv[3])
senders = [kind(port) for _ in range(THREADS)]
with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
    while True:
        rows = database.execute("""
            UPDATE reminder SET state = 'claimed' WHERE id IN (
              SELECT id FROM reminder WHERE state = 'planned' AND due_at <= ? ORDER BY due_at LIMIT ?)
            RETURNING id, name, address, day""", (time.time(), BATCH)).fetchall()
        database.commit()
        if not rows:
            break
        for sent in pool.map(send_all, senders, (rows[start::THREADS] for start in range(THREADS))):
            database.executemany("UPDATE reminder SET state = 'sent', sent_at = ? WHERE id = ?", sent)
        database.commit()
