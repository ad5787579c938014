"""`calendar import`: a notice comes in whole or not at all, and the cases follow."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
NOTICES = Path(__file__).parents[1] / "exchange" / "notices"

# a made-up notice on a year that has none yet
NOTICE = """国务院办公厅关于2027年
部分节假日安排的通知
国办发明电〔2026〕99号

经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。

一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。

国务院办公厅
2026年11月20日
"""
CHANGE = """国务院办公厅关于调整2027年劳动节假期安排的通知
国办发明电〔2027〕3号

经国务院批准，现将调整2027年劳动节放假安排通知如下。

一、2027年5月1日至4日放假调休，共4天。4月25日（星期日）上班。

国务院办公厅
2027年3月22日
"""


@pytest.fixture
def notice(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a notice to a file and gives its path."""

    def write(text: str, name: str = "notice.txt", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _files(folder: Path) -> dict[str, bytes]:
    place = folder / "calendars"
    return {path.name: path.read_bytes() for path in sorted(place.glob("*"))} if place.exists() else {}


def test_a_year_comes_in_and_the_cases_follow(
    run: Run, done: Run, folder: Path, registered: Run, notice: Any
) -> None:
    """The notice is shown as understood, kept with its text, and moves what counts over its days."""
    number = registered(received="2026-11-24")
    done("transition", number, "accept")
    done("transition", number, "extend", "--by", "head", "--days", "20")
    assert run("show", number, "--json").json["due"] == "2027-01-20"
    assert run("calendar", "show", "2027", "--json").json["provisional"]

    said = run("calendar", "import", str(notice(NOTICE)), "--json")

    assert said.status == 0
    assert (said.json["number"], said.json["published"]) == ("国办发明电〔2026〕99号", "2026-11-20")
    assert said.json["understood"][1] == {
        "name": "春节", "from": "2027-02-05", "to": "2027-02-11", "days": 7,
        "make_up_days": ["2027-01-31", "2027-02-20"],
    }  # fmt: skip
    assert _files(folder).keys() == {"2027.yaml", "2027-1.txt"}
    year = run("calendar", "show", "2027", "--json").json
    assert not year["provisional"]
    assert year["sources"] == [
        {"number": "国办发明电〔2026〕99号", "published": "2026-11-20", "text": "2027-1.txt"}
    ]
    shown = run("show", number, "--json").json
    assert (shown["due"], shown["provisional"]) == ("2027-01-20", False)


def test_refresh_says_which_calendar_moved_a_date(
    run: Run, done: Run, registered: Run, notice: Any
) -> None:
    """What moved is listed with the calendar it goes by, and the history says so too."""
    number = registered(received="2027-01-25", today="2027-01-25")
    before = run("show", number, "--json", today="2027-01-25").json["due"]

    moved = done("calendar", "import", str(notice(NOTICE)), "--refresh", "--json", today="2027-01-25")

    after = run("show", number, "--json", today="2027-01-25").json
    assert (before, after["due"], after["provisional"]) == ("2027-02-24", "2027-02-25", False)
    told = {"number": number, "from": before, "to": after["due"], "provisional": False,
            "calendar": "2027: 国办发明电〔2026〕99号"}  # fmt: skip
    assert moved.json["moved"] == [told]
    assert after["history"][-1]["data"]["calendar"] == "2027: 国办发明电〔2026〕99号"
    assert {one["kind"]: one["due"] for one in after["obligations"]}["answer"] == after["due"]
    assert run("verify", today="2027-01-25").status == 0


def test_a_dry_run_writes_nothing(run: Run, folder: Path, notice: Any) -> None:
    """`--dry-run` shows what would come in."""
    out = run("calendar", "import", str(notice(NOTICE)), "--dry-run").out

    assert (
        "2027-02-05（周五） 至 2027-02-11（周四） 放假，共 7 天；"
        "上班 2027-01-31（周日）、2027-02-20（周六）"
    ) in out
    assert _files(folder) == {}


def test_a_later_notice_changes_the_year_and_both_are_kept(
    run: Run, done: Run, folder: Path, notice: Any
) -> None:
    """A change names one holiday; the others stay, and `calendar show` lists both notices."""
    done("calendar", "import", str(notice(NOTICE)))
    done("calendar", "import", str(notice(CHANGE)), today="2027-03-23")

    year = run("calendar", "show", "2027", "--json").json
    assert year["notices"] == ["国办发明电〔2026〕99号", "国办发明电〔2027〕3号"]
    assert "2027-05-05" not in year["days_off"]
    assert "2027-05-08" not in year["make_up_days"]
    assert {"2027-05-04", "2027-10-07"} <= set(year["days_off"])
    assert _files(folder).keys() == {"2027.yaml", "2027-1.txt", "2027-2.txt"}
    assert "国办发明电〔2027〕3号（2027-03-22、2027-2.txt）" in run("calendar", "show", "2027").out


def test_the_same_notice_again_changes_nothing(done: Run, folder: Path, notice: Any) -> None:
    """Bringing a notice in twice leaves one."""
    done("calendar", "import", str(notice(NOTICE)))
    before = _files(folder)
    done("calendar", "import", str(notice(NOTICE)))

    assert _files(folder) == before


def test_days_that_open_cases_count_by_are_not_lost_unnoticed(
    run: Run, done: Run, folder: Path, registered: Run, notice: Any
) -> None:
    """A calendar that takes declared days away is refused, naming them, unless they are given up."""
    done("calendar", "import", str(notice(NOTICE)))
    registered(received="2027-04-12", today="2027-04-12")
    before = _files(folder)

    refused = run("calendar", "import", str(notice(CHANGE)), "--json", today="2027-04-12")

    assert (refused.status, refused.error["error"]) == (1, "calendar_days_lost")
    assert "不再放假 2027-05-05；不再上班 2027-05-08" in refused.error["message"]
    assert "劳动节 2027-05-01–2027-05-04（上班 2027-04-25）" in refused.error["message"]
    assert _files(folder) == before
    wanted = ("calendar", "import", str(notice(CHANGE)), "--replace")
    tried = done(*wanted, "--dry-run", "--json", today="2027-04-12").json
    assert [one["name"] for one in tried["understood"]] == ["劳动节"]
    assert (tried["no_longer_off"], tried["no_longer_worked"]) == (["2027-05-05"], ["2027-05-08"])
    assert "不再放假 2027-05-05；不再调休上班 2027-05-08" in done(*wanted, today="2027-04-12").out


def test_an_older_notice_does_not_override_a_newer_one(
    run: Run, done: Run, folder: Path, notice: Any
) -> None:
    """The order in which two notices come in does not decide which of them holds."""
    done("calendar", "import", str(notice(NOTICE)), today="2027-04-12")
    done("calendar", "import", str(notice(CHANGE)), today="2027-04-12")
    before = _files(folder)

    refused = run("calendar", "import", str(notice(NOTICE)), "--json", today="2027-04-12")

    assert (refused.status, refused.error["error"]) == (1, "notice_older")
    assert "2027-03-22" in refused.error["message"]
    assert _files(folder) == before
    done("calendar", "import", str(notice(NOTICE)), "--replace", today="2027-04-12")
    assert "2027-05-05" in run("calendar", "show", "2027", "--json").json["days_off"]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (NOTICE, ("--published", "2026-11-25"), "notice_of_the_future"),
        (NOTICE.replace("国办发明电〔2026〕99号\n", ""), (), "notice_without_number"),
        (NOTICE.replace("2026年11月20日\n", ""), (), "notice_without_number"),
    ],
)
def test_a_notice_is_known_by_number_and_day(
    run: Run, folder: Path, notice: Any, text: str, options: tuple[str, ...], code: str
) -> None:
    """Without them nobody could tell which of two notices is the later one."""
    refused = run("calendar", "import", str(notice(text)), *options, "--json")

    assert [one["error"] for one in refused.error["findings"]] == [code]
    assert _files(folder) == {}


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        ("1月1日（周五）", "1月1日（周四）", "notice_weekday_wrong", 7),
        ("共7天。1月31日", "共8天。1月31日", "notice_count_wrong", 8),
        ("2月20日（周六）上班", "2月30日上班", "not_a_day", 8),
        ("5月8日（周六）上班", "5月7日（周五）上班", "make_up_on_weekday", 10),
        (
            "六、中秋节：9月15日（周三）放假，共1天。",
            "六、中秋节：9月15日（周三）至",
            "notice_not_understood",
            12,
        ),
        ("五、端午节：6月9日（周三）放假，共1天。\n", "", "holiday_not_arranged", 5),
    ],
)
def test_a_faulty_notice_is_refused_with_its_place(
    run: Run, folder: Path, notice: Any, right: str, wrong: str, code: str, line: int
) -> None:
    """Every fault is named with its line, and nothing is half applied."""
    assert right in NOTICE
    refused = run("calendar", "import", str(notice(NOTICE.replace(right, wrong))), "--json")

    assert (refused.status, refused.error["error"]) == (1, "calendar_refused")
    found = [(one["error"], one["where"]) for one in refused.error["findings"]]
    assert (code, f"notice.txt:{line}") in found
    assert _files(folder) == {}


