"""Speed as ratios against a named baseline in the same run: medians, printed, never asserted.

make bench
"""

import gc
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
from archive import fill
from lxml import etree

from requestflow.__main__ import COLLECTING
from requestflow.bootstrap import open_office
from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.services.checking import check_files
from requestflow.services.importing import import_register
from requestflow.services.merging import Wanted, merge_files
from requestflow.services.office import RuleBook
from requestflow.services.reminding import Reminding
from requestflow.services.upkeep import init
from requestflow.services.year_table import Wanted as WantedTable
from requestflow.services.year_table import rollup

ROUNDS = 15
ARCHIVE = 1_000_000
CASES = 20_000
HEAVY = (
    "alembic", "apscheduler", "jinja2", "openpyxl", "pydantic", "python_calamine", "rapidfuzz",
    "rich", "sqlalchemy", "tomlkit", "transitions", "xlsxwriter", "yaml",
)  # fmt: skip


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ratio(name: str, act: Callable[[], object], against: str, baseline: Callable[[], object],
          limit: str = "", rounds: int = ROUNDS) -> None:  # fmt: skip
    """Both by turns, so that a busy machine slows both; the median of the ratios."""
    act(), baseline()
    found = [seconds(act) / seconds(baseline) for _ in range(rounds)]
    print(f"{name:<44} {statistics.median(found):8.2f} x {against}  {limit}")


