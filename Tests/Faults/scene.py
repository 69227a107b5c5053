"""What a fault works with: a folder, processes that end with it, waits that have a deadline."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = ROOT / "Tests/Fixtures/peers"

# number: (title, function)
FAULTS = {}


class Failure(Exception):
    """A promise that does not hold."""


def fault(number, title):
    """Registers a function of a scene that provokes promise `number`, and returns its figure or raises `Failure`."""
    def register(function):
        FAULTS[number] = (title, function)
        return function
    return register


def expect(condition, what):
    if not condition:
        raise Failure(what)


def until(what, condition, seconds=30, pause=0.02):
    """Waits until `condition()` is true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(pause)


GIVEN, GIVING = set(), threading.Lock()


def free_port():
    """A port that nothing listens on, and that no other fault of this run was given: several go on at a time."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with GIVING:
            if port not in GIVEN:
                GIVEN.add(port)
                return port


def accepts(port, host="127.0.0.1"):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


class Scene:
    def __init__(self, folder, programs, chance, is_long, kernel=None):
        self.folder = folder
        self.programs = programs
        self.chance = chance
        self.long = is_long
        self.kernel = kernel
        self.processes = []
        self.mounts = []

    def path(self, name):
        return self.folder / name

    def start(self, command, **options):
        """Starts a process that does not outlive the scene."""
        process = subprocess.Popen([str(word) for word in command], **options)
        self.processes.append(process)
        return process

    def peer(self, script, *words, name=None, port=None, host="127.0.0.1"):
        """Starts a peer of Tests/Fixtures/peers and waits until it accepts."""
        return Peer(self, script, words, name or script, port or free_port(), host)

    def mount(self, place, *words):
        place.mkdir(exist_ok=True)
        subprocess.run(["mount", *words, str(place)], check=True)
        self.mounts.append(place)
        return place

    def close(self):
        self.endings = [f"{pathlib.Path(process.args[0]).name} {process.args[-1]}: {process.returncode}"
                        for process in self.processes if process.poll() is not None]
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        for place in reversed(self.mounts):
            subprocess.run(["umount", "--lazy", str(place)], check=False)

    def logs(self):
        """How processes ended, and the last lines of what daemons wrote."""
        yield "ended", ", ".join(self.endings) or "nothing by itself"
        for log in sorted(self.folder.glob("**/log")):
            text = log.read_text(errors="replace").splitlines()
            for line in text[-12:]:
                yield log.parent.name, line


class Peer:
    def __init__(self, scene, script, words, name, port, host):
        import json
        self.json = json
        self.out = scene.path(f"{name}-{port}.seen")
        self.port = port
        with open(scene.path(f"{name}-{port}.errors"), "wb") as errors:
            self.process = scene.start(
                [sys.executable, PEERS / script, "--port", port, "--out", self.out, *words], stderr=errors)
        until(f"{script} accepts", lambda: accepts(port, host), 20)

    @property
    def seen(self):
        """What it saw so far, oldest first."""
        if not self.out.exists():
            return []
        lines = self.out.read_text(errors="replace").split("\n")
        return [self.json.loads(line) for line in lines[:-1]]

    def events(self, event):
        return [line for line in self.seen if line.get("event") == event]

    def open(self):
        """Opens the gate of a peer that was started closed."""
        pathlib.Path(f"{self.out}.open").touch()


class Sink:
    """Postfix's smtp-sink: what it took lies in files of its own."""

    def __init__(self, scene, *words, port=None):
        self.folder = scene.path(f"sink-{len(scene.processes)}")
        self.folder.mkdir()
        self.folder.chmod(0o777)
        self.port = port or free_port()
        program = "/usr/sbin/smtp-sink" if os.path.exists("/usr/sbin/smtp-sink") else "smtp-sink"
        self.process = scene.start(
            [program, "-u", "nobody", *words, "-d", "%s-", f"127.0.0.1:{self.port}", "500"], cwd=self.folder,
            stderr=subprocess.DEVNULL)
        until("smtp-sink accepts", lambda: accepts(self.port), 10)
        self.known = {}

    def messages(self):
        """The finished messages: (recipient, Message-ID, text)."""
        for name in os.listdir(self.folder):
            if name in self.known:
                continue
            text = (self.folder / name).read_text(errors="replace")
            # It writes an empty line last: a file without one is not finished.
            if text.endswith("\n\n"):
                self.known[name] = (envelope(text), header(text, "Message-ID"), text)
        return list(self.known.values())

    def count(self):
        return len(self.messages())

    def pause(self):
        """Takes connections, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


def envelope(text):
    for line in text.splitlines():
        if line.startswith("X-Rcpt-Args: "):
            return line[len("X-Rcpt-Args: "):].split()[0].strip("<>")
    return None


def header(text, name):
    """A header's value, unfolded."""
    value = None
    for line in text.replace("\r\n", "\n").split("\n"):
        if value is not None:
            if not line[:1] in (" ", "\t"):
                break
            value += line
        elif line.lower().startswith(name.lower() + ":"):
            value = line.split(":", 1)[1]
        elif not line:
            break
    return value.strip() if value else None
