"""Figures quoted in prose: what is a contradiction, and what speaks of something else."""

import pytest

from requestflow.definitions.report_file import load_report_plan
from requestflow.domain.quoted import Disagreement, QuotationRules, judged, number_of, sentences

PLAN = load_report_plan()
FIGURES = {
    "new.total": 12, "carried_in.total": 2, "concluded.total": 13, "carried_out.total": 1,
    "disclosed.total": 5, "partial.total": 1, "withheld.total": 3, "unable.total": 2, "not_handled.total": 1,
    "other.total": 1, "review.total": 2, "suits.total": 0, "answers.late": 0,
    "answers.on_time": 11, "answers.extended": 4, "previous.new.total": 9,
    "new.natural_person": 8, "new.enterprise": 3, "new.research_institution": 0, "new.public_welfare": 1,
    "new.legal_service": 0, "new.other_organization": 0, "carried_in.natural_person": 2,
    "withheld.natural_person": 3, "withheld.state_secret.total": 1, "withheld.process_information.total": 2,
    "review.upheld": 1, "review.corrected": 1, "suits.upheld": 0, "suits.corrected": 0,
    "publication.normative_documents.issued": 3,
}  # fmt: skip


def found(text: str) -> list[tuple[str, int, int]]:
    wrong = judged(text, PLAN.quoted, FIGURES, year=2026).disagreements
    return [(one.label, one.quoted, one.stated) for one in wrong]


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
        "本年新收政府信息公开申请12件。经审查，予以公开5件，部分公开1件，不予公开3件。",
        "共收到申请十二件，上年结转两件，结转下年度一件，按期答复11件。",
        "受理申请14件（含上年结转2件）。",
        "收到申请12件，答复11件。",
        "收到申请12件，通过互联网收到申请8件，因国家秘密不予公开1件，尚未办结1件，未答复1件。",
        "收到申请12件。收到市民来信40件，办结38件。对申请共办结13件。",
        "共收到申请12件，人大建议5件，办结5件，均已答复5件。",
        "因申请提起行政复议2件，受理2件。",
        "每一件申请都按时答复，做好一件事。",
        "收到申请人补正材料4件。",
        "本年新收申请12件，其中自然人8件，法人或其他组织4件。",
        "受理申请14件（其中自然人10件、商业企业3件）。",
        "收到申请12件，其中通过网络7件，自然人5件。",
        "收到申请12件。自然人满意度调查9件。",
        "申请均已办结，其中自然人5件。",
        "不予公开3件，其中属于国家秘密1件、过程性信息2件。",
        "申请中予以公开和部分公开共6件，予以公开、部分公开5件。",
        "申请公开和予以公开30件。",
        "行政复议2件，其中结果维持1件，结果纠正1件。",
        "行政复议和行政诉讼案件共2件。",
        "不予公开由9件减少到3件。",
        "## （一）主动公开情况\n经审查不予公开9件。",
        "对提案不予公开9件。",
        "主动公开规范性文件99件，制发行政规范性文件3件。",
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
        ("本年新收政府信息公开申请12件。经审查，予以公开96件，部分公开1件。", ("（一）予以公开", 96, 5)),
        ("共收到申请170件。", ("一、本年新收", 170, 12)),
        ("共收到申请一百七十件。", ("一、本年新收", 170, 12)),
        ("收到各类政府信息公开申请170件。", ("一、本年新收", 170, 12)),
        ("全年受理依申请公开150件。", ("一、本年新收", 150, 12)),
        ("全年受理150件依申请公开事项。", ("一、本年新收", 150, 12)),
        ("收到申请12件。其中上年结转8件。", ("二、上年结转", 8, 2)),
        ("收到申请12件，结转下年度5件。", ("四、结转下年度继续办理", 5, 1)),
        ("申请均在法定期限内办理，按期答复160件。", ("按期答复", 160, 11)),
        ("收到申请12件，全部答复20件。", ("三（七）总计", 20, 13)),
        ("收到申请12件。无法提供7件。", ("（四）无法提供", 7, 2)),
        ("收到申请12件。不予处理7件。", ("（五）不予处理", 7, 1)),
        ("## （二）依申请公开情况\n予以公开9件。", ("（一）予以公开", 9, 5)),
        ("## 五、存在的主要问题及改进情况\n不予公开99件。", ("（三）不予公开", 99, 3)),
        ("新收申请12件，其中自然人99件。", ("自然人", 99, 8)),
        ("新收申请12件，其中自然人8件，法人和其他组织9件。", ("法人或其他组织", 9, 4)),
        ("不予公开3件，其中属于国家秘密9件。", ("国家秘密", 9, 1)),
        ("行政复议结果纠正9件。", ("行政复议：结果纠正", 9, 1)),
        ("制发行政规范性文件99件。", ("表二：行政规范性文件本年制发", 99, 3)),
        ("逾期答复9件。", ("逾期答复", 9, 0)),
        ("延期答复9件。", ("延长答复期限", 9, 4)),
        ("予以公开和部分公开共9件。", ("（一）予以公开＋（二）部分公开", 9, 6)),
    ],
)
def test_a_wrong_figure_is_named(text: str, expected: tuple[str, int, int]) -> None:
    """A figure that the tables contradict is named with the table's."""
    assert found(text) == [expected]


def test_a_disagreement_names_its_sentence() -> None:
    """The sentence is given as it stands, without its neighbours."""
    text = "第一句没有数字。本年新收申请7件；后一句也没有。"
    one = judged(text, QuotationRules(PLAN.quoted.quotations), FIGURES, year=2026).disagreements

    assert one == (Disagreement("本年新收申请7件；", "一、本年新收", 7, 12),)


def test_a_figure_that_is_not_stated_is_not_judged() -> None:
    """Where the table leaves a figure out, nothing contradicts it."""
    figures = {"new.total": None}

    assert judged("新收申请7件。", PLAN.quoted, figures, year=2026).disagreements == ()


def test_headings_are_no_sentences() -> None:
    """A heading quotes nothing."""
    assert sentences("## 一、总体情况\n甲。乙\n\n丙；") == ["甲。", "乙", "丙；"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("1,300", 1300), ("一百七十", 170), ("十五", 15), ("一千零三", 1003), ("两", 2),
     ("一七〇", 170), ("一万二千三百", 12300)],
)  # fmt: skip
def test_numbers_are_read_in_figures_and_in_chinese(text: str, number: int) -> None:
    """Prose writes numbers either way."""
    assert number_of(text) == number


def test_a_figure_that_nothing_judges_is_given_back() -> None:
    """Parts, other matters and other years are not judged, and nobody is to think they were."""
    text = "本年新收申请12件，其中网上10件。收到市民来信40件。"

    assert judged(text, PLAN.quoted, FIGURES, year=2026).unjudged == (
        "其中网上10件",
        "收到市民来信40件",
    )
