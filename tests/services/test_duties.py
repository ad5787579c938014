"""What is owed today: by whom, in which case, and by the office itself."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from requestflow.bootstrap import open_office
from requestflow.domain.obligations import Obligation
from requestflow.services import casework, listing
from requestflow.services.closing import close_year
from requestflow.services.duties import Duty, duties
from requestflow.services.intake import Registration, register
from requestflow.services.office import Office
from requestflow.services.processing import Step, transition
from requestflow.services.upkeep import init
from requestflow.storage.registry import Filter


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The settings of a new office."""
    return init(tmp_path / "office", "示例县发展和改革局")


def _registered(office: Office, received: date) -> str:
    wanted = Registration("natural_person", "online", received, "甲", {"name": "申请人甲"})
    return register(office, wanted).case.application.number


def _open(found: Iterator[Obligation], today: date) -> Iterator[tuple[str, date]]:
    for one in found:
        if not one.met and not (one.limit.if_needed and one.due < today):
            yield one.limit.name, one.due


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2026, 12, 31), date(2027, 3, 1)])
def test_what_the_rows_owe_is_what_the_histories_owe(busy: Office, today: date) -> None:
    """On any later day the list by index is the list that the replayed histories give."""
    office = open_office(busy.settings.path, today)
    lines = listing.listed(office, Filter())
    slow: list[tuple[str, str, date]] = []
    for number in (line.row.summary.number for line in lines if not line.row.summary.void):
        found = casework.read(office, number).deadline(today, office.rules).obligations
        slow += [
            (number, kind, due)
            for kind, due in _open(iter(found), today)
            if kind not in ("review", "suit") or due >= today
        ]

    quick = [duty for duty in duties(office, all_of_them=True) if duty.number is not None]

    assert sorted((str(d.number), d.kind, d.due) for d in quick) == sorted(slow)
    assert [d.due for d in quick] == sorted(d.due for d in quick)
    assert slow


def test_the_periods_of_the_applicant_are_asked_for(config: Path) -> None:
    """After the reply nothing is owed but what the applicant may do; it is listed when asked for."""
    office = open_office(config, date(2026, 7, 30))
    number = _registered(office, date(2026, 7, 1))
    transition(office, number, Step("accept", {}, on=date(2026, 7, 2)))
    transition(office, number, Step("decide", {"outcome": "partial"}, on=date(2026, 7, 20)))
    transition(office, number, Step("deliver", {}, on=date(2026, 7, 20)))

    assert duties(office) == []
    assert [(d.kind, d.owed_by, d.due) for d in duties(office, all_of_them=True)] == [
        ("review", "applicant", date(2026, 9, 18)),
        ("suit", "applicant", date(2027, 1, 20)),
    ]
    assert [d.kind for d in duties(open_office(config, date(2026, 9, 21)), all_of_them=True)] == ["suit"]


def _yearly(found: list[Duty]) -> list[tuple[str, date, str]]:
    return [(d.kind, d.due, d.subject) for d in found if d.number is None]


def test_the_annual_report_is_owed_from_new_year(config: Path) -> None:
    """An office that had an application reports on the year by 31 January of the next, 30号."""
    office = open_office(config, date(2026, 12, 31))
    _registered(office, date(2026, 12, 30))
    assert _yearly(duties(office)) == []

    later = open_office(config, date(2027, 1, 1))
    assert _yearly(duties(later)) == [("annual_report", date(2027, 1, 31), "2026")]
    assert duties(later, within=3) == []
    close_year(later, 2026)
    assert _yearly(duties(later)) == []


@pytest.mark.parametrize(
    ("level", "due"),
    [("county", date(2027, 2, 20)), ("city", date(2027, 3, 10)), ("province", date(2027, 3, 31))],
)
def test_a_government_owes_the_total_of_its_district_too(config: Path, level: str, due: date) -> None:
    """County totals by 20 February, city by 10 March, province by 31 March, 30号."""
    text = config.read_text("utf-8").replace('level = "department"', f'level = "{level}"')
    config.write_text(text, "utf-8")
    _registered(open_office(config, date(2026, 12, 31)), date(2026, 12, 30))

    found = _yearly(duties(open_office(config, date(2027, 2, 1))))

    assert found == [("annual_report", date(2027, 1, 31), "2026"), ("annual_total", due, "2026")]


def test_an_office_without_applications_owes_no_report(config: Path) -> None:
    """What came in this year is reported on next year."""
    office = open_office(config, date(2027, 1, 15))
    _registered(office, date(2027, 1, 4))

    assert _yearly(duties(office)) == []


def test_a_report_that_was_never_recorded_does_not_vanish_at_new_year(config: Path) -> None:
    """Each year is owed until it is recorded or closed; what was due before the office began is not asked."""
    office = open_office(config, date(2026, 6, 1))
    _registered(office, date(2025, 12, 1))
    _registered(office, date(2026, 6, 1))

    found = _yearly(duties(open_office(config, date(2028, 3, 1))))

    assert found == [
        ("annual_report", date(2027, 1, 31), "2026"),
        ("annual_report", date(2028, 1, 31), "2027"),
    ]
    close_year(open_office(config, date(2028, 3, 1)), 2026)
    assert [one[2] for one in _yearly(duties(open_office(config, date(2028, 3, 1))))] == ["2027"]
