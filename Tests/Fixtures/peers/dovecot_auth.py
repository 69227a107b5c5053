"""Dovecot's authentication protocol for one user with a password: what Postfix asks when somebody says AUTH.

https://doc.dovecot.org/developer_manual/design/auth_protocol/
"""
import argparse
import base64
import os
import socketserver

arguments = argparse.ArgumentParser()
arguments.add_argument("--socket", required=True)
arguments.add_argument("--user", required=True)
arguments.add_argument("--password", required=True)
options = arguments.parse_args()


class Login(socketserver.StreamRequestHandler):
    def say(self, *lines):
        self.wfile.write("".join("\t".join(line) + "\n" for line in lines).encode())

    def handle(self):
        self.say(
            ["VERSION", "1", "1"], ["MECH", "PLAIN", "plaintext"], ["SPID", str(os.getpid())], ["CUID", "1"],
            ["COOKIE", "0" * 32], ["DONE"])
        for line in self.rfile:
            words = line.decode().rstrip("\n").split("\t")
            if words[0] == "AUTH":
                answer = next((word[len("resp="):] for word in words if word.startswith("resp=")), None)
            elif words[0] == "CONT":
                answer = words[2]
            else:
                continue
            if answer is None:
                self.say(["CONT", words[1], ""])
                continue
            _, user, password = (base64.b64decode(answer).decode() + "\0\0").split("\0")[:3]
            if (user, password) == (options.user, options.password):
                self.say(["OK", words[1], "user=" + user])
            else:
                self.say(["FAIL", words[1], "user=" + user])


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


with Server(options.socket, Login) as server:
    # Postfix asks as a user of its own.
    os.chmod(options.socket, 0o666)
    server.serve_forever()
