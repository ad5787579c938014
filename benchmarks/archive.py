"""A synthetic archive: a million applications over ten years, rows alone, written past the program."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

FIRST, LAST = date(2016, 1, 1), date(2025, 12, 31)
KINDS = ("natural_person", "enterprise", "research_institution", "public_welfare",
         "legal_service", "other_organization")  # fmt: skip
OUTCOMES = ("disclosed.provided", "partial", "withheld.third_party", "withheld.process_information",
            "unable.nonexistent", "unable.other_organ", "not_handled.petition", "other.not_corrected",
            "other.withdrawn")  # fmt: skip
COLUMNS = ("office_id", "number", "received", "kind", "channel", "subject", "state", "outcome",
           "counted_outcome", "concluded", "due", "due_on", "waits", "ended", "answered", "late",
           "void", "lingering", "entries")  # fmt: skip


def rows(count: int, seed: int = 33) -> Iterator[tuple[object, ...]]:
    """Applications spread evenly; most take some weeks, a few take years, a few are open or void."""
    dice = random.Random(seed)  # noqa: S311  seeded: the same archive each time
    span = (LAST - FIRST).days
    for place in range(count):
        received = FIRST + timedelta(days=place * span // count)
        length = int(dice.gammavariate(4, 5)) if dice.random() > 0.002 else dice.randrange(100, 900)
        concluded: date | None = received + timedelta(days=length)
        if concluded is None or concluded > LAST or dice.random() < 0.0005:
            concluded = None
        outcome = dice.choice(OUTCOMES) if concluded else None
        due = received + timedelta(days=28)
        kind = KINDS[0] if dice.random() < 0.8 else dice.choice(KINDS)
        yield (
            1, f"{received.year}-{place:07}", received.isoformat(), kind, "online", "某文件",
            "closed" if concluded else "under_review", outcome, outcome,
            concluded.isoformat() if concluded else None, due.isoformat(), due.isoformat(), 0,
            concluded is not None, concluded is not None, 0, dice.random() < 0.001,
            concluded is None or length > 366, 1,
        )  # fmt: skip


def fill(database: Path, count: int) -> None:
    """Writes so many applications into a fresh office's database."""
    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executemany(
            f"INSERT INTO applications ({names}) VALUES ({marks})",  # noqa: S608  names of ours
            rows(count),
        )
        connection.commit()
