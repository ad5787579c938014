"""What is due among a million applications, and a calendar brought to twenty thousand open cases.

make bench
"""

import csv
import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from requestflow.__main__ import COLLECTING
from requestflow.bootstrap import open_office
from requestflow.services.agenda import agenda
from requestflow.services.duties import duties, last_day_within
from requestflow.services.importing import import_register
from requestflow.services.office import Office
from requestflow.services.recalculation import refresh
from requestflow.services.upkeep import init

TODAY = date(2026, 11, 24)
ALL, OPEN = 1_000_000, 20_000
ROUNDS = 9
KINDS = (("answer", 20, 0), ("correction_notice", 7, 1), ("extension_notice", 19, 1),
         ("payment_notice", 20, 1), ("reasons_notice", 20, 1))  # fmt: skip
# What the program itself has to read, column by column and in the same order, by the driver alone.
BARE = """
SELECT o.kind, o.entry, o.due, o.owed_by, a.number, a.subject, a.unit, CASE WHEN a.waits THEN a.id END
FROM obligations o JOIN applications a ON a.id = o.application_id
WHERE o.office_id = 1 AND o.remedy = 0
"""
ORDER = "ORDER BY o.due, o.if_needed, a.number, o.kind"


def seconds(act: Callable[[], object]) -> float:
    """Of the processor: neighbours on a busy machine do not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


def ratio(name: str, act: Callable[[], object], bare: Callable[[], object], limit: str) -> None:
    """By turns, so that a busy machine slows both; medians."""
    act(), bare()
    pairs = [(seconds(act), seconds(bare)) for _ in range(ROUNDS)]
    found = statistics.median(a / b for a, b in pairs)
    ours, base = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    print(f"{name:<44} {found:6.2f} x bare SQL  ({ours:.1f} ms, {base:.1f} ms)  {limit}")


def filled(folder: Path) -> Path:
    """An office of a million rows, the newest twenty thousand of them open."""
    config = init(folder, "示例县发展和改革局")
    calendar = open_office(config, TODAY).calendar
    first = TODAY - timedelta(days=27)
    rows, owed = [], []
    for key in range(1, ALL + 1):
        live = key > ALL - OPEN
        received = (
            first + timedelta(days=key % 27) if live else date(2019, 5, 15) + timedelta(key % 2700)
        )
        due = calendar.after(received, 20).isoformat()
        rows.append((key, 1, f"{received.year}-{key:07}", received.isoformat(), "enterprise", "fax",
                     f"第{key}件", "under_review" if live else "closed", due, received.isoformat(),
                     0, not live, not live, 0, 0, 2))  # fmt: skip
        for kind, days, if_needed in KINDS if live else ():
            by = calendar.after(received, days).isoformat()
            owed.append((key, 1, kind, 1, received.isoformat(), by, "office", if_needed, 0))
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        connection.executemany(
            "INSERT INTO applications (id, office_id, number, received, kind, channel, subject, state,"
            " due, due_on, waits, ended, answered, late, void, entries)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
        )
        connection.executemany(
            "INSERT INTO obligations (application_id, entry, kind, office_id, started, due, owed_by,"
            " if_needed, remedy) VALUES (?,?,?,?,?,?,?,?,?)",
            [(key, entry, kind, office, *rest) for key, office, kind, entry, *rest in owed],
        )
        connection.commit()
    return config


def command(office: Office, connection: sqlite3.Connection, within: int) -> None:
    """`due --within N` in whole: against the same columns of the same rows, by the driver alone."""
    by = last_day_within(office, within)
    near = (
        "SELECT application_id FROM obligations"  # noqa: S608  a day of our own
        f" WHERE office_id = 1 AND remedy = 0 AND if_needed = 0 AND due <= '{by}'"
    )
    rows = (
        "SELECT a.*, p.* FROM applications a"  # noqa: S608  a day of our own
        " LEFT JOIN applicants p ON p.application_id = a.id"
        f" WHERE a.id IN ({near})"
    )

    def bare() -> list[object]:
        found = connection.execute(f"{BARE} AND o.application_id IN ({near}) {ORDER}").fetchall()
        return found + connection.execute(rows).fetchall()

    count = len(agenda(office, within=within))
    ratio(f"due --within {within} ({count} cases)", lambda: agenda(office, within=within), bare, "")


def scan(folder: Path) -> None:
    office = open_office(filled(folder), TODAY)
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        for within in (2, 5, None):
            by = last_day_within(office, within)
            where = f"AND o.due <= '{by}'" if by else ""

            def bare(where: str = where) -> list[object]:
                return connection.execute(f"{BARE} {where} {ORDER}").fetchall()

            name = f"due within {within} working days" if within else "all that is owed"
            count = len(duties(office, within=within))
            act = lambda within=within: duties(office, within=within)  # noqa: E731
            ratio(f"{name} ({count} duties)", act, bare, "(at most 2)")
            if within is not None:
                command(office, connection, within)


def recompute(folder: Path) -> None:
    """Twenty thousand open cases under a new local holiday: read, worked out and written at once."""
    config = init(folder, "示例县发展和改革局")
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["收到日期", "申请人", "申请人类型", "申请渠道", "内容描述"])
        for key in range(OPEN):
            day = TODAY - timedelta(days=key % 27)
            writer.writerow([day, f"申请人{key}", "自然人", "互联网", f"第{key}件"])
    import_register(open_office(config, TODAY), folder / "register.csv")
    text = config.read_text("utf-8")
    config.write_text(
        text.replace("[calendar.days_off]", '[calendar.days_off]\n"2026-11-25" = "地方节日"')
    )
    office = open_office(config, TODAY)
    start = time.process_time()
    moved = refresh(office).moved
    print(f"{'calendar refresh, 20,000 open cases':<44} {time.process_time() - start:6.1f} s"
          f"  ({len(moved)} moved)")  # fmt: skip


def main() -> None:
    gc.set_threshold(*COLLECTING)  # as the program has it; the bare SQL runs under it too
    with tempfile.TemporaryDirectory() as folder:
        recompute(Path(folder) / "recompute")
        scan(Path(folder) / "scan")


if __name__ == "__main__":
    main()
