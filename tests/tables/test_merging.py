"""An aggregate is the sum of its children, and says who gave what; what is wrong is named, all at once."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.aggregates import total
from requestflow.domain.forms import Form
from requestflow.domain.identities import check
from requestflow.domain.tables import AnnualTable

Run = Callable[..., Any]
FORM: Form = load_workflow(workflow_path("disclosure"))[1]["2021"]


def table_of(dice: random.Random, office: str, year: int = 2023, form: Form = FORM) -> AnnualTable:
    """A table that foots, of a size that a dice decides."""
    leaves = {code: [dice.choice([0, 0, 0, 1, 3, 17]) for _ in form.kinds] for code in form.results}
    concluded = [sum(column) for column in zip(*leaves.values(), strict=True)]
    carried_out = [dice.choice([0, 0, 2]) for _ in form.kinds]
    carried_in = [dice.choice([0, 1]) for _ in form.kinds]
    new = [max(0, c + o - i) for c, o, i in zip(concluded, carried_out, carried_in, strict=True)]
    carried_in = [c + o - n for c, o, n in zip(concluded, carried_out, new, strict=True)]
    rows = {
        "new": new,
        "carried_in": carried_in,
        **leaves,
        "concluded": concluded,
        "carried_out": carried_out,
    }
    blocks = {}
    for block in form.blocks:
        parts = [dice.choice([0, 0, 1, 4]) for _ in range(4)]
        blocks[block] = (*parts, sum(parts))
    return AnnualTable(
        office, year, form, {code: (*rows[code], sum(rows[code])) for code in form.codes()}, blocks
    )


@pytest.fixture
def county(saved: Run, tmp_path: Path) -> Callable[..., Path]:
    """A folder of departments' tables; gives the folder."""

    def make(name: str, count: int, dice: random.Random) -> Path:
        for number in range(count):
            table = table_of(dice, f"{name}第{number + 1}局")
            saved(table, f"{number + 1:02}.json", tmp_path / name)
        return tmp_path / name

    return make


def figures(document: dict[str, Any]) -> tuple[Any, Any]:
    return document["rows"], document["table4"]


def added(documents: Sequence[dict[str, Any]], part: str, row: str) -> list[int]:
    return [sum(column) for column in zip(*(d[part][row] for d in documents), strict=True)]


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_an_aggregate_is_the_sum_of_its_children(run: Run, county: Run, tmp_path: Path) -> None:
    """Every cell of both tables is the sum, and the sources are named with digest and totals."""
    folder = county("甲县", 6, random.Random(1))
    out = tmp_path / "甲县.json"

    result = run("merge", folder, "--office", "甲县人民政府", "-o", out)

    assert result.status == 0, result.err
    document, children = read(out), [read(path) for path in sorted(folder.iterdir())]
    assert (document["office"], document["year"], document["form"]) == ("甲县人民政府", 2023, "2021")
    for row in document["rows"]:
        assert document["rows"][row] == added(children, "rows", row)
    for block in document["table4"]:
        assert document["table4"][block] == added(children, "table4", block)
    assert {s["file"] for s in document["sources"]} == {path.name for path in folder.iterdir()}
    assert all(len(s["digest"]) == 64 and s["totals"]["new"] >= 0 for s in document["sources"])
    assert run("check", out, "--json").json[0]["verdict"] == "holds"
    assert run("check", out, "--children", folder, "--json").status == 0


def test_three_levels_add_up_and_know_who_gave_what(run: Run, saved: Run, tmp_path: Path) -> None:
    """A city of 11 districts, each with departments and townships: the city's cell down to its townships."""
    dice = random.Random(11)
    leaves, districts = [], tmp_path / "districts"
    districts.mkdir()
    for d in range(11):
        folder = tmp_path / f"district{d}"
        for n in range(3):
            leaves.append(table_of(dice, f"{d}区第{n}局"))
            saved(leaves[-1], f"dept{n}.json", folder)
        for n in range(2):
            leaves.append(table_of(dice, f"{d}区第{n}镇"))
            saved(leaves[-1], f"town{n}.json", folder)
        done = run("merge", folder, "--office", f"{d}区人民政府", "-o", districts / f"{d:02}.json")
        assert done.status == 0, done.err
    city = tmp_path / "city.json"

    assert run("merge", districts, "--office", "某市人民政府", "-o", city).status == 0

    whole = total(leaves, "某市人民政府", 2023, FORM)
    document = read(city)
    assert {row: tuple(f) for row, f in document["rows"].items()} == whole.rows
    assert {row: tuple(f) for row, f in (document["table4"] or {}).items()} == whole.table4
    cell = run("check", city, "--cell", "disclosed:natural_person", "--json").json
    assert cell["figure"] == whole.cell("disclosed", "natural_person")
    assert len(cell["children"]) == 11
    assert sum(c["figure"] for c in cell["children"]) == cell["figure"]
    assert all(sum(g["figure"] for g in c["children"]) == c["figure"] for c in cell["children"])
    shown = run("check", city, "--cell", "review:upheld").out
    assert "3区第1镇" in shown
    assert run("check", city, "--children", districts, "--json").json[0]["verdict"] == "holds"


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_sums_of_any_parts_in_any_order_are_the_whole(dice: random.Random, count: int) -> None:
    """However the tables are dealt into heaps and shuffled, the sum of the heaps' sums is the same."""
    tables = [table_of(dice, f"第{n}局") for n in range(count)]
    whole = total(tables, "某县", 2023, FORM)
    dice.shuffle(tables)
    heaps: list[list[AnnualTable]] = [[] for _ in range(dice.randint(1, 5))]
    for table in tables:
        dice.choice(heaps).append(table)
    parts = [total(heap, "一部分", 2023, FORM) for heap in heaps]

    assert total(parts, "某县", 2023, FORM) == whole
    assert all(i.holds for i in check(whole, children=parts))


