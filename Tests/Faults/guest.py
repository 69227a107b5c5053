"""A machine of its own for the daemon, whose power can be cut: QEMU with a Debian kernel and a disk image."""
import os
import re
import shutil
import subprocess
import time

from scene import expect, until

INIT = """#!/bin/sh
busybox mkdir -p /proc /sys /dev /run /tmp /disk
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs dev /dev 2>/dev/null
exec >/dev/ttyS0 2>&1 </dev/null
until [ -b /dev/nvme0n1 ]; do busybox usleep 50000; done
busybox mount -t ext4 /dev/nvme0n1 /disk || { echo "no disk"; busybox poweroff -f; }
busybox ip link set lo up
export FOLLOWUPD_SOCKET=/run/control.sock STATE_DIRECTORY=/disk/state NO_COLOR=1
followupd --config /etc/followupd.toml 2>/run/log &
until followupctl ping >/dev/null 2>&1; do busybox usleep 100000; busybox kill -0 $! || { busybox cat /run/log; busybox poweroff -f; }; done
echo ready
add() {
  n=0
  while followupctl patient add $1$n --name "Patient $n" --email $1$n@example.org >/dev/null &&
    followupctl add $1$n +2d 10:00 >/dev/null; do echo "ack $1$n"; n=$((n + 1)); done
  echo "refused $1$n"
}
add BOOTa & add BOOTb & add BOOTc &
wait
"""

CLINIC = """
[clinic]
name = "Riverside Family Practice"
zone = "UTC"
phone = "+1 604 555 0100"
"""


class Guest:
    """Boots again on the same disk after each cut."""

    def __init__(self, scene, kernel):
        self.scene, self.kernel = scene, kernel
        self.image = scene.path("disk.img")
        with open(self.image, "wb") as image:
            image.truncate(256 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)
        self.tree = scene.path("tree")
        self.fill()
        self.boots = 0
        self.process = None

    def fill(self):
        """Programs, their libraries, the zone files, and busybox."""
        for name in ("bin", "etc", "dev", "usr/share"):
            (self.tree / name).mkdir(parents=True)
        shutil.copy("/bin/busybox", self.tree / "bin/busybox")
        os.symlink("busybox", self.tree / "bin/sh")
        for name in ("followupd", "followupctl"):
            program = self.tree / "bin" / name
            subprocess.run(["strip", "-o", program, self.scene.programs / name], check=True)
            for library in re.findall(r"(/\S+) \(0x", subprocess.run(
                    ["ldd", self.scene.programs / name], capture_output=True, text=True, check=True).stdout):
                place = self.tree / library.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(library, place)
        shutil.copytree("/usr/share/zoneinfo", self.tree / "usr/share/zoneinfo", symlinks=True)
        (self.tree / "etc/followupd.toml").write_text(CLINIC)

    def boot(self):
        self.boots += 1
        init = self.tree / "init"
        init.write_text(INIT.replace("BOOT", f"b{self.boots}"))
        init.chmod(0o755)
        archive = self.scene.path("initramfs")
        with open(archive, "wb") as out:
            names = subprocess.run(["find", ".", "-print0"], cwd=self.tree, capture_output=True, check=True).stdout
            subprocess.run(["cpio", "--null", "--quiet", "-o", "-H", "newc"], cwd=self.tree, input=names, stdout=out, check=True)
        self.serial = self.scene.path(f"log-{self.boots}")
        self.process = self.scene.start(
            ["qemu-system-x86_64", "-accel", "tcg", "-m", "768", "-display", "none", "-monitor", "none", "-no-reboot",
             "-nic", "none", "-kernel", self.kernel, "-initrd", archive, "-append", "console=ttyS0 quiet panic=-1",
             "-serial", f"file:{self.serial}", "-drive", f"if=none,id=disk,format=raw,file={self.image}",
             "-device", "nvme,drive=disk,serial=1"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def said(self):
        return self.serial.read_text(errors="replace") if self.serial.exists() else ""

    def acknowledged(self):
        expect(self.process.poll() is None, f"the guest ended: {self.said[-300:]}")
        # A last line without its end may be half a name.
        return re.findall(r"^ack (\S+)\r?\n", self.said, re.MULTILINE)

    def cut(self):
        self.process.kill()
        self.process.wait()

    def state(self, place):
        """The state directory as a new boot would find it: the file system's journal replayed, the files taken out."""
        copy = self.scene.path("copy.img")
        shutil.copy(self.image, copy)
        subprocess.run(["e2fsck", "-fy", copy], capture_output=True, check=False)
        place.mkdir()
        subprocess.run(["debugfs", "-R", f"rdump /state {place}", copy], capture_output=True, check=True)
        copy.unlink()
        return place / "state"


def cut_power(scene, kernel, cuts):
    """(acknowledged, cuts): every acknowledged command is present after each cut."""
    from clinic import Clinic
    guest = Guest(scene, kernel)
    known = []
    for cut in range(cuts):
        guest.boot()
        wanted = scene.chance.randrange(4, 12)
        until("the guest has acknowledged some", lambda: len(guest.acknowledged()) >= wanted, 240, pause=0.05)
        time.sleep(scene.chance.uniform(0, 0.5))
        guest.cut()
        known += re.findall(r"^ack (\S+)\r?\n", guest.said, re.MULTILINE)
        clinic = Clinic(scene, name=f"taken-out-{cut}", state=guest.state(scene.path(f"out-{cut}")))
        clinic.integrity()
        clinic.start()
        present = {row[0] for row in clinic.sql(
            "SELECT ref FROM patient JOIN follow_up ON patient_id = patient.id JOIN occurrence ON follow_up_id = follow_up.id")}
        missing = [ref for ref in known if ref not in present]
        expect(not missing, f"cut {cut}: {len(missing)} of {len(known)} acknowledged are lost: {missing[:3]}")
        expect(clinic.stop() == 0, "it does not stop cleanly")
    return len(known)
