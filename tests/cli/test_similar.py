"""Earlier requests like one, and the repeat reply that has to name one of them, art. 36(6)."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
SUBJECT = "2025年度土地征收补偿安置方案"


def found(run: Run, number: str) -> list[tuple[str, bool]]:
    cases = run("similar", number, "--json").json
    return [(case["number"], case["same_applicant"]) for case in cases]


def test_the_same_applicant_goes_first(run: Run, registered: Run) -> None:
    """Requests by the same applicant stand before more alike ones by others."""
    other = registered(received="2026-10-12", name="司马相如", subject=SUBJECT)
    own = registered(received="2026-10-13", subject="2024年度土地征收补偿方案")
    number = registered(subject=SUBJECT)

    assert found(run, number) == [(own, True), (other, False)]


def test_the_more_alike_goes_first(run: Run, registered: Run) -> None:
    """Among requests of one applicant the most alike stands first."""
    less = registered(received="2026-10-12", subject="土地征收补偿方案")
    more = registered(received="2026-10-12", subject=SUBJECT)
    number = registered(subject=SUBJECT)

    assert [one for one, _same in found(run, number)] == [more, less]


def test_later_and_void_requests_are_left_out(run: Run, registered: Run) -> None:
    """A request received later is no earlier one, and a void registration is none at all."""
    voided = registered(received="2026-10-12", subject=SUBJECT)
    run("void", voided, "--reason", "重复登记")
    number = registered(received="2026-11-02", subject=SUBJECT)
    registered(received="2026-11-03", subject=SUBJECT)

    assert found(run, number) == []


def test_requests_with_little_in_common_are_left_out(run: Run, registered: Run) -> None:
    """A request about something else is not called similar."""
    registered(received="2026-10-12", name="司马相如", subject="学校食堂招标文件")
    number = registered(subject=SUBJECT)

    assert found(run, number) == []


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        ({"name": "ＡＢＣ 公司"}, {"name": "abc公司"}, True),
        ({"id_number": "321302199001011234"}, {"id_number": "321302199001011234"}, True),
        ({"id_number": "321302199001011234"}, {"id_number": "321302199001015678"}, False),
        ({"name": "王五"}, {"name": "王六"}, False),
    ],
)
def test_an_applicant_is_known_by_number_then_by_name(
    run: Run, registered: Run, earlier: dict[str, str], later: dict[str, str], same: bool
) -> None:
    """Two applicants are the same by their id numbers where both are known, else by name."""
    first = registered(received="2026-10-12", subject=SUBJECT, **earlier)
    number = registered(subject=SUBJECT, **later)

    assert found(run, number) == [(first, same)]


def test_no_more_than_ten_are_shown(run: Run, registered: Run) -> None:
    """The list of similar requests is short enough to be read."""
    for _ in range(12):
        registered(received="2026-10-12", subject=SUBJECT)
    number = registered(subject=SUBJECT)

    assert len(found(run, number)) == 10


@pytest.fixture
def asked_again(registered: Run, moved: Run) -> tuple[str, str]:
    """An answered request, and the same request made again and under review."""
    earlier = registered(received="2026-10-12", subject=SUBJECT)
    moved(earlier, "accept@2026-10-12", "decide@2026-10-20 --outcome partial", "deliver@2026-10-20")
    number = registered(subject=SUBJECT)
    moved(number, "accept@2026-11-02")
    return earlier, number


def test_a_repeat_reply_names_the_earlier_one(run: Run, asked_again: tuple[str, str]) -> None:
    """A repeat reply that names the answered request is recorded with its number."""
    earlier, number = asked_again

    result = run("transition", number, "decide", "--outcome", "not_handled.repeat",
                 "--set", f"earlier={earlier}", "--json")  # fmt: skip

    assert result.json["outcome"] == "not_handled.repeat"
    assert result.json["history"][-1]["data"]["earlier"] == earlier


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (None, "earlier_not_named"),
        ("2026-0099", "earlier_unknown"),
        ("2026-0002", "earlier_unknown"),
        ("2026-0003", "earlier_not_answered"),
    ],
)
def test_a_repeat_reply_without_an_answered_request_is_refused(
    refused: Run, registered: Run, asked_again: tuple[str, str], named: str | None, code: str
) -> None:
    """A repeat reply must name another request that was answered; `similar` helps to find it."""
    registered(subject=SUBJECT)
    options = ["--set", f"earlier={named}"] if named else []

    error = refused("transition", asked_again[1], "decide", "--outcome", "not_handled.repeat", *options)

    assert error["error"] == code
    assert "第36条" in error["message"]


def test_a_request_that_came_later_is_no_earlier_one(
    refused: Run, registered: Run, moved: Run, asked_again: tuple[str, str]
) -> None:
    """A repeat reply does not name a request that was received after it."""
    later = registered(received="2026-11-10", subject=SUBJECT)
    moved(later, "accept@2026-11-10", "decide@2026-11-11 --outcome partial", "deliver@2026-11-11")

    error = refused("transition", asked_again[1], "decide", "--outcome", "not_handled.repeat",
                    "--set", f"earlier={later}")  # fmt: skip

    assert error["error"] == "earlier_came_later"
