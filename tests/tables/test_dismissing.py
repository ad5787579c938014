"""A finding may be let stand, with reason, person and moment on record; changed figures bring it back."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from requestflow.domain.tables import AnnualTable

Run = Callable[..., Any]
RECORD = "dismissals.jsonl"
REASON = "原表如此，已电话核实"


@pytest.fixture
def broken(published: Callable[[str], AnnualTable], saved: Run) -> Path:
    """Hongze's published table: two blocks of table four do not add up."""
    path: Path = saved(published("2023_hongze_qu"), "hongze.json")
    return path


def ids(run: Run, path: Path) -> list[str]:
    return [found["id"] for found in run("check", path, "--json").json[0]["broken"]]


def test_a_finding_let_stand_no_longer_fails_the_check(run: Run, broken: Path, folder: Path) -> None:
    """With a reason a finding is shown as let stand; when all are, the check passes."""
    first, second = ids(run, broken)

    result = run("check", broken, "--dismiss", first[:8], "--reason", REASON, "--json")

    assert result.status == 1
    assert [found["id"] for found in result.json[0]["broken"]] == [second]
    assert [(d["id"], d["reason"], d["by"]) for d in result.json[0]["dismissed"]] == [
        (first, REASON, "经办人")
    ]
    result = run("check", broken, "--dismiss", second, "--reason", REASON, "--by", "head", "--json")
    assert (result.status, result.json[0]["verdict"]) == (0, "holds")
    assert run("check", broken).status == 0
    assert REASON in run("check", broken).out
    lines = [json.loads(line) for line in (folder / RECORD).read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [first, second]
    assert lines[1]["previous"] == lines[0]["digest"]
    assert lines[0]["at"].startswith("2026-11-2")
    assert lines[0]["finding"]["name"] == "5"


def test_it_is_known_again_in_another_format(run: Run, broken: Path, published: Run, made: Run) -> None:
    """The same figures in a page or a sheet are the same finding."""
    table = published("2023_hongze_qu")

    assert ids(run, made(table, "word page, gbk")) == ids(run, broken)
    assert ids(run, made(table, "workbook")) == ids(run, broken)


def test_changed_figures_bring_it_back(run: Run, broken: Path, published: Run, saved: Run) -> None:
    """What was let stand was one table; once a figure of it changes, it is a finding again."""
    for known in ids(run, broken):
        run("check", broken, "--dismiss", known, "--reason", REASON)
    assert run("check", broken).status == 0
    table = published("2023_hongze_qu")
    rows = {
        **table.rows,
        "new": (22, *table.rows["new"][1:-1], 22),
        "carried_out": (1, 0, 0, 0, 0, 0, 1),
    }

    saved(replace(table, rows=rows), "hongze.json")

    assert run("check", broken).status == 1


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["--dismiss", "0000000000"], "dismiss_needs_reason", 2),
        (["--reason", "x"], "dismiss_needs_reason", 2),
        (["--dismiss", "zz", "--reason", " "], "dismiss_needs_reason", 2),
        (["--dismiss", "zz", "--reason", "x"], "unknown_finding", 1),
        (["--dismiss", "", "--reason", "x"], "unknown_finding", 1),
    ],
)
def test_what_is_not_there_cannot_be_let_stand(
    refused: Run, broken: Path, folder: Path, words: list[str], code: str, status: int
) -> None:
    """An id that fits nothing, or no reason: refused, and nothing is on record."""
    assert refused("check", broken, *words, status=status)["error"] == code
    assert not (folder / RECORD).exists()


def test_an_unknown_person_lets_nothing_stand(run: Run, broken: Path, folder: Path) -> None:
    """--by names a person of the office."""
    found = ids(run, broken)[0]

    assert run("check", broken, "--dismiss", found, "--reason", "x", "--by", "路人").status == 2
    assert not (folder / RECORD).exists()


@pytest.mark.parametrize("change", ["reason", "order", "gap", "garbage"])
def test_a_changed_record_is_found_out(
    run: Run, refused: Run, broken: Path, folder: Path, change: str
) -> None:
    """A line changed, swapped, left out or unreadable: the record is refused with the line."""
    for known in ids(run, broken):
        run("check", broken, "--dismiss", known, "--reason", REASON)
    path = folder / RECORD
    first, second = path.read_text("utf-8").splitlines()
    path.write_text({
        "reason": f"{first.replace(REASON, '无')}\n{second}\n", "order": f"{second}\n{first}\n",
        "gap": f"{second}\n", "garbage": f"{first}\n{{\n",
    }[change], "utf-8")  # fmt: skip

    error = refused("check", broken)

    assert error["error"] == "dismissals_broken"
    assert error["findings"][0]["where"].startswith(RECORD)


def test_without_an_office_it_is_kept_in_the_folder(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A supervisor without an office of their own names themselves; the record lies with the tables."""
    from requestflow.cli.main import main

    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.delenv("REQUESTFLOW_CONFIG", raising=False)
    assert main(["check", str(broken), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)[0]["broken"][0]["id"]
    assert main(["check", str(broken), "--dismiss", found, "--reason", REASON]) == 2
    assert main(["check", str(broken), "--dismiss", found, "--reason", REASON, "--by", "某科"]) == 1

    [line] = (broken.parent / RECORD).read_text("utf-8").splitlines()

    assert json.loads(line)["by"] == "某科"


def test_a_table_let_stand_may_be_added_up(run: Run, refused: Run, broken: Path) -> None:
    """A broken table is refused by merge, and taken once each of its breaks was let stand."""
    words = ("merge", broken, "--office", "某市", "--form", "2019")
    assert [f["error"] for f in refused(*words)["findings"]] == ["child_broken"]
    for known in ids(run, broken):
        run("check", broken, "--dismiss", known, "--reason", REASON)

    result = run(*words, "--json")

    assert result.status == 0
    assert "淮安市洪泽区人民政府" in result.err


def test_a_folder_is_listed_worst_first(run: Run, published: Run, saved: Run, tmp_path: Path) -> None:
    """Broken ones by number and size of the breaks, then what cannot be judged, then those that hold."""
    folder = tmp_path / "all"
    for name in ("2021_pingtan", "2023_hongze_qu", "2023_jinhu_xian", "2020_pingtan"):
        saved(published(name), f"{name}.json", folder)
    table = published("2021_pingtan")
    saved(replace(table, rows=dict.fromkeys(table.rows, (None,) * 7)), "blank.json", folder)
    saved(replace(table, rows={**table.rows, "new": (99,) * 7}), "awful.json", folder)
    (folder / "torn.docx").write_bytes(b"PK")
    (folder / "~$open.docx").write_bytes(b"x")

    result = run("check", folder, "--json")

    assert result.status == 1
    assert [Path(one["file"]).name for one in result.json] == [
        "awful.json", "2023_hongze_qu.json", "2020_pingtan.json", "blank.json", "torn.docx",
        "2021_pingtan.json", "2023_jinhu_xian.json",
    ]  # fmt: skip
    assert [one["verdict"] for one in result.json] == ["broken"] * 3 + ["not_assessable"] * 2 + [
        "holds"
    ] * 2
    assert result.json[4]["error"]["error"] == "document_damaged"
    assert "torn.docx" in result.err
    assert "awful.json" in result.err
    shown = run("--lang", "en", "check", folder).out
    assert "3 broken, 1 not assessable, 2 hold. Files that could not be read: 1." in shown
