"""The offices of one database: a tree, and tables summed over it."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CITY, COUNTY, TOWN, BUREAU, CUSTOMS = (
    "示例市人民政府",
    "示例区人民政府",
    "示例镇人民政府",
    "示例区财政局",
    "示例海关",
)
OWN = "示例县发展和改革局"  # the office that is there from the beginning
AFTER = "2027-01-08"


@pytest.fixture
def tree(done: Run, folder: Path) -> dict[str, Path]:
    """A city; below it a county with a bureau, a township and the own office; customs led from above."""
    places = {
        name: folder / str(serial) for serial, name in enumerate((CITY, COUNTY, TOWN, BUREAU, CUSTOMS))
    }
    for name, level, parent in (
        (CITY, "city", None), (COUNTY, "county", CITY), (TOWN, None, COUNTY), (BUREAU, "department", COUNTY),
    ):  # fmt: skip
        words = [*(["--level", level] if level else []), *(["--parent", parent] if parent else [])]
        done("office", "add", name, "--folder", places[name], *words)
    done("office", "add", CUSTOMS, "--folder", places[CUSTOMS], "--parent", CITY, "--vertical")
    done("office", "move", OWN, "--parent", COUNTY, "--level", "department")
    return {OWN: folder / "config.toml"} | {
        name: place / "config.toml" for name, place in places.items()
    }


@pytest.fixture
def received(done: Run) -> Callable[..., str]:
    """Registers an application at an office."""

    def call(config: Path, kind: str = "natural_person") -> str:
        registered = done("register", "--kind", kind, "--name", "申请人甲", "--channel", "online",
                          "--received", "2026-11-02", "--subject", "预算", "--json", config=config)  # fmt: skip
        return str(registered.json["number"])

    return call


def test_each_office_has_its_own_numbers_and_chain(done: Run, tree: Any, received: Run) -> None:
    """One database, many offices: each with settings, a series and a chain of its own."""
    assert received(tree[BUREAU]) == received(tree[TOWN]) == "2026-0001"
    assert received(tree[BUREAU]) == "2026-0002"
    for name, config in tree.items():
        assert done("verify", "--json", config=config).json["holds"], name
    assert len(done("list", "--json", config=tree[BUREAU]).json) == 2


@pytest.mark.usefixtures("tree")
def test_the_tree_is_shown(done: Run) -> None:
    """Which office stands below which, at what level, and who is led from above."""
    [city] = done("office", "list", "--json").json
    below = {child["office"]: child for child in city["children"]}

    assert (city["office"], city["level"]) == (CITY, "city")
    assert below[CUSTOMS]["vertical"] is True
    assert {child["office"] for child in below[COUNTY]["children"]} == {TOWN, BUREAU, OWN}
    assert f"  {COUNTY} (县级)" in done("office", "list").out


def test_an_aggregate_is_the_sum_of_what_is_below(done: Run, tree: Any, received: Run) -> None:
    """The government as one unit, its departments, the next level's aggregates; not who is led from above."""
    for config, times in ((tree[CITY], 1), (tree[COUNTY], 2), (tree[TOWN], 3), (tree[OWN], 1)):
        for _turn in range(times):
            received(config)
    received(tree[CUSTOMS])
    done("dispute", "open", "--kind", "review", "--filed", "2026-11-02", config=tree[TOWN])

    def total(name: str) -> Any:
        return done("rollup", "2026", "--office", name, "--json").json

    assert [total(name)["rows"]["new"][-1] for name in (CITY, COUNTY, TOWN, CUSTOMS)] == [7, 6, 3, 1]
    city = total(CITY)
    assert city["office"] == CITY
    assert city["table4"]["review"] == [0, 0, 0, 1, 1]
    assert city["left_out"] == [CUSTOMS]
    assert {unit["office"]: unit["missing"] for unit in city["units"]} == {
        CITY: False, COUNTY: False, TOWN: False, OWN: False, BUREAU: True,
    }  # fmt: skip
    assert all(identity["holds"] for identity in city["identities"])


def test_what_each_office_gave_to_a_figure(done: Run, tree: Any, received: Run) -> None:
    """A figure of a sum: the offices directly below with all that is under them, and the own cases."""
    own = received(tree[COUNTY], "enterprise")
    received(tree[TOWN], "enterprise")
    received(tree[TOWN])
    cell = done("rollup", "2026", "--office", COUNTY, "--cell", "new:enterprise", "--json").json
    city = done("rollup", "2026", "--office", CITY, "--cell", "new:total", "--json").json

    assert cell["figure"] == 2
    assert {child["office"]: child["figure"] for child in cell["children"]} == {
        TOWN: 1,
        BUREAU: 0,
        OWN: 0,
    }
    assert [one["number"] for one in cell["applications"]] == [own]
    assert (city["figure"], city["children"]) == (
        3,
        [{"office": COUNTY, "figure": 3, "status": "draft"}],
    )
    done("dispute", "open", "--kind", "review", "--filed", "2026-11-02", config=tree[TOWN])
    cell = done("rollup", "2026", "--office", COUNTY, "--cell", "review:pending", "--json").json
    assert cell["figure"] == 1
    assert "3" in done("rollup", "2026", "--office", CITY, "--cell", "new:total").out