def process(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run(words, check=True, capture_output=True)


def imported(*words: str) -> set[str]:
    """The packages that a command line imports, as `-X importtime` names them."""
    command = [sys.executable, "-X", "importtime", "-m", "requestflow", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}
    return {name.partition(".")[0] for name in names}


def start_up(config: str) -> None:
    bare = process(sys.executable, "-c", "pass")
    program = str(Path(sys.executable).with_name("requestflow"))
    ratio("requestflow --help", process(program, "--help"), "python -c pass", bare, "(at most 8)")
    day = ("--config", config, "--today", "2026-11-24")
    for words in (("list",), ("due",), ("show", "2026-0001"), ("deadline", "2026-0001"),
                  ("rollup", "2026"), ("calendar", "show", "2026")):  # fmt: skip
        name = " ".join(words)
        ratio(f"requestflow {name}", process(program, *day, *words), "python -c pass", bare)
        loaded = sorted(imported(*day, *words, "--json") & set(HEAVY))
        print(f"{'':<10}imports {', '.join(loaded)}")


def counting() -> None:
    calendar = Calendar(load_calendar_years("CN"))
    starts = [date(2019, 1, 1) + timedelta(days=n) for n in range(2500)]
    base = calendar.first_day.toordinal()
    ranks, days = calendar._ranks, calendar._days  # noqa: SLF001  the bare table is the baseline
    fromordinal = date.fromordinal

    def ours() -> None:
        for day in starts:
            calendar.after(day, 20)

    def bare() -> None:
        for day in starts:
            fromordinal(base + days[ranks[day.toordinal() - base] + 19])

    def walk() -> None:
        for day in starts:
            left, reached = 20, day
            while left:
                reached += timedelta(days=1)
                left -= chinese_calendar.is_workday(reached)

    ratio("add 20 working days", ours, "bare table look-up", bare, "(at most 2)")
    ratio("add 20 working days: a walk by chinesecalendar", walk, "ours", ours, "(at least 50)", 5)


def bare_cells(database: Path, year: int) -> Callable[[], object]:
    """The same cells by the quickest statements known for them, on the same database and indexes.

    What came and what was concluded is counted day by day and then over the days, as the indexes have
    it: the plain GROUP BY over a whole year takes twice as long.
    """
    mine = "FROM applications WHERE office_id = 1 AND void = 0 AND"
    first, last = f"'{year}-01-01'", f"'{year}-12-31'"
    open_at = (
        "SELECT kind, count(*) {mine} received >= date({day}, '-366 days') AND received < {day}"
        " AND (concluded IS NULL OR concluded >= {day}) GROUP BY kind"
    )
    lingering = (
        "SELECT kind, count(*) {mine} lingering = 1 AND received < date({day}, '-366 days')"
        " AND (concluded IS NULL OR concluded >= {day}) GROUP BY kind"
    )
    new = (
        f"SELECT received, kind, count(*) AS n {mine} received BETWEEN {first} AND {last} GROUP BY 1, 2"
    )
    results = (
        f"SELECT concluded, counted_outcome, kind, count(*) AS n {mine} concluded BETWEEN {first}"
        f" AND {last} GROUP BY 1, 2, 3"
    )
    statements = [
        f"SELECT kind, sum(n) FROM ({new}) GROUP BY kind",  # noqa: S608  text of ours
        f"SELECT counted_outcome, kind, sum(n) FROM ({results}) GROUP BY 1, 2",  # noqa: S608  the same
        *(text.format(mine=mine, day=day) for text in (open_at, lingering)
          for day in (first, f"'{year + 1}-01-01'")),
    ]  # fmt: skip
    connection = sqlite3.connect(database)
    return lambda: [connection.execute(statement).fetchall() for statement in statements]


def archive_scans(database: Path, year: int) -> Callable[[], object]:
    """The same cells as one would first write them: everything that was ever open before a day."""
    mine = "FROM applications WHERE office_id = 1 AND void = 0 AND"
    first, last = f"'{year}-01-01'", f"'{year}-12-31'"
    statements = [
        f"SELECT kind, count(*) {mine} received BETWEEN {first} AND {last} GROUP BY kind",
        (
            f"SELECT counted_outcome, kind, count(*) {mine} concluded BETWEEN {first} AND {last}"
            " GROUP BY counted_outcome, kind"
        ),
        *(f"SELECT kind, count(*) {mine} received < {day} AND (concluded IS NULL OR concluded >= {day})"
          " GROUP BY kind" for day in (first, f"'{year + 1}-01-01'")),
    ]  # fmt: skip
    connection = sqlite3.connect(database)
    return lambda: [connection.execute(statement).fetchall() for statement in statements]


def year_of_an_archive(folder: Path) -> None:
    """The year's table over a million applications against bare SQL on the same database."""
    config = init(folder / "archive", "示例县发展和改革局")
    database = config.parent / "requestflow.db"
    began = time.perf_counter()
    fill(database, ARCHIVE)
    print(f"{ARCHIVE} applications written in {time.perf_counter() - began:.0f} s")
    office = open_office(config, date(2026, 1, 20))
    for year in (2018, 2025):
        ratio(f"rollup {year} of {ARCHIVE}", lambda: rollup(office, WantedTable(year)),  # noqa: B023  called at once
              "bare SQL, the same ranges", bare_cells(database, year), "(at most 1.3)", 7)  # fmt: skip
    ratio("rollup 2025", lambda: rollup(office, WantedTable(2025)), "bare SQL over the whole archive",
          archive_scans(database, 2025), "", 7)  # fmt: skip
    ratio("rollup 2025", lambda: rollup(office, WantedTable(2025)), "rollup 2018",
          lambda: rollup(office, WantedTable(2018)), "(about 1)", 7)  # fmt: skip


def _page(document: dict[str, Any], labels: dict[str, str]) -> str:
    """A page with the styles that Word writes into every cell."""
    style = "mso-bidi-font-family:宋体;font-size:12.0pt;" * 8
    rows = "".join(
        f"<tr><td style='{style}'>{labels[code]}</td>"
        + "".join(f"<td style='{style}'><p style='{style}'><span>{n}</span></p></td>" for n in figures)
        + "</tr>"
        for code, figures in document["rows"].items()
    )
    title = f"{document['office']}{document['year']}年政府信息公开工作年度报告"
    return f"<html><body><h1>{title}</h1><table>{rows}</table></body></html>"


def _written(folder: Path) -> tuple[list[Path], list[Path]]:
    """Ten thousand tables and a thousand pages, each of an office of its own."""
    forms = load_workflow(workflow_path("disclosure"))[1]
    document = json.loads((shipped("samples") / "annual-table-2023.json").read_text("utf-8"))
    labels = {row.code: row.label for row in forms[document["form"]].rows}
    for number in range(10_000):
        one = document | {"office": f"第{number}局"}
        (folder / f"{number}.json").write_text(json.dumps(one), "utf-8")
        if number % 10 == 0:
            (folder / f"{number}.html").write_text(_page(one, labels), "utf-8")
    return sorted(folder.glob("*.json")), sorted(folder.glob("*.html"))


def _by_hand(paths: list[Path]) -> None:
    sums: dict[str, list[int]] = {}
    for path in paths:
        for code, figures in json.loads(path.read_bytes())["rows"].items():
            sums[code] = [a + b for a, b in zip(sums.get(code, [0] * 7), figures, strict=True)]


def _parsed(pages: list[Path]) -> None:
    for path in pages:
        etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))


