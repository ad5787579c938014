"""Reviews and suits: what may be recorded of them, and where each stands in table four."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
OFFICE = "示例县发展和改革局"
NUMBER, OPEN, VOIDED, PUBLIC = "2025-0001", "2025-0002", "2025-0003", "2025-0004"
TODAY = "2026-11-24"


@pytest.fixture
def answered(once: Run, registered: Run, moved: Run, done: Run) -> str:
    """A refusal of 10 March 2025; beside it an open case, a void one, and a disclosure."""

    def make() -> str:
        registered(received="2025-03-03", subject="预算")
        moved(NUMBER, "accept@2025-03-04", "decide@2025-03-10 --outcome withheld.third_party")
        registered(received="2025-03-03", subject="决算")
        registered(received="2025-03-03", subject="误")
        done("void", VOIDED, "--reason", "误登")
        registered(received="2025-03-03", subject="规划")
        moved(PUBLIC, "accept@2025-03-04", "decide@2025-03-10 --outcome disclosed.provided")
        return NUMBER

    return str(once("disputes", make))


@pytest.fixture
def filed(done: Run) -> Callable[..., str]:
    """Records a dispute and gives its number."""

    def call(*words: str, kind: str = "review", on: str = "2025-04-01") -> str:
        opened = done("dispute", "open", *words, "--kind", kind, "--filed", on, "--json")
        return str(opened.json["number"])

    return call


@pytest.fixture
def ended(done: Run) -> Callable[..., Any]:
    """Records how a dispute ended."""

    def call(number: str, result: str, on: str) -> Any:
        return done("dispute", "close", number, "--result", result, "--on", on, "--json").json

    return call


@pytest.fixture
def table4(done: Run) -> Callable[..., Any]:
    """Table four of a year or period."""

    def call(year: int, *words: str) -> Any:
        return done("rollup", year, *words, "--json").json["table4"]

    return call


@pytest.mark.usefixtures("answered")
def test_disputes_are_numbered_by_the_year_of_filing(filed: Run, refused: Run) -> None:
    """A yearly series without gaps: what is refused takes no number."""
    assert filed(on="2025-04-01") == "D2025-001"
    error = refused("dispute", "open", OPEN, "--kind", "review", "--filed", "2025-03-10")
    assert error["error"] == "dispute_before_answer"
    assert filed(on="2025-05-01") == "D2025-002"
    assert filed(on="2026-01-05") == "D2026-001"


@pytest.mark.usefixtures("answered")
def test_a_dispute_stands_where_it_stood_on_the_last_day(filed: Run, ended: Run, table4: Run) -> None:
    """The result as of 31 December; pending cases of the year before are taken in again [practice]."""
    number = filed(NUMBER)
    ended(number, "upheld", "2026-02-02")

    assert table4(2024)["review"] == [0, 0, 0, 0, 0]
    assert table4(2025)["review"] == [0, 0, 0, 1, 1]
    assert table4(2026)["review"] == [1, 0, 0, 0, 1]
    assert table4(2026, "--as-of", "2026-02-01")["review"] == [0, 0, 0, 1, 1]
    assert table4(2026, "--from", "2026-02-03", "--to", "2026-06-30")["review"] == [0, 0, 0, 0, 0]


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    ("result", "place"), [("upheld", 0), ("corrected", 1), ("other", 2), ("结果纠正", 1)]
)
def test_results_stand_in_the_order_of_the_form(
    filed: Run, ended: Run, table4: Run, done: Run, result: str, place: int
) -> None:
    """维持, 纠正, 其他, 尚未审结, 总计; a result is named by its code or by its label."""
    ended(filed(NUMBER), result, "2025-06-02")
    expected = [0, 0, 0, 0, 1]
    expected[place] = 1

    assert table4(2025)["review"] == expected
    figures = ("upheld", "corrected", "other", "pending", "total")
    for figure, count in zip(figures, expected, strict=True):
        cell = done("rollup", 2025, "--cell", f"review:{figure}", "--json").json
        assert cell["figure"] == count == len(cell.get("disputes", []))


@pytest.mark.usefixtures("answered")
def test_a_suit_follows_the_review_that_was_decided(
    filed: Run, ended: Run, done: Run, table4: Run
) -> None:
    """复议后起诉 names its review by itself; each stands in its own block."""
    review = filed(NUMBER)
    ended(review, "upheld", "2025-06-02")
    suit = filed(NUMBER, kind="suit_after_review", on="2025-06-10")
    [_review, found] = done("dispute", "list", "--json").json

    assert (found["number"], found["review"], found["counted"]) == (suit, review, True)
    assert table4(2025) == {"review": [1, 0, 0, 0, 1], "suit_direct": [0, 0, 0, 0, 0],
                            "suit_after_review": [0, 0, 0, 1, 1]}  # fmt: skip


@pytest.mark.usefixtures("answered")
def test_the_co_defendant_does_not_count_the_case(filed: Run, table4: Run, done: Run) -> None:
    """A case with the reviewing organ as co-defendant counts once, at the organ that acted [text]."""
    own = filed("--co-defendant", "示例县人民政府")
    others = filed("--co-defendant", OFFICE)
    counted = {one["number"]: one["counted"] for one in done("dispute", "list", "--json").json}

    assert counted == {own: True, others: False}
    assert table4(2025)["review"] == [0, 0, 0, 1, 1]
    assert [one["number"] for one in done("dispute", "list", "--year", 2025, "--json").json] == [
        own,
        others,
    ]


@pytest.mark.usefixtures("answered")
def test_the_fifth_identity_is_judged_over_disputes(filed: Run, ended: Run, done: Run) -> None:
    """总计 is counted and not added up, so that the identity can fail."""
    ended(filed(NUMBER), "other", "2025-06-02")
    filed()
    filed(PUBLIC, kind="suit_direct")
    found = done("rollup", 2025, "--json").json["identities"]
    fifth = {one["column"]: (one["left"], one["right"]) for one in found if one["name"] == "5"}

    assert fifth == {"review": (2, 2), "suit_direct": (1, 1), "suit_after_review": (0, 0)}


REFUSED = {
    "an unknown kind": (["open", "--kind", "appeal", "--filed", "2025-04-01"], "unknown_dispute_kind"),
    "an unknown application": (["open", "2025-0009", "--kind", "review", "--filed", "2025-04-01"],
                               "application_unknown"),
    "one that is not answered": (["open", OPEN, "--kind", "review", "--filed", "2025-03-31"],
                                 "dispute_before_answer"),
    "a void one": (["open", VOIDED, "--kind", "review", "--filed", "2025-04-01"], "dispute_of_void"),
    "before the answer": (["open", NUMBER, "--kind", "review", "--filed", "2025-03-09"],
                          "dispute_filed_early"),
    "in the future": (["open", NUMBER, "--kind", "review", "--filed", "2026-11-25"], "day_in_future"),
    "a suit without its review": (["open", PUBLIC, "--kind", "suit_after_review", "--filed",
                                   "2025-08-01"], "suit_without_review"),
    "a suit after an open review": (["open", NUMBER, "--kind", "suit_after_review", "--review",
                                     "D2025-001", "--filed", "2025-08-01"], "review_not_closed"),
    "a suit after another's review": (["open", PUBLIC, "--kind", "suit_after_review", "--review",
                                       "D2025-002", "--filed", "2025-08-01"], "review_not_closed"),
    "a suit before the decision": (["open", "--kind", "suit_after_review", "--review", "D2025-002",
                                    "--filed", "2025-05-01"], "suit_before_review_decision"),
    "an unknown review": (["open", "--kind", "suit_after_review", "--review", "D2025-009", "--filed",
                           "2025-08-01"], "dispute_unknown"),
    "a review of a review": (["open", "--kind", "review", "--review", "D2025-002", "--filed",
                              "2025-08-01"], "review_of_no_suit"),
    "a second pending one": (["open", NUMBER, "--kind", "review", "--filed", "2025-05-01"],
                             "dispute_open_already"),
    "the own answer as co-defendant": (["open", PUBLIC, "--kind", "review", "--filed", "2025-05-01",
                                        "--co-defendant", OFFICE], "co_defendant_of_own"),
    "an unknown result": (["close", "D2025-001", "--result", "won", "--on", "2025-05-01"],
                          "unknown_dispute_result"),
    "a close before its filing": (["close", "D2025-001", "--result", "upheld", "--on", "2025-03-31"],
                                  "dispute_closed_before_filed"),
    "a close in the future": (["close", "D2025-001", "--result", "upheld", "--on", "2026-11-25"],
                              "day_in_future"),
    "a second close": (["close", "D2025-002", "--result", "upheld", "--on", "2025-07-01"],
                       "dispute_closed"),
    "a close of nothing": (["close", "D2025-009", "--result", "upheld", "--on", "2025-07-01"],
                           "dispute_unknown"),
    "a correction of an unknown fact": (["amend", "D2025-001", "--set", "judge=x", "--reason", "x"],
                                        "not_amendable_here"),
    "a correction to another year": (["amend", "D2025-001", "--set", "filed=2026-01-05", "--reason",
                                      "x"], "dispute_of_another_year"),
    "a correction that half closes": (["amend", "D2025-001", "--set", "result=upheld", "--reason", "x"],
                                      "dispute_half_closed"),
    "a correction past its suit": (["amend", "D2025-002", "--set", "closed=2025-09-01", "--reason",
                                    "x"], "suit_before_review_decision"),
    "a void review with a suit": (["void", "D2025-002", "--reason", "x"], "review_has_suit"),
    "a void one voided": (["void", "D2025-004", "--reason", "x"], "dispute_void"),
    "a void one closed": (["close", "D2025-004", "--result", "upheld", "--on", "2025-07-01"],
                          "dispute_void"),
}  # fmt: skip


@pytest.fixture
def several(once: Run, answered: str, filed: Run, ended: Run, done: Run) -> None:
    """A pending review, a decided one with its suit, and a void one."""

    def make() -> None:
        filed(answered)
        filed()
        ended("D2025-002", "upheld", "2025-06-02")
        filed("--review", "D2025-002", kind="suit_after_review", on="2025-08-01")
        filed()
        done("dispute", "void", "D2025-004", "--reason", "误登")

    once("several disputes", make)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused(refused: Run, what: str) -> None:
    """A dispute that contradicts its application, its review or the calendar is refused by name."""
    words, code = REFUSED[what]

    assert refused("dispute", *words)["error"] == code


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["amend", "D2025-001", "--reason", "x"], "nothing_to_amend"),
        (["amend", "D2025-001", "--set", "filed=", "--reason", "x"], "fact_needed"),
        (["amend", "D2025-001", "--set", "filed=gestern", "--reason", "x"], "not_a_day"),
        (["amend", "D2025-001", "--set", "note=x", "--reason", " "], "reason_missing"),
        (["void", "D2025-001"], "missing_parameter"),
        (["open", "--kind", "review", "--filed", "2025-04-01", "--note", "\x07"], "control_character"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_wrong_usage_is_told(refused: Run, words: list[str], code: str) -> None:
    """What is no fact, no day or no reason is wrong usage, and changes nothing."""
    assert refused("dispute", *words, status=2)["error"] == code


@pytest.mark.usefixtures("several")
def test_a_correction_keeps_the_old_facts_in_the_chain(done: Run, table4: Run) -> None:
    """The row follows the correction; the entry says what was changed and why."""
    found = done("dispute", "amend", "D2025-002", "--set", "result=corrected", "--set", "note=抄告",
                 "--reason", "笔误", "--json")  # fmt: skip

    assert (found.json["result"], found.json["note"]) == ("corrected", "抄****")
    assert table4(2025)["review"] == [0, 1, 0, 1, 2]
    assert done("verify", "--json").json["holds"]


@pytest.mark.usefixtures("answered")
def test_a_name_in_a_note_can_be_removed(done: Run, filed: Run, dump: Run, sql: Run, run: Run) -> None:
    """A note may name people: it stands apart from the chain, which holds when it has been removed."""
    number = filed(NUMBER, "--note", "申请人甲申请")
    done("dispute", "amend", number, "--set", "note=申请人甲撤回", "--reason", "申请人更正")
    assert "申请人甲" not in done("dispute", "list", "--json").out
    assert done("dispute", "list", "--json", "--personal").json[0]["note"] == "申请人甲撤回"
    assert done("verify", "--json").json["holds"]
    entries = [line for line in dump() if line.startswith('INSERT INTO "entries"')]
    assert not [line for line in entries if "申请人甲" in line]

    sql("UPDATE personal_parts SET content = replace(content, '甲', '乙') WHERE application_id IS NULL")
    assert "personal_changed" in {one["kind"] for one in run("verify", "--json").json["problems"]}
    sql("DELETE FROM personal_parts WHERE application_id IS NULL")
    sql("UPDATE disputes SET note = NULL")
    assert done("verify", "--json").json["holds"]


@pytest.mark.usefixtures("answered")
def test_a_note_is_taken_back(done: Run, filed: Run) -> None:
    """An empty note takes the old one back; row and entries agree."""
    number = filed(NUMBER, "--note", "申请人甲申请")
    found = done("dispute", "amend", number, "--set", "note=", "--reason", "误记", "--json").json

    assert found["note"] is None
    assert done("verify", "--json").json["holds"]


@pytest.mark.usefixtures("several")
def test_a_closed_dispute_is_opened_again_by_taking_its_result_back(done: Run) -> None:
    """An empty value takes a fact back; result and day go together."""
    done("dispute", "void", "D2025-003", "--reason", "误登")
    found = done("dispute", "amend", "D2025-002", "--set", "result=", "--set", "closed=", "--reason",
                 "尚未审结", "--json").json  # fmt: skip

    assert (found["result"], found["closed"]) == (None, None)
    assert [one["number"] for one in done("dispute", "list", "--open", "--json").json] == [
        "D2025-001", "D2025-002",
    ]  # fmt: skip


@pytest.mark.usefixtures("several")
def test_a_void_dispute_counts_nowhere(table4: Run, done: Run) -> None:
    """Its number stays taken, its row is kept, no figure has it."""
    assert table4(2025)["review"] == [1, 0, 0, 1, 2]
    assert len(done("dispute", "list", "--json").json) == 4
    assert len(done("dispute", "list", "--year", 2025, "--json").json) == 3
    assert done("verify", "--json").json["holds"]


@pytest.mark.usefixtures("answered")
def test_a_dispute_over_silence_names_its_application(filed: Run, moved: Run, done: Run) -> None:
    """Due 31 March and not answered: on 1 April the silence is disputed, and a late answer changes nothing."""
    number = filed(OPEN)
    moved(OPEN, "accept@2025-04-07",
          "decide@2025-04-21 --outcome partial --set late_reason=材料繁多 --set late_unit=法规科")  # fmt: skip

    found = done("dispute", "amend", number, "--set", "note=不答复", "--reason", "补写", "--json").json
    assert (found["application"], found["filed"]) == (OPEN, "2025-04-01")
    assert done("year", "status", 2025, "--json").json["obstacles"] == []


def test_a_dispute_about_the_first_answer_outlives_the_second(
    folder: Path, registered: Run, moved: Run, filed: Run, done: Run
) -> None:
    """With the latest result counted, the first answer is what was disputed all the same."""
    config = folder / "config.toml"
    switch = '[switches]\nreopened_case_counts = "latest"'
    config.write_text(config.read_text("utf-8").replace("[switches]", switch, 1), "utf-8")
    number = registered(received="2025-03-03")
    moved(number, "accept@2025-03-04", "decide@2025-03-10 --outcome partial", "deliver@2025-03-10")
    dispute = filed(number, on="2025-03-20")
    moved(number, "reopen@2025-05-06 --set cause=review", "decide@2025-05-20 --outcome partial",
          "deliver@2025-05-20")  # fmt: skip

    assert done("year", "status", 2025, "--json").json["obstacles"] == []
    done("dispute", "amend", dispute, "--set", "note=抄告", "--reason", "补写")


@pytest.mark.usefixtures("answered")
def test_a_direct_suit_where_a_review_comes_first_is_worth_a_word(run: Run) -> None:
    """复议法23: a refusal under articles 14 to 16 goes to a review first; recorded all the same."""
    found = run("dispute", "open", NUMBER, "--kind", "suit_direct", "--filed", "2025-04-01")
    other = run("dispute", "open", PUBLIC, "--kind", "suit_direct", "--filed", "2025-04-01")

    assert (found.status, "复议" in found.err) == (0, True)
    assert (other.status, other.err) == (0, "")


def test_a_direct_suit_of_before_the_new_law_is_worth_no_word(
    registered: Run, moved: Run, run: Run
) -> None:
    """A refusal of 2023 left the choice; one decided then and served in 2024 did not (复议法23)."""
    for served, word in (("2023-12-29", False), ("2024-01-02", True)):
        number = registered(received="2023-12-04", subject=served)
        moved(number, "accept@2023-12-05", "decide@2023-12-29 --outcome withheld.state_secret",
              f"deliver@{served}")  # fmt: skip
        told = run("dispute", "open", number, "--kind", "suit_direct", "--filed", "2024-02-01")

        assert (told.status, "先申请行政复议" in told.err) == (0, word)


@pytest.mark.usefixtures("several")
def test_disputes_on_the_screen(done: Run) -> None:
    """The list, a cell and the table name blocks and results as the form does."""
    assert "尚未审结" in done("dispute", "list").out
    assert "行政复议" in done("rollup", 2025).out
    assert "D2025-002" in done("rollup", 2025, "--cell", "review:upheld").out
    assert "没有行政复议" in done("dispute", "list", "--year", "2020").out


def test_a_dispute_is_listed_as_it_stood_on_the_day(
    done: Run, answered: str, filed: Run, ended: Run
) -> None:
    """Behind 尚未审结 stands a dispute without a result: what ended it came later."""
    number = filed(answered)
    ended(number, "corrected", "2025-06-02")
    as_of = ("rollup", 2025, "--as-of", "2025-05-30", "--cell", "review:pending")
    (listed,) = done(*as_of, "--json").json["disputes"]
    assert (listed["number"], listed["result"], listed["closed"]) == (number, None, None)
    assert "结果纠正" not in done(*as_of).out
    (listed,) = done("rollup", 2025, "--cell", "review:corrected", "--json").json["disputes"]
    assert (listed["result"], listed["closed"]) == ("corrected", "2025-06-02")