def test_closed_years_are_summed_as_frozen(done: Run, tree: Any, received: Run, sql: Run) -> None:
    """Where a year is closed its frozen table is used, where not it is counted, and said so."""
    for name in (TOWN, BUREAU):
        received(tree[name])
        done("year", "close", "2026", today=AFTER, config=tree[name])
    received(tree[COUNTY])
    sql(
        "UPDATE applications SET void = 1 WHERE office_id = (SELECT id FROM offices WHERE name = ?)",
        TOWN,
    )
    table = done("rollup", "2026", "--office", COUNTY, "--json", today=AFTER).json

    assert table["status"] == "draft"
    assert {unit["office"]: unit["status"] for unit in table["units"]} == {
        COUNTY: "draft", TOWN: "closed", BUREAU: "closed", OWN: "draft",
    }  # fmt: skip
    assert table["rows"]["new"][-1] == 3
    for name in (COUNTY, OWN):
        done("year", "close", "2026", today=AFTER, config=tree[name])
    assert done("rollup", "2026", "--office", COUNTY, "--json", today=AFTER).json["status"] == "closed"
    shown = done("rollup", "2026", "--office", COUNTY, today=AFTER).out
    assert f"{TOWN}：已办结" in shown


def test_a_sum_is_a_table_that_check_reads(done: Run, tree: Any, received: Run, tmp_path: Path) -> None:
    """The document of a sum is one of the same kind, for `check` and the next level."""
    received(tree[TOWN])
    path = tmp_path / "sum.json"
    done("rollup", "2026", "--office", CITY, "--known-on", "2026-11-24", "-o", path)

    done("check", path)


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["office", "add", COUNTY], "office_taken", 1),
        (["office", "add", "新局", "--parent", "没有的局"], "office_unknown", 1),
        (["office", "add", " "], "bad_office_name", 2),
        (["office", "add", "新局", "--level", "galaxy"], "not_one_of", 2),
        (["office", "move", "没有的局"], "office_unknown", 1),
        (["office", "move", CITY, "--parent", TOWN], "office_below_itself", 1),
        (["office", "move", CITY, "--parent", CITY], "office_below_itself", 1),
        (["rollup", "2026", "--office", "没有的局"], "office_unknown", 1),
        (["rollup", "2026", "--office", CITY, "--cell", "no:total"], "unknown_cell", 2),
        (["rollup", "2026", "--office", CITY, "--recount"], "recount_alone", 2),
    ],
)
def test_what_no_tree_has_is_refused(refused: Run, words: list[str], code: str, status: int) -> None:
    """Doubled and unknown offices, an office below itself, figures that no form has."""
    assert refused(*words, status=status)["error"] == code


def test_a_folder_that_has_settings_is_left_alone(refused: Run, folder: Path) -> None:
    """The settings of another office are never written over; then the office is not founded either."""
    before = (folder / "config.toml").read_bytes()

    assert refused("office", "add", "新局", "--folder", folder)["error"] == "office_exists"
    assert (folder / "config.toml").read_bytes() == before
    (folder / "file").write_text("")
    assert refused("office", "add", "新局", "--folder", folder / "file")["error"] == "folder_unwritable"


def test_a_new_office_has_a_folder_of_its_name(done: Run, folder: Path) -> None:
    """Without a folder given, the settings go into one beside these, and they work."""
    made = done("office", "add", "甲/乙局", "--json").json

    assert Path(made["config"]).parent.parent == folder
    assert done("list", "--json", config=Path(made["config"])).json == []


