"""The sample year: of real proportions, worked with a clerk's own commands, and footing in the end."""

import csv
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main
from requestflow.definitions.shipped import shipped
from requestflow.services.office import RuleBook
from requestflow.services.rehearsal import YEAR, sample_rows, write_register

Run = Callable[..., Any]
LEAST_ROWS = 140
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Printed:
    """How the rehearsal ended, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Printed]:
    """The folder of a rehearsed year, to look at, and what was printed."""
    folder = tmp_path_factory.mktemp("rehearsed") / "demo"
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        status = main(["--today", str(TODAY), "demo", str(folder)])
    return folder, Printed(status, out.getvalue(), err.getvalue())


def test_the_rehearsal_ends_well(rehearsed: tuple[Path, Printed]) -> None:
    """The sample year is worked to its end: due dates, an explanation, the table, its check."""
    _folder, result = rehearsed

    assert result.status == 0, result.err
    for text in ("$ requestflow", " due", " deadline ", f" rollup {YEAR}", " check ", " verify",
                 "三、收到和处理政府信息公开申请情况", "勾稽关系全部成立"):  # fmt: skip
        assert text in result.out


def test_the_rehearsed_office_holds(run: Run, rehearsed: tuple[Path, Printed]) -> None:
    """What the rehearsal leaves behind is an office like any other, and it holds."""
    folder, _result = rehearsed
    config = folder / "config.toml"

    verdict = run("verify", "--json", config=config).json
    states = {case["state"] for case in run("list", "--year", YEAR, "--json", config=config).json}

    assert verdict["holds"] is True
    assert verdict["applications"] > LEAST_ROWS
    assert states >= {"received", "under_review", "closed"}


def test_the_rehearsed_table_is_written_and_foots(run: Run, rehearsed: tuple[Path, Printed]) -> None:
    """The rehearsal writes the year's table, with applications carried in and carried out."""
    folder, _result = rehearsed
    table = json.loads((folder / f"table-{YEAR}.json").read_text("utf-8"))

    assert run("check", folder / f"table-{YEAR}.json").status == 0
    assert table["rows"]["carried_in"][-1] > 0
    assert table["rows"]["carried_out"][-1] > 0


def test_the_rehearsal_walks_through_the_workflow(rehearsed: tuple[Path, Printed]) -> None:
    """Corrections, consultations and extensions are among the steps of the sample year."""
    _folder, result = rehearsed

    for name in ("accept", "extend", "request_correction", "receive_correction", "consult_third_party",
                 "consult_organ", "request_reasons", "charge_fee", "decide", "deliver"):  # fmt: skip
        assert f" {name}" in result.out


def test_the_rehearsal_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    """A folder that holds something is left as it is."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")

    result = run("demo", tmp_path / "full")

    assert result.status == 1
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_the_sample_register_has_the_published_proportions(tmp_path: Path) -> None:
    """The sample register has as many rows of each kind and result as the published table it follows."""
    book = RuleBook()
    published = json.loads((shipped("samples") / "annual-table-2023.json").read_text("utf-8"))
    write_register(tmp_path / "register.csv", book)
    with (tmp_path / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))

    rows = [row for row in sample_rows(book) if row.received.year == YEAR]
    kinds = [sum(row.kind == kind for row in rows) for kind in book.kinds]
    assert len(written) >= LEAST_ROWS
    assert kinds == [figure or 0 for figure in published["rows"]["new"][:-1]]
