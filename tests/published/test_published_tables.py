"""Published tables: those that foot come out of a register cell by cell, the others are found out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
DATA = Path(__file__).parent / "data"
FOOTING = [
    "2019_shanghai_shi_bangongting", "2021_pingtan", "2022_pingtan", "2023_jinhu_xian",
    "2023_shuyang_fagaiju",
]  # fmt: skip
BROKEN = {
    "2020_pingtan": [("2", "natural_person", 26, 20), ("2", "total", 27, 21)],
    "2023_hongze_qu": [("5", "review", 0, 11), ("5", "suit_after_review", 0, 5)],
}
ROLLED_UP = [*FOOTING, "2023_hongze_qu"]  # what is broken there stands in table four


def test_the_tables_are_all_there() -> None:
    """Every published table of the folder is one that foots or one that does not."""
    assert {path.stem for path in DATA.glob("*.json")} == {*FOOTING, *BROKEN}


@pytest.mark.parametrize("name", ROLLED_UP)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("labels", [True, False], ids=["labels", "codes"])
def test_a_register_made_from_a_table_rolls_up_to_it(
    run: Run, published: Run, register_of: Run, name: str, suffix: str, *, labels: bool
) -> None:
    """A register with a table's figures, imported, rolls up to the same figures in every cell."""
    table = published(name)

    result = run("import", register_of(table, suffix, labels=labels))
    assert result.status == 0, result.err

    found = run("rollup", table.year, "--form", table.form, "--json").json
    assert found["form"] == table.form
    assert list(found["rows"]) == list(table.document["rows"])
    for row in table.document["rows"]:
        assert found["rows"][row] == table.cells(row), row
    assert run("verify").status == 0


@pytest.mark.parametrize("name", ["2019_shanghai_shi_bangongting", "2022_pingtan", "2023_jinhu_xian"])
def test_the_form_of_the_year_is_the_one_it_was_published_in(
    run: Run, published: Run, name: str
) -> None:
    """Without `--form` the year's prescribed form is the one in which the table was published."""
    table = published(name)

    assert run("rollup", table.year, "--json").json["form"] == table.form


@pytest.mark.parametrize("name", ROLLED_UP)
def test_a_rolled_up_table_foots(
    run: Run, published: Run, register_of: Run, tmp_path: Path, name: str
) -> None:
    """The table of an imported register keeps every identity, as `check` reads it from its file."""
    table = published(name)
    run("import", register_of(table))
    path = tmp_path / "ours.json"
    run("rollup", table.year, "--form", table.form, "-o", path)

    result = run("check", path, "--json")

    assert (result.status, result.json[0]["holds"], result.json[0]["broken"]) == (0, True, [])


def test_two_years_in_a_row_carry_over_by_column(
    run: Run, published: Run, register_of: Run, tmp_path: Path
) -> None:
    """What is open at the end of 2021 is carried into 2022 by column, and is answered there by hand."""
    first, second = published("2021_pingtan"), published("2022_pingtan")
    assert run("import", register_of(first), today="2021-12-31").status == 0
    [open_case] = run("list", "--open", "--json", today="2021-12-31").json
    assert run("import", register_of(second, carried_in=False)).status == 0
    number = open_case["number"]
    for step in (["accept"], ["decide", "--outcome", "disclosed.provided"], ["deliver"]):
        result = run("transition", number, *step, "--on", "2022-01-18")
        assert result.status == 0, result.err

    years = [run("rollup", year, "--json").json for year in (2021, 2022)]

    assert years[0]["rows"] == {row: first.cells(row) for row in first.document["rows"]}
    assert years[1]["rows"] == {row: second.cells(row) for row in second.document["rows"]}
    assert years[0]["rows"]["carried_out"] == years[1]["rows"]["carried_in"] == [1, 0, 0, 0, 0, 0, 1]
    paths = [tmp_path / f"{year['year']}.json" for year in years]
    for path, year in zip(paths, years, strict=True):
        path.write_text(json.dumps(year), "utf-8")
    assert run("check", paths[1], "--against", paths[0], "--json").json[0]["holds"] is True
    assert run("verify").status == 0


def test_the_published_pair_agrees_across_the_years(run: Run) -> None:
    """The two published tables of Pingtan keep the carry-over, and `--against` says so."""
    result = run("check", DATA / "2022_pingtan.json", "--against", DATA / "2021_pingtan.json", "--json")

    assert (result.status, result.json[0]["broken"]) == (0, [])


def test_a_carry_over_that_was_changed_is_found_by_column(
    run: Run, published: Run, tmp_path: Path
) -> None:
    """Where last year carried out what this year did not take in, column and both sides are named."""
    last = published("2021_pingtan").document
    last["rows"]["carried_out"] = [0, 1, 0, 0, 0, 0, 1]
    path = tmp_path / "last.json"
    path.write_text(json.dumps(last), "utf-8")

    result = run("check", DATA / "2022_pingtan.json", "--against", path, "--json")

    assert [
        (one["name"], one["column"], one["left"], one["right"]) for one in result.json[0]["broken"]
    ] == [
        ("4", "natural_person", 1, 0),
        ("4", "enterprise", 0, 1),
    ]


@pytest.mark.parametrize("name", BROKEN)
def test_a_table_that_does_not_foot_is_found_out(run: Run, published: Run, name: str) -> None:
    """`check` names identity, column and both sides of what is broken as published, and nothing else."""
    table = published(name).document

    result = run("check", DATA / f"{name}.json", "--json")

    [found] = result.json
    assert (result.status, found["holds"]) == (1, False)
    assert (found["office"], found["year"], found["form"]) == (
        table["organ"],
        table["year"],
        table["form"],
    )
    assert [f"{one['name']}:{one['column']}" for one in found["broken"]] == (
        table["identities_broken_as_published"]
    )
    assert [
        (one["name"], one["column"], one["left"], one["right"]) for one in found["broken"]
    ] == BROKEN[name]
    for one in found["broken"]:
        assert str(one["left"]) in one["message"]
        assert str(one["right"]) in one["message"]


@pytest.mark.parametrize("name", FOOTING)
def test_a_table_that_foots_is_not_accused(run: Run, name: str) -> None:
    """`check` finds nothing wrong with a published table that foots."""
    result = run("check", DATA / f"{name}.json", "--json")

    assert (result.status, result.json[0]["holds"], result.json[0]["broken"]) == (0, True, [])


def test_all_published_tables_are_judged_in_one_call(run: Run) -> None:
    """Several files are judged one by one; one broken table makes the exit status 1."""
    files = sorted(DATA.glob("*.json"))

    result = run("check", *files, "--json")

    assert result.status == 1
    assert {Path(one["file"]).stem for one in result.json if not one["holds"]} == set(BROKEN)
    assert [one["file"] for one in result.json] == [str(path) for path in files]
