"""A mail server that takes everything, each message after a while: slow_smtp.py PORT MILLISECONDS."""
import asyncio
import sys

port, pause = int(sys.argv[1]), int(sys.argv[2]) / 1000


class Session(asyncio.Protocol):
    """Replies in the order of the commands, with PIPELINING; the pause stands before the reply to the final dot."""

    def connection_made(self, transport):
        self.transport, self.pending, self.in_message = transport, b"", False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data):
        self.pending += data
        self.proceed()

    def proceed(self):
        replies = []
        while True:
            if self.in_message:
                body, dot, rest = self.pending.partition(b"\r\n.\r\n")
                if not dot:
                    # The dot may come in pieces.
                    self.pending = body[-4:]
                    break
                self.in_message, self.pending = False, rest
                self.transport.pause_reading()
                asyncio.get_running_loop().call_later(pause, self.accept)
                break
            line, end, rest = self.pending.partition(b"\r\n")
            if not end:
                break
            self.pending = rest
            verb = line[:4].upper()
            if verb == b"DATA":
                self.in_message = True
                # So that a message without a line has its dot found too.
                self.pending = b"\r\n" + rest
                replies.append(b"354 go on\r\n")
            elif verb == b"EHLO":
                replies.append(b"250-sink\r\n250 PIPELINING\r\n")
            elif verb == b"QUIT":
                self.transport.write(b"".join(replies) + b"221 bye\r\n")
                return self.transport.close()
            else:
                replies.append(b"250 ok\r\n")
        self.transport.write(b"".join(replies))

    def accept(self):
        if not self.transport.is_closing():
            self.transport.write(b"250 accepted\r\n")
            self.transport.resume_reading()
            self.proceed()


async def main():
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


asyncio.run(main())