def test_the_order_of_the_files_plays_no_part(run: Run, county: Run) -> None:
    """The document is the same to the last sign, in whatever order the files are named."""
    files = sorted(county("乙县", 5, random.Random(2)).iterdir())

    one = run("merge", *files, "--office", "乙县人民政府", "--json")
    other = run("merge", *files[::-1], "--office", "乙县人民政府", "--json")

    assert one.out == other.out


def test_what_a_child_does_not_state_is_not_stated_in_the_sum(
    run: Run, saved: Run, tmp_path: Path
) -> None:
    """Unknown plus something is unknown; the child is named in a warning."""
    dice = random.Random(3)
    first, second = table_of(dice, "甲局"), table_of(dice, "乙局")
    rows = {**first.rows, "partial": (None, *first.rows["partial"][1:])}
    folder = saved(replace(first, rows=rows, table4=None), "1.json", tmp_path / "in").parent
    saved(second, "2.json", folder)

    result = run("merge", folder, "--office", "某县", "--json")

    assert result.json["rows"]["partial"][0] is None
    assert result.json["rows"]["partial"][1] == first.rows["partial"][1] + second.rows["partial"][1]
    assert result.json["table4"] is None
    assert "甲局" in result.err


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "html", "csv"])
def test_a_sum_goes_out_in_any_format_and_comes_back(
    run: Run, saved: Run, tmp_path: Path, suffix: str
) -> None:
    """Printed and read again it says the same; what is not stated does not come back as a nought."""
    dice = random.Random(4)
    first, second = table_of(dice, "甲局"), table_of(dice, "乙局")
    rows = {**first.rows, "partial": (None, *first.rows["partial"][1:])}
    folder = saved(replace(first, rows=rows), "1.json", tmp_path / "in").parent
    saved(second, "2.json", folder)
    document = run("merge", folder, "--office", "某县人民政府", "--json").json
    again = tmp_path / "again.json"

    assert run("merge", folder, "--office", "某县人民政府", "-o", tmp_path / f"sum.{suffix}").status == 0
    result = run("merge", tmp_path / f"sum.{suffix}", "--office", "读回", "--year", 2023, "-o", again)

    assert result.status == 0, result.err
    assert figures(read(again)) == figures(document)
    assert document["rows"]["partial"][0] is None


def test_everything_that_is_wrong_is_named_at_once(
    refused: Run, saved: Run, forms: dict[str, Form], tmp_path: Path
) -> None:
    """Wrong year, wrong form, broken, doubled, unreadable, missing, unexpected: each by name, nothing written."""
    dice, folder = random.Random(4), tmp_path / "in"
    for n in range(3):
        saved(table_of(dice, f"第{n}局"), f"good{n}.json", folder)
    saved(table_of(dice, "迟局", year=2022), "year.json", folder)
    saved(table_of(dice, "旧局", form=forms["2019"]), "form.json", folder)
    wrong = table_of(dice, "错局")
    saved(replace(wrong, rows={**wrong.rows, "new": (999,) * 7}), "broken.json", folder)
    saved(table_of(dice, "第 1 局"), "twice.json", folder)
    (folder / "torn.json").write_text("{")
    (folder / "none.html").write_text("<html><body>没有表</body></html>", "utf-8")
    names = tmp_path / "names.txt"
    names.write_text("第0局\n第1局\n第2局\n迟局\n旧局\n错局\n不在局\n", "utf-8")

    error = refused("merge", folder, "--office", "某县", "-o", tmp_path / "out.json", "--expect", names)

    assert error["error"] == "merge_refused"
    found = {(f["error"], f["where"].rpartition("/")[2]) for f in error["findings"]}
    assert found == {
        ("child_of_another_year", "year.json"), ("child_of_another_form", "form.json"),
        ("child_broken", "broken.json"), ("child_unreadable", "torn.json"),
        ("child_without_table", "none.html"), ("child_doubled", ""), ("child_not_there", "names.txt"),
    }  # fmt: skip
    text = json.dumps(error, ensure_ascii=False)
    for name in ("迟局", "旧局", "错局", "twice.json", "good1.json", "不在局"):
        assert name in text
    assert not (tmp_path / "out.json").exists()