TABLE = "日期,类型,名称\n" + "\n".join(
    f"{day},{kind},{name}"
    for day, kind, name in [
        ("2027-01-01", "放假", "元旦"), ("2027-02-05", "放假", "春节"), ("2027-02-08", "放假", "春节"),
        ("2027-01-31", "上班", "春节"), ("2027-04-05", "放假", "清明节"), ("2027-05-03", "放假", "劳动节"),
        ("2027-06-09", "放假", "端午节"), ("2027-09-15", "放假", "中秋节"), ("2027-10-01", "放假", "国庆节"),
    ]
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_comes_in_with_the_number_that_is_given(
    run: Run, done: Run, notice: Any, encoding: str
) -> None:
    """A table has no number; it is given beside it."""
    path = notice(TABLE, "2027.csv", encoding)
    done(
        "calendar",
        "import",
        str(path),
        "--number",
        "国办发明电〔2026〕99号",
        "--published",
        "2026-11-20",
    )

    year = run("calendar", "show", "2027", "--json").json
    assert year["make_up_days"] == ["2027-01-31"]
    assert year["sources"] == [
        {"number": "国办发明电〔2026〕99号", "published": "2026-11-20", "text": "2027-1.csv"}
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("2028-03-01,放假,元旦", "day_of_another_year"),
        ("2028-01-03,放假,中国年", "day_of_another_year"),
        ("2027-01-01,放假,元旦", "day_row_doubled"),
        ("2027-02-10,放假,春节", "holiday_has_gap"),
    ],
)
def test_a_faulty_row_of_a_table_is_named(
    run: Run, folder: Path, notice: Any, more: str, code: str
) -> None:
    """Another year's rows, doubled rows and gaps in a holiday: each with its line, nothing imported."""
    refused = run("calendar", "import", str(notice(f"{TABLE}\n{more}\n", "2027.csv")), "--json")

    assert (refused.status, refused.error["error"]) == (1, "calendar_refused")
    assert (code, "2027.csv:11") in [(one["error"], one["where"]) for one in refused.error["findings"]]
    assert _files(folder) == {}


