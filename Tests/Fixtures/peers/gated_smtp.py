"""A mail server that accepts connections and then stalls at one command until the file OUT.open exists.

After that it goes on as a mail server does. It records each command that it was sent with a recipient, and each message.
"""
import argparse
import asyncio
import json
import os
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--at", default="greeting", choices=["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
options = arguments.parse_args()


def record(**what):
    with open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps({"at": time.time(), **what}) + "\n")


async def gate(stage):
    if stage == options.at and not os.path.exists(options.out + ".open"):
        record(event="stalled", stage=stage)
        while not os.path.exists(options.out + ".open"):
            await asyncio.sleep(0.01)


async def serve(reader, writer):
    async def say(line):
        writer.write(line.encode() + b"\r\n")
        await writer.drain()

    recipient = ""
    try:
        await gate("greeting")
        await say("220 gated.example.org ESMTP")
        while line := await reader.readline():
            words = line.decode("utf-8", "replace").split()
            verb = words[0].upper() if words else ""
            if verb in ("EHLO", "MAIL", "RCPT", "DATA"):
                await gate(verb)
            if verb == "EHLO":
                await say("250-gated.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
            elif verb == "RCPT":
                recipient = words[1].split(":", 1)[1].strip("<>")
                record(event="recipient", to=recipient)
                await say("250 2.1.5 ok")
            elif verb == "DATA":
                await say("354 go on")
                content = b""
                while (line := await reader.readline()) not in (b".\r\n", b""):
                    content += line
                if not line:
                    break
                await gate(".")
                record(event="message", to=recipient, content=content.decode("utf-8", "replace"))
                await say("250 2.0.0 kept")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", options.port, backlog=1024)
    async with server:
        await server.serve_forever()


asyncio.run(main())
