"""An office that changes over in mid-year: its letter numbers go on where the paper book stands."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
WHY = ("--reason", "2026年纸质登记簿编至10月31日")


@pytest.fixture
def answered(registered: Run, moved: Run) -> Callable[[], str]:
    """An application with a decision on it, so that its reply can be issued."""

    def call() -> str:
        number = str(registered())
        moved(number, "accept@2026-11-03", "decide@2026-11-20 --outcome disclosed.provided")
        return number

    return call


def series_of(done: Run, name: str, *more: str) -> Any:
    return next(one for one in done("notices", "series", *more, "--json").json if one["series"] == name)


def test_the_first_letter_follows_the_paper_book(done: Run, answered: Run) -> None:
    """The paper book stands at 37: the first reply is 38, the second 39, and other series begin at 1."""
    told = done("notices", "continue", "reply", "--last", "37", *WHY, "--json").json
    assert (told["last"], told["issued"], told["continued"]["last"]) == (37, 0, 37)

    first, second = answered(), answered()
    numbers = [done("notice", one, "--json").json["number"] for one in (first, second)]
    receipt = done("notice", first, "receipt", "--on", "2026-11-02", "--json").json["number"]

    assert [number.rpartition("〕")[2] for number in numbers] == ["38号", "39号"]
    assert receipt.endswith("告〔2026〕1号")
    found = series_of(done, "reply")
    assert (found["last"], found["issued"], found["next"].rpartition("〕")[2]) == (39, 2, "40号")
    assert done("verify", "--json").json["holds"]


def test_who_said_so_and_by_which_book_stands_in_the_chain(done: Run) -> None:
    """An auditor sees the act: its day, its person, its reason; on a screen too."""
    before = done("verify", "--json").json["entries"]
    done("notices", "continue", "答复", "--last", "37", *WHY, "--by", "head")

    assert done("verify", "--json").json["entries"] == before + 1
    act = series_of(done, "reply")["continued"]
    assert (act["last"], act["on"], act["by"], act["reason"]) == (37, "2026-11-24", "head", WHY[1])
    assert WHY[1] in done("notices", "series").out


def test_a_slip_is_put_right_before_the_first_letter(done: Run) -> None:
    """Said again, the later one holds, lower ones too; 0 begins at 1 again; both acts stay in the chain."""
    for last in ("73", "37", "0"):
        done("notices", "continue", "reply", "--last", last, *WHY)
        assert series_of(done, "reply")["last"] == int(last)
        assert done("verify", "--json").json["holds"]


def test_once_a_letter_is_issued_the_number_is_fixed(done: Run, refused: Run, answered: Run) -> None:
    """Neither up nor down, even when the only letter was withdrawn: its number is used up."""
    number = done("notice", answered(), "--json").json["number"]
    for last in ("37", "0"):
        error = refused("notices", "continue", "reply", "--last", last, *WHY)
        assert error["error"] == "series_begun"
        assert "1" in error["message"]
    done("notice", "withdraw", number, "--reason", "内容有误")
    assert refused("notices", "continue", "reply", "--last", "37", *WHY)["error"] == "series_begun"


def test_each_year_is_its_own(done: Run, answered: Run) -> None:
    """What was issued this year does not keep last year's series from going on, nor the other way."""
    done("notice", answered(), "--json")
    done("notices", "continue", "reply", "--last", "12", "--year", "2025", *WHY)

    assert series_of(done, "reply", "--year", "2025")["last"] == 12
    assert series_of(done, "reply")["last"] == 1
    assert done("verify", "--json").json["holds"]


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["reply", "--last", "37"], 2, "reason_missing"),
        (["reply", "--last", "37", "--reason", " "], 2, "reason_missing"),
        (["reply", *WHY], 2, "missing_parameter"),
        (["reply", "--last", "-1", *WHY], 2, "number_out_of_range"),
        (["reply", "--last", "999999999", *WHY], 2, "number_out_of_range"),
        (["reply", "--last", "0", *WHY], 1, "series_unchanged"),
        (["replies", "--last", "37", *WHY], 1, "unknown_series"),
        (["reply", "--last", "37", "--year", "2027", *WHY], 1, "series_of_future_year"),
        (["reply", "--last", "37", "--by", "nobody", *WHY], 2, "unknown_person"),
    ],
)
def test_what_makes_no_sense_is_refused(refused: Run, words: list[str], status: int, code: str) -> None:
    """No reason, no number, a series or a year that is not there: refused, and nothing is recorded."""
    assert refused("notices", "continue", *words, status=status)["error"] == code


def test_a_closed_year_is_not_touched(done: Run, refused: Run) -> None:
    """No letter can be dated in a closed year, so its series stay as they are."""
    done("year", "close", "2025")
    assert refused("notices", "continue", "reply", "--last", "3", "--year", "2025", *WHY)["error"] == (
        "year_closed"
    )


@pytest.mark.parametrize("last", [36, 38])
def test_verify_sees_a_series_that_goes_on_from_elsewhere(
    done: Run, run: Run, sql: Run, answered: Run, last: int
) -> None:
    """The chain says 37; a row that was moved past the program is found, before and after a letter."""
    done("notices", "continue", "reply", "--last", "37", *WHY)
    sql("UPDATE series SET last = ? WHERE name = 'letters:reply'", last)
    assert [p["kind"] for p in run("verify", "--json").json["problems"]] == ["letter_series_broken"]

    done("notice", answered(), "--json")
    assert [p["kind"] for p in run("verify", "--json").json["problems"]] == ["letter_series_broken"]
