"""Job queues with 16 threads, otherwise as they come: prints how many jobs a second went, from the first to the last.

queue_worker.py apscheduler|huey|celery smtp|webhook PORT COUNT FOLDER; celery needs a Redis on the socket FOLDER/redis.
"""
import os
import sys
import threading
import time

from cron_script import Mail, Webhook

name, kind, port, count, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
THREADS = 16
local, lock, times = threading.local(), threading.Lock(), []


def send(number):
    started = time.time()
    if not hasattr(local, "sender"):
        local.sender = {"smtp": Mail, "webhook": Webhook}[kind](port)
    local.sender.send(number, f"Patient {number}", f"p{number}@example.org", "Monday 23 November 2026")
    with lock:
        times.append((started, time.time()))


def apscheduler():
    from datetime import datetime, timezone

    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone=timezone.utc, executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": None})
    scheduler.add_jobstore("sqlalchemy", url=f"sqlite:///{folder}/jobs.sqlite")
    scheduler.start(paused=True)
    for number in range(count):
        scheduler.add_job(send, "date", run_date=datetime.now(timezone.utc), args=[number])
    scheduler.resume()


def huey():
    from huey import SqliteHuey

    queue = SqliteHuey(filename=f"{folder}/jobs.sqlite")
    task = queue.task()(send)
    for number in range(count):
        task(number)
    queue.create_consumer(workers=THREADS, worker_type="thread", check_worker_health=False).start()


def celery():
    from celery import Celery

    queue = Celery("jobs", broker=f"redis+socket://{folder}/redis")
    queue.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)
    task = queue.task(send)
    for number in range(count):
        task.delay(number)
    queue.worker_main(["worker", "-P", "threads", "-c", str(THREADS), "--without-gossip", "--without-mingle"])


def tell():
    while len(times) < count:
        time.sleep(0.01)
    # Celery takes over the other one.
    print(count / (max(ended for _, ended in times) - min(started for started, _ in times)), file=sys.__stdout__, flush=True)
    os._exit(0)


if __name__ == "__main__":
    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    # Celery's comes back only if it cannot work.
    {"apscheduler": apscheduler, "huey": huey, "celery": celery}[name]()
    if name != "celery":
        telling.join()
