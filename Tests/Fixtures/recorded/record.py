"""Records what Python says of random recurrences, civil times and offsets: recurrence.json, civil.json, offsets.json.

    python3 record.py

Needs python-dateutil (Debian: python3-dateutil) and the zone files of ../vectors/zoneinfo. The seed is fixed: the same
packages write the same files. Nothing here is ours but the spelling: dateutil yields the dates, zoneinfo the instants.
"""
import datetime as dt
import itertools
import json
import os
import pathlib
import random

here = pathlib.Path(__file__).parent
zone_folder = here.parent / "vectors" / "zoneinfo"
os.environ["PYTHONTZPATH"] = str(zone_folder.resolve())

import zoneinfo  # noqa: E402
from dateutil.rrule import rrulestr  # noqa: E402

chosen = random.Random(20261201)
zones = sorted(str(path.relative_to(zone_folder)) for path in zone_folder.rglob("*") if path.is_file())
letters = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
YEARS = 28
# dateutil looks for the next date up to this year: nobody asks for a date so late here, and it looks slowly.
dt.MAXYEAR = 2075


def some(values, most=3):
    return sorted(chosen.sample(values, chosen.randint(1, min(most, len(values)))))


def parts_of(frequency):
    """A random rule without COUNT and UNTIL: its parts by name."""
    parts = {"FREQ": frequency}
    if chosen.random() < 0.6:
        parts["INTERVAL"] = str(chosen.choice([2, 3, 4, 5, 6, 7, 10, 12, 13, 18, 24, 52]))
    if chosen.random() < 0.3:
        parts["BYMONTH"] = ",".join(map(str, some(range(1, 13), 4)))
    if frequency != "WEEKLY" and chosen.random() < 0.4:
        days = some(list(range(1, 32)) + [-1, -2, -3, -7, -15, -28, -29, -30, -31], 5)
        parts["BYMONTHDAY"] = ",".join(map(str, days))
    if chosen.random() < 0.5:
        largest = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
        days = []
        for letter in chosen.sample(letters, chosen.randint(1, 5)):
            if frequency in ("MONTHLY", "YEARLY") and chosen.random() < 0.5:
                days.append(f"{chosen.choice([-1, 1]) * chosen.randint(1, largest)}{letter}")
            else:
                days.append(letter)
        parts["BYDAY"] = ",".join(days)
    if {"BYDAY", "BYMONTHDAY", "BYMONTH"} & parts.keys() and chosen.random() < 0.35:
        parts["BYSETPOS"] = ",".join(map(str, some([1, 2, 3, 4, 5, -1, -2, -3, -5, 10, -10])))
    if chosen.random() < 0.4:
        parts["WKST"] = chosen.choice(letters)
    return parts


