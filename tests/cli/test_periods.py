"""Any period of a year; what had happened by a day, and what was known on it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.domain.tables import Period
from requestflow.exchange.table_readers import TableReader

Run = Callable[..., Any]
FIRST, SECOND = "2026-0001", "2026-0002"


@pytest.fixture
def year(once: Run, registered: Run, moved: Run, done: Run) -> None:
    """One answered in March; one received in March, and written down, as answered too, in May."""

    def make() -> None:
        registered(received="2026-03-02", today="2026-03-02", subject="预算")
        moved(FIRST, "accept@2026-03-03", "decide@2026-03-20 --outcome partial", today="2026-03-20")
        registered(received="2026-03-10", today="2026-05-06", subject="决算", kind="enterprise")
        moved(SECOND, "accept@2026-03-11", "decide@2026-04-02 --outcome unable.nonexistent",
              today="2026-05-06")  # fmt: skip
        done("amend", FIRST, "--entry", "3", "--set", "outcome=disclosed.provided", "--reason", "笔误",
             today="2026-06-01")  # fmt: skip
        done("dispute", "open", FIRST, "--kind", "review", "--filed", "2026-04-01", today="2026-05-20")

    once("periods", make)


@pytest.fixture
def rows(done: Run, year: None) -> Callable[..., Any]:
    """The totals of a table that are not zero."""
    del year  # what is counted

    def call(*words: str) -> Any:
        table = done("rollup", "2026", *words, "--json").json
        return {row: figures[-1] for row, figures in table["rows"].items() if figures[-1]}

    return call


def test_a_quarter_has_its_own_carry_over(rows: Run) -> None:
    """New, carried in and carried out are those of the period; the identities hold."""
    assert rows("--from", "2026-01-01", "--to", "2026-03-31") == {
        "new": 2, "disclosed": 1, "concluded": 1, "carried_out": 1,
    }  # fmt: skip
    assert rows("--from", "2026-04-01", "--to", "2026-06-30") == {
        "carried_in": 1, "unable.not_held": 1, "concluded": 1,
    }  # fmt: skip
    assert rows("--from", "2026-07-01", "--to", "2026-09-30") == {}


def test_by_a_day_and_known_on_a_day_are_two_questions(rows: Run) -> None:
    """`--as-of` tells what had happened as it is known now, `--known-on` what stood in the books."""
    assert rows("--as-of", "2026-04-30") == {
        "new": 2, "disclosed": 1, "unable.not_held": 1, "concluded": 2,
    }  # fmt: skip
    assert rows("--known-on", "2026-04-30") == {"new": 1, "partial": 1, "concluded": 1}
    assert rows("--known-on", "2026-05-31") == {
        "new": 2, "partial": 1, "unable.not_held": 1, "concluded": 2,
    }  # fmt: skip
    assert rows("--known-on", "2026-06-01") == rows()
    assert rows("--known-on", "2026-05-31", "--as-of", "2026-03-31") == {
        "new": 2, "partial": 1, "concluded": 1, "carried_out": 1,
    }  # fmt: skip


@pytest.mark.usefixtures("year")
def test_disputes_too_are_known_from_their_recording(done: Run) -> None:
    """A review filed in April and written down in May is not known in April."""

    def review(*words: str) -> Any:
        return done("rollup", "2026", *words, "--json").json["table4"]["review"]

    assert review("--as-of", "2026-04-30") == [0, 0, 0, 1, 1]
    assert review("--known-on", "2026-04-30") == [0, 0, 0, 0, 0]
    assert review("--known-on", "2026-05-20") == [0, 0, 0, 1, 1]
    known = done("rollup", "2026", "--known-on", "2026-05-20", "--cell", "review:pending", "--json").json
    assert [one["number"] for one in known["disputes"]] == ["D2026-001"]


@pytest.mark.usefixtures("year")
def test_the_document_says_what_it_covers(done: Run) -> None:
    """`from`, `to` and `known_on` stand in every table's document."""
    table = done("rollup", "2026", "--from", "2026-04-01", "--to", "2026-06-30", "--known-on",
                 "2026-07-01", "--json").json  # fmt: skip
    assert (table["from"], table["to"], table["known_on"]) == ("2026-04-01", "2026-06-30", "2026-07-01")
    assert table["as_of"] == "2026-06-30"
    table = done("rollup", "2026", "--json").json
    assert (table["from"], table["to"], table["known_on"]) == ("2026-01-01", "2026-11-24", None)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    "words",
    [[], ["--from", "2026-04-01", "--to", "2026-06-30"], ["--as-of", "2026-03-31"],
     ["--known-on", "2026-04-30"], ["--from", "2026-03-05", "--known-on", "2026-05-10"]],
    ids=" ".join,
)  # fmt: skip
def test_every_figure_of_a_period_has_its_applications(done: Run, words: list[str]) -> None:
    """`--cell` takes the same days as the table, and lists as many as the figure says."""
    table = done("rollup", "2026", *words, "--json").json
    for row, figures in table["rows"].items():
        for column, figure in zip(table["columns"], figures, strict=True):
            if figure or column == "total":
                cell = done("rollup", "2026", *words, "--cell", f"{row}:{column}", "--json").json
                assert len(cell["applications"]) == cell["figure"] == figure


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["--from", "2025-12-31"], "period_outside_year", 2),
        (["--to", "2027-01-01"], "day_in_future", 1),
        (["--from", "2026-05-01", "--to", "2026-04-30"], "period_reversed", 2),
        (["--to", "2026-05-01", "--as-of", "2026-05-01"], "as_of_and_to", 2),
        (["--known-on", "2026-11-25"], "day_in_future", 1),
        (["--recount", "--cell", "new:total"], "recount_alone", 2),
        (["--cell", "review:natural_person"], "unknown_cell", 2),
        (["--cell", "revue:total"], "unknown_cell", 2),
    ],
)
def test_a_period_that_is_none_is_refused(
    refused: Run, words: list[str], code: str, status: int
) -> None:
    """Days of another year, of the future, or in the wrong order."""
    assert refused("rollup", "2026", *words, status=status)["error"] == code


