"""A mail server with STARTTLS and AUTH (aiosmtpd), that takes nothing in plain text and nothing without the password."""
import argparse
import json
import ssl
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--cert")
arguments.add_argument("--key")
arguments.add_argument("--user")
arguments.add_argument("--password")
arguments.add_argument("--print", action="store_true", help="show each message as it arrives")
options = arguments.parse_args()


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        record = {
            "at": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "content": envelope.original_content.decode("utf-8", "replace"),
        }
        with open(options.out, "a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")
        if options.print:
            print(envelope.original_content.decode("utf-8", "replace"), flush=True)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login.decode(), data.password.decode()) == (options.user, options.password)
    return AuthResult(success=right, auth_data=data)


class Server(Controller):
    def factory(self):
        if not options.cert:
            return SMTP(self.handler, hostname="localhost")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
        return SMTP(
            self.handler, hostname="localhost", tls_context=context, require_starttls=True,
            authenticator=authenticate, auth_required=True)


Server(Keeper(), hostname="127.0.0.1", port=options.port).start()
while True:
    time.sleep(3600)
