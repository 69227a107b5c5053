"""Peers that take everything: mail servers and a web server, each on a port of the loopback interface."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PEERS = pathlib.Path(__file__).resolve().parent / "peers"


class Sink:
    """A process that listens on a port of its own, from the start of a block to its end."""
    output = subprocess.DEVNULL

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="followupd-sink."))
        self.folder.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        self.process = subprocess.Popen(self.command(), cwd=self.folder, stdout=self.output, stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit(f"{self.command()[0]} ended with {self.process.returncode}")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


class MailSink(Sink):
    """Postfix's smtp-sink, which offers PIPELINING."""

    def command(self, *options):
        return ["/usr/sbin/smtp-sink", *(["-u", "nobody"] if os.geteuid() == 0 else []), *options,
                f"127.0.0.1:{self.port}", "1024"]


class SlowMailSink(Sink):
    """A mail server that takes a while before it answers a message's final dot."""

    def __init__(self, milliseconds):
        super().__init__()
        self.milliseconds = milliseconds

    def command(self):
        return ["/usr/bin/python3", PEERS / "slow_smtp.py", str(self.port), str(self.milliseconds)]


class HookSink(Sink):
    """nginx, which answers each request with 204 and keeps connections."""

    def command(self):
        user = "user nobody nogroup;" if os.geteuid() == 0 else ""
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(f"""
daemon off; {user} worker_processes 1; pid {self.folder}/pid; error_log /dev/null crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; {temporary}
  server {{
    listen 127.0.0.1:{self.port} backlog=4096;
    location / {{ return 204; }}
    location = /requests {{ stub_status; }}
  }}
}}
""")
        return ["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "/dev/null"]

    def requests(self):
        """How many requests it had, but for those for this number."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/requests") as answer:
            return int(answer.read().split()[9])
