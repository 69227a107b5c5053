"""Peers that take everything: mail servers and a web server, each on a port of the loopback interface."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

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
    name = "smtp-sink"

    def command(self, *options):
        return ["/usr/sbin/smtp-sink", *(["-u", "nobody"] if os.geteuid() == 0 else []), *options,
                f"127.0.0.1:{self.port}", "1024"]


class CountingMailSink(MailSink):
    """The same, which tells at each final dot how many messages it had."""
    output = subprocess.PIPE

    def command(self):
        return super().command("-c")

    def __enter__(self):
        self.count = 0
        super().__enter__()
        threading.Thread(target=self.read, daemon=True).start()
        return self

    def read(self):
        text = b""
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            text = (text + data)[-1000:]
            if found := re.findall(rb"mesg=(\d+)", text.rpartition(b"\r")[0]):
                self.count = int(found[-1])

    def settled(self):
        """How many it had once no more come."""
        while True:
            before = self.count
            time.sleep(0.5)
            if self.count == before:
                return before


class SlowMailSink(Sink):
    """A mail server that takes a while before it answers a message's final dot."""

    def __init__(self, milliseconds):
        super().__init__()
        self.name = f"peers/slow_smtp.py, {milliseconds} ms a message"
        self.milliseconds = milliseconds

    def command(self):
        return ["/usr/bin/python3", PEERS / "slow_smtp.py", str(self.port), str(self.milliseconds)]


class HookSink(Sink):
    """nginx, which answers each request with 204 and keeps connections."""
    name = "nginx 204"

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
  }}
}}
""")
        return ["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "/dev/null"]