@pytest.mark.usefixtures("year")
def test_a_void_registration_was_known_before(done: Run, registered: Run) -> None:
    """Taken out today, it still stands in the books of yesterday."""
    number = registered(received="2026-07-01", today="2026-07-01", subject="误")
    done("void", number, "--reason", "误登", today="2026-08-03")

    def new(*words: str) -> Any:
        return done("rollup", "2026", *words, "--json").json["rows"]["new"][-1]

    assert [new("--known-on", day) for day in ("2026-06-30", "2026-08-02", "2026-08-03")] == [2, 3, 2]
    assert new("--as-of", "2026-08-02") == 2


@pytest.mark.usefixtures("year")
def test_the_screen_says_which_question_it_answers(done: Run) -> None:
    """A period and the books of a day are named below the table."""
    assert (
        "2026-04-01 至 2026-06-30"
        in done("rollup", "2026", "--from", "2026-04-01", "--to", "2026-06-30").out
    )
    assert "2026-04-30 为止已经记录" in done("rollup", "2026", "--known-on", "2026-04-30").out


def test_a_part_of_a_year_is_headed_by_its_days(done: Run) -> None:
    """On the screen a period is not taken for its year."""
    out = done("rollup", "2026", "--from", "2026-04-01", "--to", "2026-06-30", today="2026-12-01").out

    assert "2026-04-01 至 2026-06-30" in out.splitlines()[0]


@pytest.mark.parametrize("days", [("--from", "2026-04-01", "--to", "2026-06-30"),
                                  ("--from", "2026-02-03", "--to", "2026-05-06"),
                                  ("--to", "2026-02-28"), ()], ids=" ".join)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_keeps_the_days(
    done: Run, forms: Any, tmp_path: Path, days: tuple[str, ...], lang: str
) -> None:
    """Written and read back, in either language, a part of a year is the same part."""
    reader = TableReader(forms)
    found = set()
    for suffix in ("json", "csv", "xlsx", "docx", "html"):
        path = tmp_path / f"t.{suffix}"
        done("--lang", lang, "rollup", "2026", *days, "-o", path)
        table = reader.read(path).table
        assert table is not None
        found.add((table.office, table.period, table.in_part))

    first = days[1] if days[:1] == ("--from",) else "2026-01-01"
    last = days[-1] if days else "2026-11-24"
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert {(period, True)} == {one[1:] for one in found}
    assert len(found) == 1
