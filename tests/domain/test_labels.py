"""Printed labels and the codes they mean."""

from collections.abc import Mapping

import pytest

from requestflow.domain.forms import Form, RowKind
from requestflow.domain.labels import by_label, lookup, outcome_labels, plain, stands_for_several
from requestflow.domain.machine import Engine


@pytest.fixture(scope="module")
def known(engine: Engine, forms: Mapping[str, Form]) -> dict[str, str]:
    """Every way to write an outcome of the shipped workflow."""
    return outcome_labels(engine.workflow, forms)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("1.属于国家秘密", "属于国家秘密"),
        ("１．属于国家秘密", "属于国家秘密"),
        ("1、属于国家秘密", "属于国家秘密"),
        ("（三）1.属于国家秘密", "属于国家秘密"),
        ("(三) 1. 属于 国家秘密", "属于国家秘密"),
        ("三、不予公开", "不予公开"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ('3.危及"三安全一稳定"', "危及三安全一稳定"),
        ("Partly Disclosed", "partlydisclosed"),
        ("withheld.third_party", "withheldthirdparty"),
        ("（六）其他处理", "其他处理"),
        ("", ""),
    ],
)
def test_a_label_without_what_varies(label: str, expected: str) -> None:
    """Width, numbering, spaces, quotes and a note at the end say nothing about the meaning."""
    assert plain(label) == expected


def test_a_label_that_is_only_a_note_keeps_it() -> None:
    """Where nothing else is left, the words in brackets are the label."""
    assert plain("（部分公开）") == plain("(部分公开)") != ""


def test_the_first_of_two_claims_holds() -> None:
    """A label that two codes claim means the first of them."""
    found = by_label([("a", ["同"]), ("b", ["同", "异"])])
    assert (found["同"], found["异"], found["b"]) == ("a", "b", "b")


@pytest.mark.parametrize("text", ["没有这种结果", "", " ", "三"])
def test_what_nobody_writes_means_nothing(known: dict[str, str], text: str) -> None:
    """A text that is no label has no code."""
    assert lookup(text, known) is None


def test_every_outcome_is_known_by_its_code_and_both_names(
    known: dict[str, str], engine: Engine
) -> None:
    """An outcome is read by its code, its Chinese name and its English name."""
    for outcome in engine.workflow.outcomes.values():
        for text in (outcome.code, f" {outcome.code} ", outcome.words.zh, outcome.words.en,
                     outcome.words.en.upper()):  # fmt: skip
            assert lookup(text, known) == outcome.code


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_row_of_a_form_is_read_as_an_outcome_of_that_row(
    known: dict[str, str], engine: Engine, forms: Mapping[str, Form], form: str
) -> None:
    """A register that names only the annual row is read as an outcome which stands in that row."""
    for row in forms[form].rows:
        if row.kind is RowKind.RESULT:
            for text in (row.label, row.label.replace("（", "(").replace("）", ")")):
                code = lookup(text, known)
                assert code is not None, row.label
                assert engine.workflow.outcomes[code].rows[form] == row.code


def test_a_row_of_no_result_is_no_outcome(known: dict[str, str]) -> None:
    """一, 二, （七） and 四 are counted, not results of anybody."""
    for text in ("一、本年新收政府信息公开申请数量", "（七）总计", "四、结转下年度继续办理"):
        assert lookup(text, known) is None


@pytest.mark.parametrize(
    ("text", "code", "several"),
    [
        ("（一）予以公开", "disclosed.provided", False),  # its own name
        ("disclosed", "disclosed.provided", False),  # its own English name
        ("1.本机关不掌握相关政府信息", "unable.nonexistent", True),  # or another organ's
        ("信息不存在", "unable.nonexistent", False),
        ("3.其他", "other.other", False),
        ("（六）其他处理", "other.other", True),
        ("1.属于国家秘密", "withheld.state_secret", False),
        ("withheld.state_secret", "withheld.state_secret", False),
    ],
)
def test_a_row_of_several_outcomes_is_said_to_be_one(
    known: dict[str, str], engine: Engine, text: str, code: str, several: bool
) -> None:
    """Where a text names only a row that several outcomes share, it is worth a word."""
    assert lookup(text, known) == code
    assert stands_for_several(text, engine.workflow.outcomes[code], engine.workflow) is several


def test_the_outcome_that_stands_for_a_row_is_marked(engine: Engine) -> None:
    """A row of several outcomes is read as the marked one, one of none as nothing."""
    workflow = engine.workflow
    for form, row, code in (
        ("2021", "disclosed", "disclosed.provided"),
        ("2021", "unable.not_held", "unable.nonexistent"),
        ("2019", "other", "other.other"),
        ("2021", "other.unpaid", "other.unpaid"),
    ):
        found = workflow.row_outcome(form, row)
        assert found is not None
        assert found.code == code
    assert workflow.row_outcome("2021", "other") is None
    assert workflow.row_outcome("1999", "disclosed") is None