def test_an_unknown_holiday_is_warned_about(done: Run, notice: Any) -> None:
    """A name that the statute does not have may be a slip, or a day off that was declared once."""
    said = done("calendar", "import", str(notice(f"{TABLE}\n2027-09-03,放假,胜利日\n", "2027.csv")))

    assert "2027.csv:11" in said.err
    assert "胜利日" in said.err


def test_a_table_without_a_number_is_warned_about(run: Run, notice: Any) -> None:
    """Without number and day it comes in all the same, with a word."""
    done = run("calendar", "import", str(notice(TABLE, "2027.csv")))

    assert done.status == 0
    assert "文号" in done.err
    assert run("calendar", "show", "2027", "--json").json["sources"][0]["number"] is None


def test_a_second_table_without_a_number_leaves_the_first_as_it_is(
    done: Run, run: Run, folder: Path, notice: Any
) -> None:
    """Nobody can tell whether two tables without a number are one notice: both texts are kept."""
    done("calendar", "import", notice(TABLE, "2027.csv"))
    first = _files(folder)["2027-1.csv"]
    done("calendar", "import", notice(TABLE + "\n", "again.csv"))

    files = _files(folder)
    assert files["2027-1.csv"] == first
    assert files["2027-2.csv"] == first + b"\n"
    sources = run("calendar", "show", "2027", "--json").json["sources"]
    assert [one["text"] for one in sources] == ["2027-1.csv", "2027-2.csv"]


def test_a_text_that_lies_there_is_not_overwritten(done: Run, folder: Path, notice: Any) -> None:
    """Where a text was put in or taken out by hand, the next one gets a name that is free."""
    place = folder / "calendars"
    place.mkdir(exist_ok=True)
    (place / "2027-2.csv").write_text("own", "utf-8")
    done("calendar", "import", notice(TABLE, "2027.csv"))
    done("calendar", "import", notice(TABLE, "2027.csv"), "--number", "国办发明电〔2026〕99号")

    assert _files(folder)["2027-2.csv"] == b"own"
    assert {"2027-1.csv", "2027-3.csv"} <= _files(folder).keys()


