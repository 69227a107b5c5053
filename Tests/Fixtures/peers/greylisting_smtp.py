"""A mail server (aiosmtpd) that answers 451 to every recipient until its gate is opened, as a greylisting relay does."""
import argparse
import json
import os
import time

from aiosmtpd.controller import Controller

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
options = arguments.parse_args()


def note(event, **fields):
    with open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps({"event": event, "at": time.time(), **fields}) + "\n")


class Greylist:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if not os.path.exists(options.out + ".open"):
            note("refused", to=address)
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        note("message", to=envelope.rcpt_tos, content=envelope.original_content.decode("utf-8", "replace"))
        return "250 2.0.0 kept"


Controller(Greylist(), hostname="127.0.0.1", port=options.port).start()
while True:
    time.sleep(3600)
