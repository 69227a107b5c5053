"""Hands a connection on to another port, and lets answers through at one byte a second."""
import argparse
import asyncio
import json
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--to", type=int, required=True)
arguments.add_argument("--pause", type=float, default=1.0, help="seconds a byte")
options = arguments.parse_args()


def note(event):
    with open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps({"event": event, "at": time.time()}) + "\n")


async def pump(reader, writer, pause):
    try:
        while piece := await reader.read(1 if pause else 65536):
            if pause:
                await asyncio.sleep(pause)
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    note("connected")
    there, here = await asyncio.open_connection("127.0.0.1", options.to)
    await asyncio.gather(pump(reader, here, 0), pump(there, writer, options.pause))
    note("ended")


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", options.port)
    async with server:
        await server.serve_forever()


asyncio.run(main())
