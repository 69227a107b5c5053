"""A web server that answers as its path says, and notes every connection and request.

/ok  /status/CODE  /retry/AFTER (429 with that Retry-After)  /redirect (to /moved)  /endless-body  /endless-headers
/drop (reads the request and hangs up)  /hang (never answers)
"""
import argparse
import json
import os
import socket
import threading
import time
import urllib.parse

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--everywhere", action="store_true", help="on all addresses, not on 127.0.0.1 alone")
arguments.add_argument("--gated", action="store_true", help="answer only once the file OUT.open exists")
options = arguments.parse_args()
lock = threading.Lock()


def note(event, **fields):
    with lock, open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps({"event": event, "at": time.time(), **fields}) + "\n")


def answer(peer, path):
    while options.gated and not os.path.exists(options.out + ".open"):
        time.sleep(0.01)
    kind, _, value = path.strip("/").partition("/")
    if kind == "status":
        peer.sendall(f"HTTP/1.1 {value} Odd\r\nContent-Length: 2\r\n\r\n{{}}".encode())
    elif kind == "retry":
        after = urllib.parse.unquote(value)
        peer.sendall(f"HTTP/1.1 429 Later\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n".encode())
    elif kind == "redirect":
        peer.sendall(b"HTTP/1.1 302 There\r\nLocation: /moved\r\nContent-Length: 0\r\n\r\n")
    elif kind == "endless-body":
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            peer.sendall(b"x" * 65536)
    elif kind == "endless-headers":
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            peer.sendall(b"X-More: " + b"y" * 8000 + b"\r\n")
    elif kind == "drop":
        return
    elif kind == "hang":
        time.sleep(3600)
    else:
        peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"id": "g-1"}')


def serve(peer):
    try:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = peer.recv(65536)
            if not piece:
                return
            head += piece
            # The start of TLS, which this server does not speak.
            if head[0] == 0x16:
                return
        head, _, body = head.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        while len(body) < int(headers.get("content-length", "0")):
            body += peer.recv(65536)
        path = lines[0].split()[1]
        note("request", path=path, id=headers.get("webhook-id"), body=body.decode("utf-8", "replace"))
        answer(peer, path)
    except (OSError, IndexError, ValueError):
        pass
    finally:
        try:
            peer.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        peer.close()


family = socket.AF_INET6 if options.everywhere else socket.AF_INET
listener = socket.socket(family)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if options.everywhere:
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
listener.bind(("::" if options.everywhere else "127.0.0.1", options.port))
listener.listen(200)
while True:
    connection, _ = listener.accept()
    note("connected", to=connection.getsockname()[0])
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
