"""Figures quoted in prose: what is a contradiction, and what speaks of something else."""

import pytest

from requestflow.definitions.report_file import load_report_plan
from requestflow.domain.quoted import Disagreement, disagreements, sentences

PLAN = load_report_plan()
FIGURES = {
    "new.total": 12, "carried_in.total": 2, "concluded.total": 13, "carried_out.total": 1,
    "disclosed.total": 5, "partial.total": 1, "withheld.total": 3, "unable.total": 2, "not_handled.total": 1,
    "other.total": 1, "review.total": 2, "suits.total": 0, "answers.late": 0,
}  # fmt: skip


def found(text: str) -> list[tuple[str, int, int]]:
    return [
        (one.label, one.quoted, one.stated)
        for one in disagreements(text, PLAN.quotations, FIGURES, year=2026, qualifiers=PLAN.qualifiers)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "本年新收政府信息公开申请12件，上年结转2件，办结13件，其中予以公开5件，结转下年度1件。",
        "2026年，新收申请 12 件。",
        "上年新收申请9件。",
        "2025年新收申请9件，2026年新收申请12件。",
        "新收申请比上年增加3件。",
        "新收自然人申请10件。",
        "电子信箱共收到网民来信4件，办结4件，办结率100%。",
        "全部申请中不予公开3件。",
        "申请均予以公开，共答复12人次。",
        "主动公开信息185条。",
        "发生行政复议2件，无行政诉讼。",
    ],
)
def test_what_agrees_or_speaks_of_something_else_is_passed(text: str) -> None:
    """Right figures, other years, parts of the cases and other matters are no contradiction."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新收政府信息公开申请11件。", ("一、本年新收", 11, 12)),
        ("上年新收9件，本年新收申请11件。", ("一、本年新收", 11, 12)),
        ("本年新收申请１１件。", ("一、本年新收", 11, 12)),
        ("共办结申请1,300件。", ("三（七）总计", 1300, 13)),
        ("申请中予以公开4件、不予公开3件。", ("（一）予以公开", 4, 5)),
        ("对申请作出不予公开决定2件。", ("（三）不予公开", 2, 3)),
        ("被提起行政诉讼1起。", ("行政诉讼", 1, 0)),
        ("本年申请逾期答复2件。", ("逾期答复", 2, 0)),
        ("上年度结转申请3件。", ("二、上年结转", 3, 2)),
    ],
)
def test_a_wrong_figure_is_named(text: str, expected: tuple[str, int, int]) -> None:
    """A figure that the tables contradict is named with the table's."""
    assert found(text) == [expected]


def test_a_disagreement_names_its_sentence() -> None:
    """The sentence is given as it stands, without its neighbours."""
    text = "第一句没有数字。本年新收申请7件；后一句也没有。"
    one = disagreements(text, PLAN.quotations, FIGURES, year=2026, qualifiers=())

    assert one == [Disagreement("本年新收申请7件；", "一、本年新收", 7, 12)]


def test_a_figure_that_is_not_stated_is_not_judged() -> None:
    """Where the table leaves a figure out, nothing contradicts it."""
    figures = {"new.total": None}

    assert disagreements("新收申请7件。", PLAN.quotations, figures, year=2026, qualifiers=()) == []


def test_headings_are_no_sentences() -> None:
    """A heading quotes nothing."""
    assert sentences("## 一、总体情况\n甲。乙\n\n丙；") == ["甲。", "乙", "丙；"]
