"""What a clerk types, read into facts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.facts import (
    LONGEST_TEXT,
    check_text,
    near,
    parse_day,
    read_fact,
    read_facts,
    term,
)
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import Fact, FactType, Words
from requestflow.errors import Refused, WrongUsage

WORDS = Words("事项", "fact")


def fact(kind: FactType, **more: object) -> Fact:
    """A fact of a type."""
    return Fact("x", kind, WORDS, **more)


@given(st.dates())
def test_a_day_is_written_one_way(day: date) -> None:
    """A day is read back from YYYY-MM-DD."""
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-1-30", "2026-02-30", "2026-13-01", "30-01-2026", "20260130", "2026/01/30",
        "2026-W05-5", "2026-01-30T00:00", " 2026-01-30", "２０２６-01-30", "0000-01-01", "明天",
    ],
)  # fmt: skip
def test_a_day_written_otherwise_is_none(text: str) -> None:
    """Another form, or a day that does not exist, is refused by name."""
    with pytest.raises(WrongUsage) as wrong:
        parse_day(text)
    assert (wrong.value.code, wrong.value.facts["text"]) == ("not_a_day", text)


CHOICE = {"choices": {"agrees": Words("同意", "agrees"), "objects": Words("不同意", "objects")}}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FactType.TEXT, "  有空格 ", "有空格"),
        (FactType.TEXT, "两行\n文字\t表", "两行\n文字\t表"),
        (FactType.DATE, "2026-01-30", "2026-01-30"),
        (FactType.NUMBER, "0", 0),
        (FactType.NUMBER, "007", 7),
        (FactType.NUMBER, "999999999", 999999999),
        (FactType.WORKING_DAYS, "1", 1),
        (FactType.WORKING_DAYS, "1000", 1000),
        (FactType.BOOLEAN, "是", True),
        (FactType.BOOLEAN, "YES", True),
        (FactType.BOOLEAN, "true", True),
        (FactType.BOOLEAN, "1", True),
        (FactType.BOOLEAN, "否", False),
        (FactType.BOOLEAN, "No", False),
        (FactType.BOOLEAN, "false", False),
        (FactType.BOOLEAN, "0", False),
        (FactType.CHOICE, "agrees", "agrees"),
        (FactType.CHOICE, "不同意", "objects"),
        (FactType.OUTCOME, "partial", "partial"),
        (FactType.APPLICATION, "2026-0001", "2026-0001"),
    ],
)
def test_a_fact_is_read_by_its_type(engine: Engine, kind: FactType, text: str, value: object) -> None:
    """Each type reads what is meant by a text, and gives a value that JSON can hold."""
    found = read_fact(fact(kind, **(CHOICE if kind is FactType.CHOICE else {})), text,
                      engine.workflow)  # fmt: skip
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (FactType.DATE, "2026-02-30", "not_a_day"),
        (FactType.NUMBER, "-1", "not_a_whole_number"),
        (FactType.NUMBER, "1.0", "not_a_whole_number"),
        (FactType.NUMBER, "", "not_a_whole_number"),
        (FactType.NUMBER, "１", "not_a_whole_number"),
        (FactType.NUMBER, "²", "not_a_whole_number"),
        (FactType.NUMBER, "1" * 10, "not_a_whole_number"),
        (FactType.WORKING_DAYS, "0", "not_a_length"),
        (FactType.WORKING_DAYS, "1001", "not_a_length"),
        (FactType.WORKING_DAYS, "ten", "not_a_whole_number"),
        (FactType.BOOLEAN, "maybe", "not_yes_or_no"),
        (FactType.BOOLEAN, "", "not_yes_or_no"),
        (FactType.CHOICE, "perhaps", "unknown_choice"),
        (FactType.CHOICE, "", "unknown_choice"),
        (FactType.TEXT, "x" * (LONGEST_TEXT + 1), "text_too_long"),
        (FactType.TEXT, "a\x00b", "control_character"),
        (FactType.TEXT, "a\x1b[31mb", "control_character"),
        (FactType.APPLICATION, "2026\x07", "control_character"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    engine: Engine, kind: FactType, text: str, code: str
) -> None:
    """A text that does not fit its type is wrong usage, named by its code."""
    with pytest.raises(WrongUsage) as wrong:
        read_fact(fact(kind, **(CHOICE if kind is FactType.CHOICE else {})), text, engine.workflow)
    assert wrong.value.code == code


def test_an_unknown_outcome_names_the_nearest(engine: Engine) -> None:
    """An outcome that the workflow has not is refused with the codes most like it."""
    with pytest.raises(Refused) as refused:
        read_fact(fact(FactType.OUTCOME), "witheld.third_party", engine.workflow)
    assert (refused.value.code, refused.value.facts["near"][0]) == (
        "unknown_outcome", "withheld.third_party",
    )  # fmt: skip


def test_defaults_are_filled_in_and_what_is_given_wins(engine: Engine) -> None:
    """A fact that is not given has the default of the workflow file, where it has one."""
    act = engine.transition("request_correction")
    assert read_facts(act, {}, engine.workflow).data == {"days": 15}
    assert read_facts(act, {"days": "5"}, engine.workflow).data == {"days": 5}
    assert read_facts(engine.transition("consult_organ"), {}, engine.workflow).data == {
        "role": "co_maker"
    }


def test_what_names_a_person_stands_apart(engine: Engine) -> None:
    """A personal fact is kept apart from the ones that the chain covers."""
    act = engine.transition("consult_third_party")
    found = read_facts(act, {"party": "甲公司", "notice_received": "2026-07-08"}, engine.workflow)
    assert (found.data, found.personal, found.undeclared) == (
        {"notice_received": "2026-07-08"}, {"party": "甲公司"}, (),
    )  # fmt: skip


def test_every_transition_takes_a_reason(engine: Engine) -> None:
    """A reason may be given for any step, and is no unknown fact."""
    for act in engine.workflow.transitions.values():
        found = read_facts(act, {"reason": "领导批示"}, engine.workflow)
        assert (found.data["reason"], found.undeclared) == ("领导批示", ())


def test_a_name_that_is_not_declared_is_kept_as_a_note(engine: Engine) -> None:
    """A note of the clerk's own is kept, and said to be one."""
    found = read_facts(engine.transition("accept"), {"档案盒": "12"}, engine.workflow)
    assert (found.data, found.personal, found.undeclared) == ({}, {"档案盒": "12"}, ("档案盒",))


