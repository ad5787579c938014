"""The year's table is counted by index, in steps that grow with the year and not with the archive."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from requestflow.domain.summary import is_lingering
from requestflow.domain.tables import CountedCase, Period, count
from requestflow.services.office import Office
from requestflow.storage import figures
from requestflow.storage.schema import applications

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
QUARTER = Period(date(2024, 4, 1), date(2024, 6, 30))


def rows(many: int) -> list[dict[str, Any]]:
    """Applications of six years: most take weeks, every seventh takes years, every fifth is open."""
    found = []
    for place in range(many):
        received = date(2020, 1, 1) + timedelta(days=place * 7 % 2190)
        length = (place * 5 % 900) if place % 7 == 0 else place % 40
        concluded = None if place % 5 == 0 else received + timedelta(days=length)
        found.append(
            {
                "office_id": 1, "number": f"N{place}", "received": received,
                "kind": ("natural_person", "enterprise")[place % 2], "channel": "post", "subject": "x",
                "state": "closed", "outcome": "partial", "counted_outcome": concluded and "partial",
                "concluded": concluded, "due": received, "due_on": received, "waits": False,
                "ended": True, "answered": True, "late": False, "void": place % 11 == 0,
                "lingering": is_lingering(received, concluded), "entries": 1,
            }
        )  # fmt: skip
    return found


@pytest.mark.parametrize("period", [YEAR, QUARTER], ids=["year", "quarter"])
def test_the_ranges_find_what_one_by_one_is_counted(office: Office, period: Period) -> None:
    """Long and open cases are found by their own index, all others by their receipt: none is missed."""
    made = rows(700)
    plain = count(
        (
            CountedCase(r["number"], r["received"], r["kind"], r["counted_outcome"], r["concluded"])
            for r in made
            if not r["void"]
        ),
        period,
    )
    with office.writing() as session:
        session.connection.execute(sa.insert(applications), made)
        quick = figures.count(session, period)
        members = {case.number for case in figures.members(session, period)}

    for name in ("new", "carried_in", "carried_out", "results"):
        wanted = {key: number for key, number in getattr(plain, name).items() if number}
        assert dict(getattr(quick, name)) == wanted, name
        assert wanted
    assert len(members) == sum(quick.new.values()) + sum(quick.carried_in.values())


def test_no_step_reads_the_archive(office: Office) -> None:
    """Every statement searches an index by a range with two ends, or the index of lingering cases."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        seen.append((statement, given))

    with office.reading() as session:
        event.listen(session.connection, "before_cursor_execute", note)
        figures.count(session, YEAR)
        event.remove(session.connection, "before_cursor_execute", note)
        plans = [
            [row[3] for row in session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", given)]
            for s, given in seen
        ]

    assert len(plans) == 6
    for plan in plans:
        [search] = [step for step in plan if step.startswith("SEARCH")]
        both_ends = ">?" in search and "<?" in search and "COVERING INDEX" in search
        assert both_ends or "ix_applications_lingering" in search, search
