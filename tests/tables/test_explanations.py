"""What a broken table could have gone wrong by: every single slip is found, a footing table is left alone."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from requestflow.domain.aggregates import figure_of
from requestflow.domain.explanations import Explanation, Slip, explain
from requestflow.domain.forms import Form
from requestflow.domain.identities import broken, check
from requestflow.domain.tables import AnnualTable

FOOTING = ["2021_pingtan", "2022_pingtan", "2023_jinhu_xian"]
Place = tuple[str, str]
Published = Callable[[str], AnnualTable]


def changed(table: AnnualTable, figures: dict[Place, int]) -> AnnualTable:
    rows, blocks = dict(table.rows), dict(table.table4 or {})
    for (row, column), figure in figures.items():
        part, codes = (
            (rows, [c.code for c in table.form.columns])
            if row in rows
            else (blocks, list(table.form.figures))
        )
        values = list(part[row])
        values[codes.index(column)] = figure
        part[row] = tuple(values)
    return replace(table, rows=rows, table4=blocks)


def cells(table: AnnualTable) -> list[Place]:
    columns = [c.code for c in table.form.columns]
    return [(r, c) for r in table.rows for c in columns] + [
        (b, f) for b in table.table4 or {} for f in table.form.figures
    ]


def explained(table: AnnualTable) -> list[Explanation]:
    return explain(table, check(table))


def test_a_thousand_single_changes_are_among_what_could_explain_them(published: Published) -> None:
    """One figure changed in a table that foots: that figure, and what it was, is always a candidate."""
    dice = random.Random(711)
    tables = [published(name) for name in FOOTING]
    for _turn in range(1000):
        table = dice.choice(tables)
        place = dice.choice(cells(table))
        was = figure_of(table, *place)
        wrong = dice.choice([n for n in range(300) if n != was])
        found = explained(changed(table, {place: wrong}))
        singles = {
            (c.row, c.column, c.stands, c.should_be)
            for e in found
            if e.whole and len(e.changes) == 1
            for c in e.changes
        }
        assert (*place, wrong, was) in singles


def test_every_candidate_would_repair_the_table(published: Published) -> None:
    """What is offered as the whole explanation leaves nothing broken; what is a part repairs that part."""
    dice = random.Random(60)
    for _turn in range(60):
        table = published(dice.choice(FOOTING))
        places = dice.sample(cells(table), dice.choice([1, 2]))
        wrong = changed(table, {place: dice.randrange(50) for place in places})
        before = len(broken(check(wrong)))
        for found in explained(wrong):
            mended = changed(wrong, {(c.row, c.column): c.should_be for c in found.changes})
            assert len(broken(check(mended))) == before - found.repairs
            assert found.whole is (before == found.repairs)
            assert all(c.should_be >= 0 for c in found.changes)


@pytest.mark.parametrize("name", [*FOOTING, "2019_shanghai_shi_bangongting", "2023_shuyang_fagaiju"])
def test_a_table_that_foots_is_not_accused(published: Published, name: str) -> None:
    """Where nothing is broken, nothing is explained."""
    assert explained(published(name)) == []


@pytest.fixture
def small(forms: dict[str, Form]) -> AnnualTable:
    """A table that foots, with figures of several digits."""
    form = forms["2021"]
    rows = dict.fromkeys(form.codes(), (0,) * 7)
    rows["new"] = (135, 12, 0, 0, 0, 0, 147)
    rows["disclosed"] = rows["concluded"] = (135, 12, 0, 0, 0, 0, 147)
    return AnnualTable("某局", 2023, form, rows, dict.fromkeys(form.blocks, (0, 0, 0, 0, 0)))


@pytest.mark.parametrize(
    ("figures", "slip", "place"),
    [
        ({("disclosed", "natural_person"): 153}, Slip.TRANSPOSED, ("disclosed", "natural_person")),
        ({("disclosed", "natural_person"): 15}, Slip.DIGIT_LOST, ("disclosed", "natural_person")),
        ({("new", "natural_person"): 1335}, Slip.DIGIT_TOO_MANY, ("new", "natural_person")),
        ({("new", "natural_person"): 235}, Slip.DIGIT_MISTYPED, ("new", "natural_person")),
        ({("new", "total"): 90}, Slip.TOTAL_NOT_UPDATED, ("new", "total")),
        ({("disclosed", "enterprise"): 0, ("disclosed", "research_institution"): 12}, Slip.SWAPPED,
         ("disclosed", "enterprise")),
        ({("new", "enterprise"): 0, ("carried_in", "enterprise"): 12}, Slip.SWAPPED,
         ("new", "enterprise")),
        ({("review", "upheld"): 3, ("review", "total"): 31}, Slip.DIGIT_LOST, ("review", "upheld")),
    ],
)  # fmt: skip
def test_the_likeliest_slip_comes_first(
    small: AnnualTable, figures: dict[Place, int], slip: Slip, place: Place
) -> None:
    """Slips that hands make are told apart, and the one that was made is the first on the list."""
    first = explained(changed(small, figures))[0]

    assert (first.slip, first.changes[0].row, first.changes[0].column) == (slip, *place)
    assert first.whole


def test_two_slips_far_apart_are_each_explained(small: AnnualTable) -> None:
    """Where no single figure explains everything, each part that one explains is shown as a part."""
    found = explained(changed(small, {("disclosed", "natural_person"): 153, ("review", "total"): 4}))

    assert not any(e.whole for e in found)
    assert {e.changes[0].row for e in found} >= {"disclosed", "review"}


def test_the_published_table_that_does_not_foot_is_explained_by_a_figure_and_its_total(
    published: Published,
) -> None:
    """Pingtan's table of 2020: a result of natural persons is six too many, and its total with it."""
    found = explained(published("2020_pingtan"))

    assert found
    assert {e.slip for e in found} == {Slip.FIGURE_AND_TOTAL}
    assert all(c.stands - c.should_be == 6 for e in found for c in e.changes)


def test_check_tells_what_it_may_have_been(
    run: Callable[..., Any], small: AnnualTable, saved: Callable[..., Path]
) -> None:
    """`check` names the figure as it stands and as it should be, in the document and on the screen."""
    path = saved(changed(small, {("disclosed", "natural_person"): 153}))

    [one] = run("check", path, "--json").json
    first = one["explanations"][0]
    assert first["slip"] == "transposed"
    assert first["changes"] == [
        {"row": "disclosed", "column": "natural_person", "figure": 153, "should_be": 135}
    ]
    for lang in ("zh", "en"):
        assert "135" in run("--lang", lang, "check", path).out
    assert json.dumps(one)