def test_who_is_not_expected_is_named(refused: Run, county: Run, tmp_path: Path) -> None:
    """An office that the list does not name is not added up in silence."""
    folder = county("丙县", 2, random.Random(5))
    (tmp_path / "names.txt").write_text("丙县第1局", "utf-8")

    error = refused("merge", folder, "--office", "丙县", "--expect", tmp_path / "names.txt")

    assert [f["error"] for f in error["findings"]] == ["child_not_expected"]


def test_an_office_is_not_counted_on_two_levels(
    run: Run, refused: Run, county: Run, tmp_path: Path
) -> None:
    """A department that stands in its district's aggregate may not be added to the city a second time."""
    folder = county("丁区", 3, random.Random(6))
    district = tmp_path / "丁区.json"
    assert run("merge", folder, "--office", "丁区人民政府", "-o", district).status == 0

    error = refused("merge", district, folder / "01.json", "--office", "某市")

    assert [f["error"] for f in error["findings"]] == ["child_doubled"]
    assert "丁区.json → 01.json" in error["findings"][0]["message"]


def test_a_government_may_stand_among_its_own_departments(
    run: Run, county: Run, saved: Run, tmp_path: Path
) -> None:
    """The aggregate of a county holds the county's own table, under the same name (30号)."""
    folder = county("戊县", 2, random.Random(7))
    saved(table_of(random.Random(8), "戊县人民政府"), "own.json", folder)
    out = tmp_path / "戊县.json"
    assert run("merge", folder, "--office", "戊县人民政府", "-o", out).status == 0

    assert run("merge", out, "--office", "某市", "--json").status == 0


def test_tables_of_a_form_of_another_year_are_taken_when_told(
    run: Run, refused: Run, saved: Run, forms: dict[str, Form], tmp_path: Path
) -> None:
    """Tables of 2023 in the form of 2019 are refused, and with --force-form added up in theirs."""
    for n in range(2):
        saved(table_of(random.Random(n), f"{n}局", form=forms["2019"]), f"{n}.json", tmp_path / "in")

    error = refused("merge", tmp_path / "in", "--office", "某区")
    assert {f["error"] for f in error["findings"]} == {"child_of_another_form"}
    result = run("merge", tmp_path / "in", "--office", "某区", "--force-form", "--json")
    assert (result.status, result.json["form"]) == (0, "2019")
    assert "2023" in result.err


def test_a_changed_aggregate_does_not_pass(run: Run, county: Run, tmp_path: Path) -> None:
    """An aggregate whose figures were changed breaks identity 6, in the very cells, though it foots."""
    folder, out = county("己县", 3, random.Random(9)), tmp_path / "己县.json"
    run("merge", folder, "--office", "己县", "-o", out)
    document = read(out)
    for row in ("new", "disclosed", "concluded"):
        document["rows"][row][0] += 5
        document["rows"][row][6] += 5
    out.write_text(json.dumps(document), "utf-8")

    [found] = run("check", out, "--json").json

    assert {(b["name"], b["row"], b["column"]) for b in found["broken"]} == {
        ("6", row, column) for row in ("new", "disclosed", "concluded")
        for column in ("natural_person", "total")
    }  # fmt: skip
    assert all(b["left"] - b["right"] == 5 for b in found["broken"])


def test_a_changed_source_is_found_out(refused: Run, run: Run, county: Run, tmp_path: Path) -> None:
    """Sources inside an aggregate are held by their digests."""
    folder, out = county("庚县", 2, random.Random(10)), tmp_path / "庚县.json"
    run("merge", folder, "--office", "庚县", "-o", out)
    document = read(out)
    document["sources"][0]["rows"]["new"][0] += 1
    out.write_text(json.dumps(document), "utf-8")

    assert [f["error"] for f in refused("check", out)["findings"]] == ["source_changed"]


