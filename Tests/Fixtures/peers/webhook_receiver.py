"""Takes webhooks and verifies each with the public Standard Webhooks library, not with our own code."""
import argparse
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("--secret", required=True, help="whsec_…")
arguments.add_argument("--status", type=int, default=200, help="what to answer")
arguments.add_argument("--gated", action="store_true", help="answer only once the file OUT.open exists")
arguments.add_argument("--print", action="store_true", help="show each message as it arrives")
options = arguments.parse_args()
verifier = Webhook(options.secret)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        arrived = time.time()
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            verifier.verify(body, {name.lower(): value for name, value in self.headers.items()})
            verified, why = True, ""
        except Exception as error:
            verified, why = False, repr(error)
        record = {
            "at": arrived,
            "verified": verified,
            "why": why,
            "id": self.headers.get("webhook-id"),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode("utf-8", "replace"),
        }
        with open(options.out, "a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")
        if options.print:
            print(f"signature {'verified' if verified else 'WRONG: ' + why}: {record['body']}", flush=True)
        while options.gated and not os.path.exists(options.out + ".open"):
            time.sleep(0.01)
        answer = json.dumps({"id": f"gateway-{record['id']}"}).encode()
        self.send_response(options.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100


try:
    Server(("127.0.0.1", options.port), Receiver).serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