def text(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


def day(date):
    return date.strftime("%Y-%m-%d")


def bounded(parts, anchor, years):
    """The dates up to some years after the anchor."""
    end = anchor + dt.timedelta(days=years * 365)
    return itertools.takewhile(lambda date: date <= end, rrulestr(text(parts), dtstart=anchor))


def recurrence():
    frequency = chosen.choice(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    anchor = dt.datetime(2019, 1, 1) + dt.timedelta(days=chosen.randint(0, 4500))
    parts = parts_of(frequency)
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        # dateutil counts positions of its first week from the anchor on, RFC 5545 from the week's start.
        anchor -= dt.timedelta(days=(anchor.weekday() - letters.index(parts.get("WKST", "MO"))) % 7)
    first = next(iter(bounded(parts, anchor, YEARS)), None)
    if first is None:
        return None
    kind = chosen.choice(["endless", "endless", "count", "until"])
    if kind == "count":
        parts["COUNT"] = str(chosen.choice([1, 2, 3, 5, 8, 13, 40]))
    if kind == "until":
        parts["UNTIL"] = (first + dt.timedelta(days=chosen.randint(0, 2500))).strftime("%Y%m%d")
    # What may come after the last year that was looked at is left out.
    dates = list(bounded(parts, anchor, YEARS + 5))
    is_ended = kind == "until" or kind == "count" and len(dates) == int(parts["COUNT"])
    after = []
    for years in (1, 10, YEARS):
        start = anchor + dt.timedelta(days=chosen.randint(0, years * 365))
        found = next((date for date in dates if date > start), None)
        if found or is_ended:
            after.append([day(start), found and day(found)])
    dates = dates[:12]
    # R5: a rule that names no day clamps to the month's last; RFC 5545, and so dateutil, omits.
    if not {"BYDAY", "BYMONTHDAY", "BYSETPOS"} & parts.keys():
        parts["SKIP"] = "OMIT"
    return {"rule": text(parts), "anchor": day(anchor), "dates": [day(date) for date in dates], "after": after}


def utc(instant):
    return instant.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(civil, zone):
    """R2: the first of two, and past a gap by its length. zoneinfo's fold=0 is both."""
    return civil.replace(tzinfo=zone, fold=0).astimezone(dt.timezone.utc)


def near_change(zone):
    """A civil time, mostly within a day of a change of the clocks."""
    time = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc) + dt.timedelta(minutes=chosen.randint(0, 20 * 365 * 1440))
    if chosen.random() < 0.7:
        offset = time.astimezone(zone).utcoffset()
        for _ in range(400):
            later = time + dt.timedelta(days=1)
            if later.astimezone(zone).utcoffset() != offset:
                break
            time = later
        time += dt.timedelta(minutes=chosen.randint(-360, 1800))
    return time.astimezone(zone).replace(tzinfo=None, second=0, fold=0)


def near_midnight_or_not(civil):
    return civil.replace(minute=chosen.choice([0, 15, 30, 45, civil.minute]))


def civil():
    name = chosen.choice(zones)
    zone = zoneinfo.ZoneInfo(name)
    time = near_midnight_or_not(near_change(zone))
    # A time in a gap never comes out of an instant: an hour or less forward may lie in one.
    time += dt.timedelta(minutes=chosen.choice([0, 0, 15, 30, 45]))
    return {"zone": name, "civil": time.strftime("%Y-%m-%dT%H:%M"), "instant": utc(instant_of(time, zone))}


def offset():
    anchor_name, patient_name = chosen.choice(zones), chosen.choice(zones)
    anchor_zone, patient_zone = zoneinfo.ZoneInfo(anchor_name), zoneinfo.ZoneInfo(patient_name)
    anchor = near_midnight_or_not(near_change(chosen.choice([anchor_zone, patient_zone])))
    at = instant_of(anchor, anchor_zone)
    kind = chosen.choice(["days", "days", "elapsed"])
    if kind == "days":
        days = chosen.choice([-30, -14, -7, -3, -2, -1, 0, 1, 2, 3, 7, 90])
        hour, minute = chosen.randint(0, 23), chosen.choice([0, 15, 30, 45, 59])
        written = f"{days:+d}d {hour:02}:{minute:02}" if days else f"0d {hour:02}:{minute:02}"
        date = at.astimezone(patient_zone).date() + dt.timedelta(days=days)
        found = instant_of(dt.datetime(date.year, date.month, date.day, hour, minute), patient_zone)
    else:
        minutes = chosen.choice([0, 15, 45, 60, 90, 120, 180, 1440, 2880, 10080]) * chosen.choice([-1, 1])
        sign = "-" if minutes < 0 else "+"
        whole = minutes and minutes % 60 == 0
        written = f"{sign}{abs(minutes) // 60}h" if whole else f"{sign}{abs(minutes)}m"
        found = at + dt.timedelta(minutes=minutes)
    return {"anchor": anchor.strftime("%Y-%m-%dT%H:%M"), "anchorZone": anchor_name, "patientZone": patient_name,
            "offset": written, "instant": utc(found)}


def write(name, count, make):
    rows = []
    while len(rows) < count:
        row = make()
        if row is not None:
            rows.append(row)
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (here / name).write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(rows)} rows")


write("recurrence.json", 600, recurrence)
write("civil.json", 1000, civil)
write("offsets.json", 800, offset)