@pytest.mark.parametrize(
    ("transition", "name", "code"),
    [
        ("decide", "outcom", "unknown_fact"),
        ("request_correction", "notice_recieved", "unknown_fact"),
        ("accept", "days", "fact_not_taken"),
        ("accept", "until", "fact_not_taken"),
        ("withdraw", "outcome", "fact_not_taken"),
    ],
)
def test_a_misspelt_or_misplaced_fact_is_refused(
    engine: Engine, transition: str, name: str, code: str
) -> None:
    """A name that is nearly one of the transition's, or a length or day it does not take, is refused."""
    with pytest.raises(WrongUsage) as wrong:
        read_facts(engine.transition(transition), {name: "partial"}, engine.workflow)
    assert (wrong.value.code, wrong.value.facts["fact"]) == (code, name)


def test_near_names_are_few_and_best_first() -> None:
    """At most three names that look alike, the most alike first."""
    known = ["decide", "deliver", "decided", "decider", "accept"]
    assert near("decide", known)[0] == "decide"
    assert len(near("decide", known)) == 3
    assert near("xyz", known) == []


def test_a_term_is_one_of_the_known() -> None:
    """A code that is not known is refused with the nearest, or with all where none is near."""
    known = {"enterprise": 1, "natural_person": 2}
    term("unknown_kind", "enterprise", known)
    for value, expected in (("enterprize", ["enterprise"]), ("x", ["enterprise", "natural_person"])):
        with pytest.raises(Refused) as refused:
            term("unknown_kind", value, known)
        assert (refused.value.code, refused.value.facts["near"]) == ("unknown_kind", expected)


def test_a_text_of_a_register_is_printable_and_not_endless() -> None:
    """Control characters and texts beyond any sense are refused; lines and full-width blanks are not."""
    check_text("subject", "第一行\n第二行\t\u3000完")
    for text, code in (("x" * (LONGEST_TEXT + 1), "text_too_long"), ("\x1b", "control_character")):
        with pytest.raises(WrongUsage) as wrong:
            check_text("subject", text)
        assert wrong.value.code == code