def test_the_settings_of_a_new_office_lead_to_what_both_go_by(done: Run, folder: Path) -> None:
    """Calendars, letters and secrets of the office at hand serve the new one; what is its own is not copied."""
    config = folder / "config.toml"
    text = config.read_text("utf-8").replace("[organ]", '[organ]\ncode = "示发改公开"\n#', 1)
    text = text.replace("[notices]", '[notices]\nfolder = "own"\n#', 1)
    mail = '[channels.mail]\nhost = "127.0.0.1"\nsender = "a@example.org"\nuser = "a"\npassword_file = "p"\n'
    config.write_text(text + mail, "utf-8")
    (folder / "own").mkdir()
    config.chmod(0o640)

    made = Path(done("office", "add", "新局", "--folder", folder / "a" / "b", "--json").json["config"])
    settings = tomllib.loads(made.read_text("utf-8"))

    assert made.stat().st_mode & 0o777 == 0o640
    assert settings["organ"] == {}
    assert settings["notices"]["folder"] == "../../own"
    assert settings["channels"]["mail"]["password_file"] == "../../p"
    assert settings["calendar"]["folder"] == "../../calendars"
    done("notices", "check", config=made)


@pytest.mark.usefixtures("tree")
def test_an_office_moves_to_the_top(done: Run) -> None:
    """Without a parent an office stands by itself."""
    done("office", "move", TOWN)
    moved = done("office", "move", BUREAU, "--vertical", "--parent", COUNTY, "--json").json

    assert {node["office"] for node in done("office", "list", "--json").json} == {CITY, TOWN}
    assert moved == {"office": BUREAU, "parent": COUNTY, "level": "department", "vertical": True}
    assert done("rollup", "2026", "--office", COUNTY, "--json").json["left_out"] == [BUREAU]
    assert done("verify", "--json").json["holds"]


def test_a_closed_sum_stays_when_an_office_moves_later(
    run: Run, done: Run, tree: Any, received: Run
) -> None:
    """A sum takes the tree as of its period's end: what moves in 2027, or comes then, moves no 2026."""
    for name in (COUNTY, TOWN):
        received(tree[name])
    for name in (COUNTY, TOWN, BUREAU, OWN):
        done("year", "close", "2026", today=AFTER, config=tree[name])

    def total(year: int) -> Any:
        return done("rollup", year, "--office", COUNTY, "--json", today="2027-03-02").json

    before = total(2026)
    done("office", "move", TOWN, "--parent", COUNTY, "--vertical", today="2027-03-01")
    done("office", "add", "新局", "--parent", COUNTY, today="2027-03-01")

    assert (before["status"], before["rows"]["new"][-1]) == ("closed", 2)
    assert total(2026) == before
    assert total(2027)["left_out"] == [TOWN]
    assert {one["office"] for one in total(2027)["units"]} == {COUNTY, BUREAU, OWN, "新局"}
    cell = done(
        "rollup", "2026", "--office", COUNTY, "--cell", "new:total", "--json", today="2027-03-02"
    )
    assert (cell.json["figure"], run("verify").status) == (2, 0)


def test_sums_of_before_the_tree_go_by_the_first_places(done: Run, tree: Any) -> None:
    """Old registers are summed where each office was put first; a later move leaves them alone."""
    del tree  # made in 2026
    done("office", "move", TOWN, today="2027-03-01")

    found = done("rollup", "2024", "--office", COUNTY, "--json", today="2027-03-02").json
    assert {unit["office"] for unit in found["units"]} == {COUNTY, TOWN, BUREAU, OWN}
    found = done("rollup", "2027", "--office", COUNTY, "--json", today="2027-03-02").json
    assert {unit["office"] for unit in found["units"]} == {COUNTY, BUREAU, OWN}


def test_an_office_that_brings_its_register_along_is_in_the_sums_of_its_time(
    done: Run, tree: Any, received: Run, folder: Path
) -> None:
    """Added in January with last year's applications, it stands where it was put, and is counted."""
    received(tree[COUNTY])
    done("office", "add", "新局", "--parent", COUNTY, "--folder", folder / "new", today="2027-01-11")
    received(folder / "new" / "config.toml")

    found = done("rollup", "2026", "--office", COUNTY, "--json", today="2027-01-12").json

    assert "新局" in {unit["office"] for unit in found["units"]}
    assert found["rows"]["new"][-1] == 2


@pytest.mark.usefixtures("tree")
def test_moving_an_office_is_for_the_head(refused: Run, done: Run) -> None:
    """A clerk does not change what sums are made of."""
    assert refused("office", "move", TOWN, "--by", "clerk")["error"] == "move_needs_role"
    done("office", "move", TOWN, "--by", "head")


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "change",
    ["parent_id = NULL", "level = 'province'", "vertical = 1", "name = '另一镇'"],
)
def test_verify_holds_the_tree_against_the_acts(run: Run, sql: Run, change: str) -> None:
    """An office that was put elsewhere past the program is named."""
    sql(f"UPDATE offices SET {change} WHERE name = ?", TOWN)  # noqa: S608  written above

    found = run("verify", "--json")

    assert found.status == 1
    assert "office_differs" in {one["kind"] for one in found.json["problems"]}