@pytest.mark.parametrize(
    ("text", "name", "encoding", "code"),
    [
        ("2027-01-01,放假,元旦\n", "2027.csv", "utf-8", "table_without_heads"),
        ("日期,类型\n2027-01-32,放假\n", "2027.csv", "utf-8", "not_a_day"),
        ("日期,类型,名称\n2027-01-01,放假,元旦\n", "2027.csv", "utf-8", "notice_incomplete"),
        (NOTICE, "notice.txt", "utf-16", "file_not_text"),
        ("今天天气很好。", "notice.txt", "utf-8", "notice_without_year"),
        ("", "notice.txt", "utf-8", "notice_without_year"),
        ("", "2027.csv", "utf-8", "notice_empty"),
    ],
)
def test_what_is_no_calendar_is_refused(
    run: Run, folder: Path, notice: Any, text: str, name: str, encoding: str, code: str
) -> None:
    """Tables without heads, impossible days, unknown encodings, other texts: each is named."""
    refused = run("calendar", "import", str(notice(text, name, encoding)), "--json")

    assert (refused.status, refused.error["error"]) == (1, "calendar_refused")
    assert code in [one["error"] for one in refused.error["findings"]]
    assert _files(folder) == {}


@pytest.mark.parametrize(
    ("path", "code", "status"), [("missing.txt", "file_missing", 1), (".", "file_unreadable", 1)]
)
def test_a_file_that_is_none_is_refused(run: Run, path: str, code: str, status: int) -> None:
    """What cannot be read is said to be so."""
    refused = run("calendar", "import", path, "--json")

    assert (refused.status, refused.error["error"]) == (status, code)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(run: Run, folder: Path, notice: Any) -> None:
    """Where the folder cannot be written nothing is brought in."""
    (folder / "calendars").mkdir(mode=0o500)

    refused = run("calendar", "import", str(notice(NOTICE)), "--json")

    assert (refused.status, refused.error["error"]) == (1, "file_unwritable")


def test_a_file_in_the_place_of_the_folder_is_named(run: Run, folder: Path, notice: Any) -> None:
    """Where a file stands in the folder's place nothing is brought in."""
    (folder / "calendars").write_text("", "utf-8")

    refused = run("calendar", "import", str(notice(NOTICE)), "--json")

    assert (refused.status, refused.error["error"]) == (1, "file_unwritable")


def test_a_published_year_can_be_read_again(run: Run, folder: Path) -> None:
    """The notice of a shipped year gives the shipped year, and those days of December that it names."""
    shipped = run("calendar", "show", "2023", "--json").json

    assert run("calendar", "import", str(NOTICES / "2023.txt")).status == 0

    again = run("calendar", "show", "2023", "--json").json
    assert again["working_days"] == shipped["working_days"]
    assert again["make_up_days"] == shipped["make_up_days"]
    assert set(_files(folder)) <= {"2023.yaml", "2022.yaml", "2023-1.txt"}


def test_registering_goes_on_past_the_last_calendar(run: Run, registered: Run) -> None:
    """From mid-December of the last year that is known, applications are registered as before."""
    number = registered(received="2027-12-20", today="2027-12-20")

    shown = run("show", number, "--json", today="2027-12-20").json
    assert (shown["due"], shown["provisional"]) == ("2028-01-17", True)
    assert "（暂定）" in run("list", today="2027-12-20").out


def test_a_preview_names_the_days_of_the_week(run: Run, folder: Path) -> None:
    """A clerk compares by the days of the week; a single day is no span."""
    (folder / "2027.txt").write_text(NOTICE, "utf-8")

    out = run("calendar", "import", str(folder / "2027.txt"), "--dry-run").out

    assert "2027-02-05（周五）" in out
    assert "2027-06-09（周三） 放假" in out
    assert "2027-06-09 至" not in out


def test_the_same_notice_again_changes_nothing_and_says_so(run: Run, folder: Path) -> None:
    """A second import of what is there is told as such."""
    (folder / "2027.txt").write_text(NOTICE, "utf-8")

    first = run("calendar", "import", str(folder / "2027.txt"))
    again = run("calendar", "import", str(folder / "2027.txt"))
    document = run("calendar", "import", str(folder / "2027.txt"), "--json").json

    assert "已导入" in first.out
    assert "没有变动" in again.out
    assert "已导入" not in again.out
    assert document["unchanged"]
