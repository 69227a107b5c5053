"""Runs the failures that followupd promises to survive against its release program, and prints one line for each.

Everything happens in namespaces of its own (mounts, network), which scripts/faults makes: no packet leaves them.
"""
import argparse
import concurrent.futures
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import crash  # noqa: F401 - each module registers its faults
import data  # noqa: F401
import disk  # noqa: F401
import mail  # noqa: F401
import opening  # noqa: F401
import web  # noqa: F401
from scene import FAULTS, Failure, Scene

arguments = argparse.ArgumentParser()
arguments.add_argument("--programs", type=pathlib.Path, required=True, help="the folder of the release programs")
arguments.add_argument("--long", action="store_true")
arguments.add_argument("--kernel", type=pathlib.Path, help="of the guest that loses its power, in the long form")
arguments.add_argument("--keep", action="store_true")
arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
arguments.add_argument("--jobs", type=int, default=1, help="how many promises at a time")
arguments.add_argument("promises", nargs="*", type=int)
options = arguments.parse_args()

unknown = [number for number in options.promises if number not in FAULTS]
if unknown:
    known = ", ".join(map(str, sorted(FAULTS)))
    sys.exit(f"faults: promise {unknown[0]}: there is no fault for it here: those are {known}")

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
output = threading.Lock()


def run(number):
    """Provokes one promise's fault, prints its line, and returns whether it holds."""
    title, fault = FAULTS[number]
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"followupd-fault-{number}."))
    folder.chmod(0o755)
    started = time.monotonic()
    scene = Scene(folder, options.programs.resolve(), random.Random(f"{options.seed}/{number}"), options.long,
                  options.kernel)
    notes = []
    try:
        figure, verdict = fault(scene), "ok"
    except Failure as failure:
        figure, verdict = str(failure), "FAILED"
    except Exception as error:  # noqa: BLE001 - a fault of the suite is a failure of that promise, not of the others
        figure, verdict = f"{type(error).__name__}: {error}", "FAILED"
        notes.append(traceback.format_exc())
    finally:
        scene.close()
    seconds = time.monotonic() - started
    if verdict != "ok":
        notes += [f"{name}: {line}" for name, line in scene.logs()]
    if verdict == "ok" or not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        notes.append(f"kept in {folder}")
    with output:
        print(f"promise {number:<3} {title:<{width}} {verdict:<6}  {figure}  {seconds:.0f} s", flush=True)
        for note in notes:
            print(f"  {note}", flush=True)
    return verdict == "ok"


chosen = sorted(options.promises or FAULTS)
width = max(len(FAULTS[number][0]) for number in chosen)
print(f"seed {options.seed}", flush=True)
with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
    holds = list(pool.map(run, chosen))
print(f"{sum(holds)} of {len(holds)} promises hold", flush=True)
sys.exit(0 if all(holds) else 1)