def tables() -> None:
    """Many tables in one call: held against reading the same files and adding them up by hand."""
    with tempfile.TemporaryDirectory() as folder:
        files, pages = _written(Path(folder))
        some, book = files[:1_000], RuleBook()
        by_hand = "json.load and sum"
        ratio("check 1,000 tables", lambda: check_files(book, some), by_hand, lambda: _by_hand(some),
              rounds=5)  # fmt: skip
        ratio("check 1,000 web pages", lambda: check_files(book, pages), "lxml alone",
              lambda: _parsed(pages), rounds=3)  # fmt: skip
        ratio("merge 10,000 tables", lambda: merge_files(book, files, Wanted("某省")), by_hand,
              lambda: _by_hand(files), rounds=3)  # fmt: skip


def bare_claims(database: Path) -> None:
    """What a pass cannot do without: the duties read, one digest and its reminders written."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        owed = connection.execute(
            "SELECT o.office_id, a.number, o.kind, o.entry, o.due FROM obligations o"
            " JOIN applications a ON a.id = o.application_id"
            " WHERE o.if_needed = 0 AND o.due <= '2026-12-01' AND o.kind = 'answer'"
        ).fetchall()
        assert len(owed) == CASES, len(owed)
        cursor = connection.execute(
            "INSERT INTO dispatches (office_id, recipient, channel, day, part, status, attempts, due_at,"
            " doubled, token)"
            " VALUES (1, 'x', 'file', '2026-11-24', 1, 'waiting', 0, '2026-11-24', 0, 'x')"
        )
        told = [(*row, 5, "x", "file", cursor.lastrowid) for row in owed]
        connection.executemany("INSERT INTO reminders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", told)
        connection.commit()


def reminders(folder: Path) -> None:
    """One pass that claims and sends a reminder for each of 20,000 cases, against bare statements."""
    config = init(folder, "示例县发展和改革局")
    rules = '[channels.file]\n[[remind.rules]]\nbefore = [5]\nto = ["handler"]\nchannel = "file"\n'
    config.write_text(f"{config.read_text('utf-8')}\n{rules}", "utf-8")
    office = open_office(config, date(2026, 11, 24))
    register = folder / "register.csv"
    rows = [f"2026-11-02,自然人,内容 {n}" for n in range(CASES)]
    register.write_text("\n".join(["收到日期,申请人类型,内容描述", *rows, ""]), "utf-8")
    import_register(office, register)
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    fresh = (folder / "requestflow.db").read_bytes()
    bare = folder / "bare.db"
    found = []
    for _ in range(5):
        for path in (folder / "requestflow.db", bare):
            path.write_bytes(fresh)
        passing = Reminding(open_office(config, date(2026, 11, 24)))
        ours = seconds(lambda once=passing: once.run())
        found.append((ours, seconds(lambda: bare_claims(bare))))
    name = f"a pass that sends {CASES:,} reminders"
    print(f"{name:<44} {statistics.median(a / b for a, b in found):8.2f} x bare SQL claims")
    print(f"{'':<10}medians {statistics.median(a for a, _ in found):.2f} s and "
          f"{statistics.median(b for _, b in found):.2f} s")  # fmt: skip


def main() -> None:
    gc.set_threshold(*COLLECTING)  # as the program has it; what it is held against runs under it too
    program = str(Path(sys.executable).with_name("requestflow"))
    with tempfile.TemporaryDirectory() as folder:
        process(program, "init", folder, "--office", "示例县发展和改革局")()
        config = str(Path(folder) / "config.toml")
        process(program, "--config", config, "--today", "2026-11-24", "register", "--kind",
                "natural_person", "--name", "申请人甲", "--channel", "online", "--received",
                "2026-11-03", "--subject", "年度预算执行情况")()  # fmt: skip
        start_up(config)
        year_of_an_archive(Path(folder))
        reminders(Path(folder) / "reminders")
    counting()
    tables()


if __name__ == "__main__":
    main()
