"""What a letter tells of remedies: by the outcome, and by the law in force on its day (复议法23)."""

from dataclasses import replace
from datetime import date

import pytest

from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.citations import basis_of, cited
from requestflow.domain.machine import Engine
from requestflow.domain.remedies import remedy_notice, rule_on
from requestflow.domain.workflow import Remedy

OLD_LAWS_LAST_DAY = date(2023, 12, 31)
NEW_LAWS_FIRST_DAY = date(2024, 1, 1)
REVIEW_FIRST = {
    "withheld.state_secret", "withheld.prohibited_by_law", "withheld.security_and_stability",
    "withheld.third_party", "withheld.internal_affairs", "withheld.process_information",
    "withheld.enforcement_file",
}  # fmt: skip


def told(engine: Engine, outcome: str, on: date) -> str:
    found = remedy_notice(engine.workflow.outcomes[outcome].remedy, on, engine.workflow)
    return found.remedy.value if found else "none"


def test_refusals_under_14_15_16_are_review_first_from_2024(engine: Engine) -> None:
    """复议法23(1)(4): exactly these, and 行政查询事项 stands under 不予公开 and yet is not among them."""
    found = {code for code in engine.workflow.outcomes if told(engine, code, NEW_LAWS_FIRST_DAY) == "A"}

    assert found == REVIEW_FIRST


def test_everything_was_by_choice_before_2024(engine: Engine) -> None:
    """A letter of the old law's last day offers review or suit, whatever the outcome."""
    found = {told(engine, code, OLD_LAWS_LAST_DAY) for code in engine.workflow.outcomes}

    assert found == {"B", "none"}


@pytest.mark.parametrize("on", [OLD_LAWS_LAST_DAY, NEW_LAWS_FIRST_DAY])
def test_a_withdrawn_application_has_no_remedy(engine: Engine, on: date) -> None:
    """Who withdraws is refused nothing."""
    assert told(engine, "other.withdrawn", on) == "none"


@pytest.mark.parametrize(
    ("option", "remedy"), [("mixed", "C"), ("review_first", "A"), ("free_choice", "B")]
)
def test_what_a_partial_reply_tells_is_the_offices_to_set(option: str, remedy: str) -> None:
    """The text is silent on partial disclosure; the switch says which reading is followed."""
    workflow, _forms = load_workflow(workflow_path("disclosure"), {"partial_remedy": option})

    assert remedy_notice(Remedy.MIXED, NEW_LAWS_FIRST_DAY, workflow).remedy == remedy  # type: ignore[union-attr]
    assert remedy_notice(Remedy.MIXED, OLD_LAWS_LAST_DAY, workflow).remedy == "B"  # type: ignore[union-attr]


def test_a_letter_before_all_rules_goes_by_the_first(engine: Engine) -> None:
    """A day before the first rule is no reason to tell of nothing."""
    first = min(rule.since for rule in engine.workflow.remedies)

    assert rule_on(date(1999, 1, 1), engine.workflow) == rule_on(first, engine.workflow)


def test_rules_without_remedies_tell_of_none(engine: Engine) -> None:
    """A workflow file that says nothing of remedies has letters that say nothing of them."""
    silent = replace(engine.workflow, remedies=())

    assert remedy_notice(Remedy.FREE_CHOICE, NEW_LAWS_FIRST_DAY, silent) is None


def test_the_periods_are_those_of_the_laws(engine: Engine) -> None:
    """60 days, 6 months, and 15 days after a review, before and after."""
    periods = {
        (r.review_days, r.suit_months, r.suit_after_review_days) for r in engine.workflow.remedies
    }

    assert periods == {(60, 6, 15)}


@pytest.mark.parametrize(
    ("cites", "text"),
    [
        (["条例36(3)", "条例14"], "《中华人民共和国政府信息公开条例》第三十六条第三项、第十四条"),
        (["条例37", "条例36(2)", "条例36(3)"],
         "《中华人民共和国政府信息公开条例》第三十七条、第三十六条第二项、第三项"),
        (["条例16(2)"], "《中华人民共和国政府信息公开条例》第十六条第二款"),
        (["条例39(1)"], "《中华人民共和国政府信息公开条例》第三十九条第一款"),
        (["复议法23(1)(4)", "复议法23(2)"],
         "《中华人民共和国行政复议法》第二十三条第一款第四项、第二款"),
        (["条例42", "109号"],
         "《中华人民共和国政府信息公开条例》第四十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_letter_cites_to_article_paragraph_and_item(
    engine: Engine, cites: list[str], text: str
) -> None:
    """The law's full name once, then 条, 款 and 项; an article is not named twice in a row."""
    bases = [basis_of(cite, engine.workflow.sources) for cite in cites]

    assert cited(basis for basis in bases if basis) == text


@pytest.mark.parametrize("cite", ["条列36", "条例36(", "条例36三", "条例", "条例036", "条例36(1)(2)(3)"])
def test_what_is_no_citation_has_no_basis(engine: Engine, cite: str) -> None:
    """A slip in a rule file is seen when the file is read, not on paper."""
    found = basis_of(cite, engine.workflow.sources)

    assert (found is not None) is (cite == "条例")