def test_children_that_have_changed_since_are_named(
    run: Run, county: Run, saved: Run, tmp_path: Path
) -> None:
    """Held against its children, an aggregate shows which of them changed, came or went, and where it matters."""
    dice = random.Random(12)
    folder, out = county("辛县", 3, dice), tmp_path / "辛县.json"
    run("merge", folder, "--office", "辛县", "-o", out)
    saved(table_of(dice, "辛县第1局"), "01.json", folder)
    (folder / "02.json").unlink()
    saved(table_of(dice, "辛县第9局"), "09.json", folder)

    result = run("check", out, "--children", folder, "--json")

    assert result.status == 1
    [found] = result.json
    assert {b["name"] for b in found["broken"]} == {"6"}
    assert {f["error"] for f in found["findings"]} == {
        "child_changed",
        "child_missing",
        "child_not_named",
    }


def test_children_of_another_year_cannot_be_compared(
    refused: Run, run: Run, county: Run, saved: Run, tmp_path: Path
) -> None:
    """--children of another year or form is refused, not compared."""
    folder, out = county("壬县", 2, random.Random(13)), tmp_path / "壬县.json"
    run("merge", folder, "--office", "壬县", "-o", out)
    other = saved(table_of(random.Random(1), "壬县第1局", year=2022), "x.json", tmp_path / "other")

    assert refused("check", out, "--children", other)["error"] == "child_of_another_kind"
    (tmp_path / "other" / "y.json").write_text("[")
    assert refused("check", out, "--children", other.parent)["error"] == "children_unreadable"


def test_shares_stand_in_the_order_in_which_people_count(run: Run, saved: Run, tmp_path: Path) -> None:
    """第2区 comes before 第10区, in whatever order the files were given."""
    folder, city = tmp_path / "districts", tmp_path / "city.json"
    for number in (10, 1, 2):
        saved(table_of(random.Random(number), f"第{number}区"), f"{number:02}.json", folder)
    merged = run("merge", *sorted(folder.iterdir(), reverse=True), "--office", "市", "-o", city)
    assert merged.status == 0, merged.err
    said = run("check", city, "--cell", "new:total").out

    places = [said.index(name) for name in ("第1区", "第2区", "第10区")]
    assert places == sorted(places)


def test_a_table_without_sources_has_no_shares(refused: Run, county: Run) -> None:
    """--cell asks who gave what: only an aggregate can answer, one at a time."""
    files = sorted(county("癸县", 2, random.Random(14)).iterdir())

    assert refused("check", files[0], "--cell", "new:total")["error"] == "no_sources"
    assert refused("check", files[0], "--cell", "new:totl", status=2)["error"] == "unknown_cell"
    assert refused("check", *files, "--cell", "new:total", status=2)["error"] == "cell_of_one_table"


@pytest.mark.parametrize("kind", ["word page, gbk", "workbook", "document", "csv, gb18030"])
def test_children_of_any_format_are_added_up(run: Run, made: Run, saved: Run, kind: str) -> None:
    """Half the departments send pages, sheets or documents, the others JSON: the sum is the same."""
    one, other = table_of(random.Random(21), "甲局"), table_of(random.Random(22), "乙局")

    result = run("merge", made(one, kind), saved(other), "--office", "某县", "--json")

    assert result.status == 0, result.err
    assert {row: tuple(f) for row, f in result.json["rows"].items()} == total(
        [one, other], "", 0, FORM
    ).rows
    shares = run(
        "merge", made(one, kind), saved(other), "--office", "某县", "--cell", "new:total", "--json"
    ).json
    assert {(c["office"], c["figure"]) for c in shares["children"]} == {
        ("甲局", one.cell("new", "total")), ("乙局", other.cell("new", "total")),
    }  # fmt: skip


def test_a_page_without_an_office_is_known_by_its_file(run: Run, made: Run) -> None:
    """Where no title names the office, the file's name stands in, and that is said."""
    table = replace(table_of(random.Random(23), ""), year=2023)

    result = run("merge", made(table, "plain page", name="某乡"), "--office", "某县", "--json")

    assert result.json["sources"][0]["office"] == "某乡"
    assert "某乡" in result.err


def test_a_page_without_a_year_is_taken_only_when_told(run: Run, refused: Run, made: Run) -> None:
    """What no title dates is refused by name, or taken for the year that --year names."""
    path = made(table_of(random.Random(24), "某乡"), "plain page")
    path.write_text(path.read_text("utf-8").replace("2023年", ""), "utf-8")

    error = refused("merge", path, "--office", "某县", "--force-form")
    assert [f["error"] for f in error["findings"]] == ["child_without_year"]
    result = run("merge", path, "--office", "某县", "--year", "2023", "--json")
    assert (result.status, result.json["year"]) == (0, 2023)
