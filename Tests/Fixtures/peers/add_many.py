"""Adds COUNT patients, p1 to pCOUNT, each with an e-mail address and one follow-up, over the control socket.

add_many.py SOCKET COUNT WHEN [FIRST]
"""
import json
import socket
import sys

path, count, when = sys.argv[1], int(sys.argv[2]), sys.argv[3]
first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
connection = socket.socket(socket.AF_UNIX)
connection.connect(path)
replies = connection.makefile("rb")


def call(method, **parameters):
    request = json.dumps({"method": "org.followupd." + method, "parameters": parameters})
    connection.sendall(request.encode() + b"\0")
    answer = b""
    while not answer.endswith(b"\0"):
        piece = replies.read1(65536)
        if not piece:
            sys.exit(f"{method}: the connection ended")
        answer += piece
    reply = json.loads(answer[:-1])
    if "error" in reply:
        sys.exit(f"{method}: {reply}")


for number in range(first, first + count):
    call("AddPatient", ref=f"p{number}", name=f"Patient {number}",
         contacts=[{"channel": "email", "address": f"p{number}@example.org"}])
    call("AddFollowUp", who=f"p{number}", when=when, allowPast=True)
