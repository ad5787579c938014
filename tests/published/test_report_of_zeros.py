"""Luoyang's report of 2020: an office to which nobody applied."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
REPORT = Path(__file__).parent / "data" / "luoyang-2020.txt"
WIDTH = 7


def plain(label: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", label))


@pytest.fixture
def printed() -> list[tuple[str, list[int]]]:
    """Table three of the report: each row's label and its seven figures, in order."""
    text = REPORT.read_text("utf-8")
    table = text[text.index("三、收到和处理") : text.index("四、政府信息公开行政复议")]
    rows = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        if len(cells) > WIDTH and all(cell.isdigit() for cell in cells[-WIDTH:]):
            rows.append((plain(cells[-WIDTH - 1]), [int(cell) for cell in cells[-WIDTH:]]))
    return rows


def test_the_report_has_every_row_of_the_form(printed: list[tuple[str, list[int]]]) -> None:
    """The printed table has 23 rows of seven figures, all of them zero."""
    assert len(printed) == 23
    assert all(figures == [0] * WIDTH for _label, figures in printed)


def test_an_office_without_applications_has_the_same_figures(
    run: Run, printed: list[tuple[str, list[int]]]
) -> None:
    """The table of 2020 of an office without applications has the report's rows and figures."""
    table = run("rollup", "2020", "--json").json

    assert table["form"] == "2019"
    assert list(table["rows"].values()) == [figures for _label, figures in printed]
    assert all(identity["holds"] for identity in table["identities"])


def test_an_office_without_applications_has_the_same_screen(
    run: Run, printed: list[tuple[str, list[int]]]
) -> None:
    """On the screen, too, every row carries the label under which it was published, in its order."""
    shown = []
    for line in run("rollup", "2020").out.splitlines():
        found = re.fullmatch(r"\s*(\S.*?)((?:\s+\d+){7})\s*", line)
        if found:
            shown.append((plain(found[1]), [int(figure) for figure in found[2].split()]))

    assert shown == printed


def test_the_labels_of_the_form_are_those_of_the_report(
    forms: Any, printed: list[tuple[str, list[int]]]
) -> None:
    """The form of 2019 has the report's labels word for word, brackets and spaces apart."""
    assert [plain(row.label) for row in forms["2019"].rows] == [label for label, _figures in printed]
