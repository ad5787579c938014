"""`check`: the identities of any table that somebody made; what is no table is said to be none."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def table(run: Run, register_file: Run) -> dict[str, Any]:
    """A table that foots, of a small office."""
    path = register_file(
        "收到日期,申请人类型,办理结果,答复日期",
        "2026-01-05,自然人,予以公开,2026-01-20",
        "2026-01-06,商业企业,部分公开,2026-01-21",
        "2026-01-07,其他,,",
    )
    assert run("import", path).status == 0
    document: dict[str, Any] = run("rollup", "2026", "--json").json
    return document


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table document to a file."""

    def write(document: object, name: str = "table.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return path

    return write


def broken(run: Run, *words: object) -> list[tuple[Any, ...]]:
    result = run("check", *words, "--json")
    found = [(one["name"], one["column"], one["left"], one["right"]) for one in result.json[0]["broken"]]
    assert result.status == (1 if found else 0)
    assert result.json[0]["holds"] is not bool(found)
    return found


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("rows", "new", 0, 2), [("1", "natural_person", 2, 1), ("3", "total", 3, 4)]),
        (("rows", "concluded", 6, 3), [("1", "total", 3, 4), ("2", "total", 2, 3),
                                       ("3", "total", 3, 2)]),
        (("rows", "disclosed", 6, 9), [("2", "total", 10, 2), ("3", "total", 9, 1)]),
        (("rows", "carried_out", 5, 0), [("1", "other_organization", 1, 0), ("3", "total", 1, 0)]),
        (("table4", "review", 0, 4), [("5", "review", 0, 4)]),
    ],
)  # fmt: skip
def test_a_broken_identity_is_named_with_column_and_both_sides(
    run: Run, table: dict[str, Any], written: Run, change: tuple[str, str, int, int],
    expected: list[tuple[Any, ...]],
) -> None:  # fmt: skip
    """Each identity that does not hold is named with its number, its column and both sides."""
    part, row, place, figure = change
    table[part][row][place] = figure

    assert broken(run, written(table)) == expected


def test_what_is_not_stated_is_not_judged(run: Run, table: dict[str, Any], written: Run) -> None:
    """An identity in which a null cell takes part is not judged; null is not zero."""
    table["rows"]["new"][0] = None
    table["rows"]["concluded"][0] = 7

    assert broken(run, written(table)) == [("2", "natural_person", 1, 7), ("3", "total", 2, 8)]


def test_a_document_may_leave_things_out(run: Run, table: dict[str, Any], written: Run) -> None:
    """`table4` may be null; as_of, status and identities may be missing."""
    for key in ("as_of", "status", "identities", "columns"):
        del table[key]
    table["table4"] = None

    assert broken(run, written(table)) == []


def test_stated_identities_are_not_believed(run: Run, table: dict[str, Any], written: Run) -> None:
    """What a document says of its own identities counts for nothing: they are worked out anew."""
    table["rows"]["new"][6] = 5
    for identity in table["identities"]:
        identity["holds"] = True

    assert [name for name, *_rest in broken(run, written(table))] == ["1", "3"]


def test_the_carry_over_is_held_against_last_year(run: Run, table: dict[str, Any], written: Run) -> None:
    """`--against` compares what was carried in with what last year carried out, column by column."""
    last = copy.deepcopy(table) | {"year": 2025}
    last["rows"]["carried_out"] = [2, 0, 0, 0, 0, 0, 2]

    found = broken(run, written(table), "--against", written(last, "last.json"))

    assert found == [("4", "natural_person", 0, 2), ("4", "total", 0, 2)]


def test_last_year_may_have_the_older_form(run: Run, written: Run) -> None:
    """The table of 2021 is held against that of 2020, whose form is the older one."""
    new, old = run("rollup", "2021", "--json").json, run("rollup", "2020", "--json").json

    assert (new["form"], old["form"]) == ("2021", "2019")
    assert broken(run, written(new), "--against", written(old, "last.json")) == []


@pytest.mark.parametrize("year", [2024, 2026, 2027])
def test_only_last_years_table_will_do(
    refused: Run, table: dict[str, Any], written: Run, year: int
) -> None:
    """`--against` wants the table of the year before; another one is refused."""
    other = written(table | {"year": year}, "other.json")

    error = refused("check", written(table), "--against", other)
    assert error["error"] == "not_last_year"
    assert f"给出 {table['year'] - 1} 年度的表" in error["hint"]


