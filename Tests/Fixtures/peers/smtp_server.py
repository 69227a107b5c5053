"""A mail server with STARTTLS and AUTH (aiosmtpd), that takes nothing in plain text and nothing without the right secret.

It records each message it took, with the mechanism and user of its login, and each login that it refused.
"""
import argparse
import json
import ssl
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--cert")
arguments.add_argument("--key")
arguments.add_argument("--user")
arguments.add_argument("--password")
arguments.add_argument("--token", help="the access token that it takes by XOAUTH2 and OAUTHBEARER")
arguments.add_argument("--mechanisms", default="PLAIN,LOGIN", help="those that it offers")
arguments.add_argument("--explains", action="store_true", help="refuse a token with 334 and words, as Google does")
arguments.add_argument("--print", action="store_true", help="show each message as it arrives")
options = arguments.parse_args()


def record(what):
    with open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps(what) + "\n")


def judge(session, mechanism, login, secret, expected):
    right = (login, secret) == (options.user, expected) and expected is not None
    session.mechanism = mechanism
    if not right:
        record({"event": "refused", "mechanism": mechanism, "user": login})
    return AuthResult(success=right, handled=False, auth_data=LoginPassword(login.encode(), b""))


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        record({
            "at": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "mechanism": getattr(session, "mechanism", None),
            "content": envelope.original_content.decode("utf-8", "replace"),
        })
        if options.print:
            print(envelope.original_content.decode("utf-8", "replace"), flush=True)
        return "250 2.0.0 kept"

    async def auth_XOAUTH2(self, server, args):
        answer = await server.challenge_auth("")
        fields = answer.decode().split("\x01")
        assert fields[0].startswith("user=") and fields[1].startswith("auth=Bearer ") and fields[2:] == ["", ""], fields
        return await self.judge_token(server, "XOAUTH2", fields[0][len("user="):], fields[1][len("auth=Bearer "):])

    async def auth_OAUTHBEARER(self, server, args):
        answer = await server.challenge_auth("")
        fields = answer.decode().split("\x01")
        user = dict(part.split("=", 1) for part in fields[0].split(",") if "=" in part)["a"]
        token = next(field for field in fields if field.startswith("auth=Bearer "))[len("auth=Bearer "):]
        return await self.judge_token(server, "OAUTHBEARER", user, token)

    async def judge_token(self, server, mechanism, user, token):
        result = judge(server.session, mechanism, user, token, options.token)
        if not result.success and options.explains:
            await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        return result

    async def auth_CRAM__MD5(self, server, args):
        await server.challenge_auth("<1.2@localhost>")
        record({"event": "refused", "mechanism": "CRAM-MD5"})
        return AuthResult(success=False, handled=False)


def authenticate(server, session, envelope, mechanism, data):
    return judge(session, mechanism, data.login.decode(), data.password.decode(), options.password)


class Server(Controller):
    def factory(self):
        if not options.cert:
            return SMTP(self.handler, hostname="localhost")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
        offered = options.mechanisms.split(",")
        known = ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"]
        return SMTP(
            self.handler, hostname="localhost", tls_context=context, require_starttls=True,
            authenticator=authenticate, auth_required=True,
            auth_exclude_mechanism=[name for name in known if name not in offered])


Server(Keeper(), hostname="127.0.0.1", port=options.port).start()
while True:
    time.sleep(3600)
