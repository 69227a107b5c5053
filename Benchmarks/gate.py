"""A mail server that tells when the first bytes of each message reached it."""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from clinic import ROOT


class Gate:
    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="followupd-gate."))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.seen = self.folder / "seen"
        (self.folder / "seen.open").touch()
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "Tests/Fixtures/peers/gated_smtp.py", "--port", str(self.port), "--out", self.seen])
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        self.count = 0
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    def wait_for_next(self, deadline):
        """When the next message's recipient arrived here, as seconds since 1970."""
        while time.time() < deadline:
            if self.seen.exists():
                lines = [json.loads(line) for line in self.seen.read_text().splitlines()]
                times = [line["at"] for line in lines if line["event"] == "recipient"]
                if len(times) > self.count:
                    self.count += 1
                    return times[self.count - 1]
            time.sleep(0.05)
        sys.exit("no reminder came in time")