def test_a_file_that_cannot_be_read_is_none_that_cannot_be_judged(
    run: Run, table: dict[str, Any], written: Run, tmp_path: Path
) -> None:
    """The summary of many files counts what was not read by itself: it is a failure, not a verdict."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "whole.json").write_bytes(written(table).read_bytes())
    (folder / "broken.xlsx").write_bytes(b"PK")

    said = run("check", folder).out
    assert "无法判断 0" in said
    assert "另有 1 个文件没有读成" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_screen_says_which_row_and_by_how_much(
    run: Run, table: dict[str, Any], written: Run, lang: str
) -> None:
    """A broken identity is told in a sentence with its place, both sides and the difference."""
    table["rows"]["disclosed"][6] = 9

    result = run("--lang", lang, "check", written(table))

    assert result.status == 1
    for text in ("table.json", "9", "8"):
        assert text in result.out


TABLES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a list": lambda table: [table],
    "a number": lambda _table: 7,
    "null": lambda _table: None,
    "nothing": lambda _table: {},
    "no rows": lambda table: table | {"rows": None},
    "rows as a list": lambda table: table | {"rows": list(table["rows"].values())},
    "a row missing": lambda table: table | {"rows": dict(list(table["rows"].items())[1:])},
    "a row too many": lambda table: table | {"rows": table["rows"] | {"other": [0] * 7}},
    "a row too short": lambda table: table | {"rows": table["rows"] | {"new": [0] * 6}},
    "a row too long": lambda table: table | {"rows": table["rows"] | {"new": [0] * 8}},
    "a negative figure": lambda table: table | {"rows": table["rows"] | {"new": [-1, *[0] * 6]}},
    "half a figure": lambda table: table | {"rows": table["rows"] | {"new": [0.5, *[0] * 6]}},
    "a figure as text": lambda table: table | {"rows": table["rows"] | {"new": ["1", *[0] * 6]}},
    "true as a figure": lambda table: table | {"rows": table["rows"] | {"new": [True, *[0] * 6]}},
    "a figure too large": lambda table: table | {"rows": table["rows"] | {"new": [10**30, *[0] * 6]}},
    "an unknown form": lambda table: table | {"form": "2020"},
    "no form": lambda table: {key: value for key, value in table.items() if key != "form"},
    "another form's rows": lambda table: table | {"form": "2019"},
    "a year as text": lambda table: table | {"year": "2026"},
    "no year": lambda table: {key: value for key, value in table.items() if key != "year"},
    "columns in another order": lambda table: table | {"columns": table["columns"][::-1]},
    "a block missing": lambda table: table | {"table4": {"review": [0] * 5}},
    "a block too short": lambda table: table | {"table4": table["table4"] | {"review": [0] * 4}},
    "blocks as a list": lambda table: table | {"table4": [[0] * 5] * 3},
    "blocks as a number": lambda table: table | {"table4": 7},
    "a day that is none": lambda table: table | {"as_of": "2026-02-30"},
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_what_is_no_table_is_refused(
    refused: Run, table: dict[str, Any], written: Run, kind: str
) -> None:
    """A document that is no table of a known form is refused with every place that is wrong."""
    error = refused("check", written(TABLES[kind](table)))

    assert error["error"] == "table_broken"
    assert all(finding["where"].startswith("table.json") for finding in error["findings"])
    assert error["findings"]


CONTENTS = {
    "empty": b"",
    "cut off": b'{"year": 2026, "rows": {"new": [1, 2',
    "UTF-16": '{"year": 2026}'.encode("utf-16"),
    "binary": bytes(range(256)),
    "GB18030": '{"office": "发改局"}'.encode("gb18030"),
    "deep": b"[" * 100_000,
    "a long number": b'{"form": "2021", "year": ' + b"9" * 5000 + b"}",
    "not a number": b'{"form": "2021", "year": NaN}',
    "a lone surrogate": b'{"form": "2021", "office": "\\ud800"}',
    "text behind it": b"{} {}",
}


@pytest.mark.parametrize("contents", CONTENTS)
def test_whatever_a_file_holds_it_is_answered_properly(
    refused: Run, tmp_path: Path, contents: str
) -> None:
    """A file that is no JSON document is refused, never with a fault of ours."""
    path = tmp_path / "table.json"
    path.write_bytes(CONTENTS[contents])

    assert refused("check", path)["error"] == "table_broken"


def test_a_table_of_an_odd_office_is_checked_all_the_same(
    run: Run, table: dict[str, Any], tmp_path: Path
) -> None:
    """An office's name may hold any sign, even one that no terminal shows."""
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(table | {"office": "\ud800[red]{{7*7}}\x1b"}), "ascii")

    assert run("check", path).status == 0
    assert run("check", path, "--json").json[0]["holds"] is True


def test_a_folder_without_tables_is_refused(refused: Run, tmp_path: Path) -> None:
    """A folder that holds nothing that could be a table is refused."""
    assert refused("check", tmp_path)["error"] == "no_tables_in_folder"


def test_a_pdf_in_a_folder_is_named(
    run: Run, table: dict[str, Any], written: Run, tmp_path: Path
) -> None:
    """A PDF is not passed over in silence: `check` and `merge` name it, and say what to do."""
    folder = written(table).parent
    (folder / "某局.pdf").write_bytes(b"%PDF-1.4")

    checked = run("check", folder)
    merged = run("merge", folder, "--office", "某县", "-o", tmp_path / "sum.json")

    assert (checked.status, merged.status) == (1, 1)
    assert "PDF 读不了：某局.pdf。" in checked.out + checked.err
    assert "另存为 Word 或 Excel" in merged.err


def test_one_file_that_is_no_table_leaves_the_others_their_verdict(
    run: Run, table: dict[str, Any], written: Run, tmp_path: Path
) -> None:
    """Where one of several files is no table it is named, the others are judged, and the check fails."""
    (tmp_path / "none.json").write_text("[]")

    result = run("check", written(table), tmp_path / "none.json", "--json")

    assert result.status == 1
    assert [(one["holds"], one["verdict"]) for one in result.json] == [
        (True, "holds"), (None, "not_assessable"),
    ]  # fmt: skip
    assert result.error["error"] == "check_incomplete"
    assert result.error["findings"][0]["where"].endswith("none.json")


def test_files_of_which_none_is_a_table_have_no_verdict(refused: Run, tmp_path: Path) -> None:
    """Where no file at all is a table, there is nothing but the reasons."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("[]")

    error = refused("check", tmp_path / "a.json", tmp_path / "b.json")

    assert error["error"] == "no_table_read"
    assert len(error["findings"]) == 2


def test_the_office_of_a_published_table_may_be_called_organ(
    run: Run, table: dict[str, Any], written: Run
) -> None:
    """Tables typed from reports name their office `organ`."""
    del table["office"]

    assert run("check", written(table | {"organ": "某县政府"}), "--json").json[0]["office"] == "某县政府"
