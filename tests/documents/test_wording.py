"""Which letter a case is at, what it lacks, and by which command that is recorded."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.bootstrap import open_office
from requestflow.domain.case import Case
from requestflow.errors import NotFound, Refused
from requestflow.services import casework
from requestflow.services.importing import import_register
from requestflow.services.office import Office
from requestflow.services.processing import Wish, amend, void
from requestflow.services.wording import draft_letter, facts_of, place

ON = date(2026, 11, 20)
NUMBER = "示发改公开〔2026〕1号"


def do(name: str, on: date = ON, by: str | None = None, **facts: str) -> dict[str, Any]:
    return {"do": name, "on": on, "by": by, "facts": facts}


def letter(office: Office, case: Case, kind: str | None = None, **more: Any) -> Any:
    return draft_letter(office, case, kind, **{"on": ON, "number": NUMBER, "draft": False, **more})


def refusal(office: Office, case: Case, kind: str | None = None, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        letter(office, case, kind, **more)
    return caught.value


CURRENT = {
    "registered": ((), "receipt"),
    "to be corrected": ((do("request_correction"),), "correction"),
    "a third party asked": ((do("consult_third_party"),), "third_party_consultation"),
    "an organ asked": ((do("consult_organ"),), "organ_consultation"),
    "extended": ((do("extend", by="head"),), "extension"),
    "reasons asked": ((do("request_reasons"),), "reasons"),
    "to be paid": ((do("charge_fee"),), "fee"),
    "withdrawn": ((do("withdraw"),), "withdrawal_confirmation"),
    "withdrawn by decision": ((do("decide", outcome="other.withdrawn"),), "withdrawal_confirmation"),
    "decided": ((do("decide", outcome="partial"),), "partial"),
    "delivered": ((do("decide", outcome="partial"), do("deliver")), "partial"),
    "asked and decided": ((do("consult_organ"), do("conclude_organ"),
                           do("decide", outcome="unable.nonexistent")), "nonexistent"),
    "decided anew": ((do("decide", outcome="partial"), do("reopen"),
                      do("decide", outcome="withheld.third_party")), "withheld_third_party"),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "kind"), CURRENT.values(), ids=CURRENT)
def test_a_case_is_at_the_letter_of_its_latest_step(
    letters: Office, tell: Any, steps: Any, kind: str
) -> None:
    """Named by nobody, the letter is that of the last step that has one."""
    assert place(letters, tell(*steps), None).kind.code == kind


def test_every_outcome_is_at_its_own_letter(letters: Office, tell: Any) -> None:
    """What `decide` records decides what is written."""
    for kind in letters.letters.kinds.values():
        for code in kind.outcomes:
            outcome = letters.workflow.outcomes[code]
            if (
                kind.on_request
                or "decide" not in outcome.recorded_by
                or outcome.needs
                or outcome.needs_facts
            ):
                continue
            assert place(letters, tell(do("decide", outcome=code)), None).kind.code == kind.code


@pytest.mark.parametrize(
    "steps",
    [
        (do("request_correction"), do("receive_correction")),
        (do("decide", outcome="partial"), do("reopen")),
    ],
    ids=["corrected", "reopened"],
)
def test_a_clock_that_has_begun_anew_owes_no_letter(letters: Office, tell: Any, steps: Any) -> None:
    """What was written before is written; the next letter comes with the next step."""
    assert refusal(letters, tell(*steps)).code == "notice_none"


def test_a_void_registration_has_no_letter(letters: Office, tell: Any) -> None:
    """A mistake is answered by nothing."""
    number = tell().application.number
    case = void(letters, number, "误登", None)

    assert refusal(letters, case).code == "notice_none"
    assert refusal(letters, case, "receipt").code == "notice_not_here"


def test_a_result_of_an_old_register_has_no_letter(letters: Office, tmp_path: Path) -> None:
    """What was answered on paper before is not written again out of a register's line."""
    register = tmp_path / "register.csv"
    register.write_text(
        "收到日期,申请人类型,办理结果,答复日期\n2026-03-02,自然人,部分公开,2026-03-10\n", "utf-8"
    )
    import_register(
        letters, register, dry_run=False, mapping=None, by=None, progress=lambda _a, _b: None
    )

    assert refusal(letters, casework.read(letters, "2026-0001")).code == "notice_none"


def test_a_letter_that_does_not_belong_names_where_it_would(letters: Office, tell: Any) -> None:
    """A fee notice without a fee is refused, and the step that leads to it is named."""
    refused = refusal(letters, tell(), "fee")

    assert refused.code == "notice_not_here"
    assert [words.zh for words in refused.facts["belongs"]] == ["通知缴费"]  # type: ignore[attr-defined]


def test_a_reply_of_another_outcome_is_refused(letters: Office, tell: Any) -> None:
    """The reply is that of the outcome in force."""
    case = tell(do("decide", outcome="partial"))

    assert refusal(letters, case, "provided").code == "notice_not_here"


def test_an_unknown_kind_names_the_nearest(letters: Office, tell: Any) -> None:
    """A slip in the kind's name is helped."""
    with pytest.raises(NotFound) as caught:
        letter(letters, tell(), "recept")

    assert caught.value.facts["near"][0] == "receipt"  # type: ignore[index]


LACKS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a refusal without a reason": (do("decide", outcome="withheld.third_party"), {"reason"}),
    "a partial reply without its parts": (
        do("decide", outcome="partial"), {"given", "withheld", "article", "reason"}),
    "already public, nowhere": (do("decide", outcome="disclosed.already_public"), {"place"}),
    "another organ that is not named": (
        do("decide", outcome="unable.other_organ"), {"reason", "organ", "organ_contact"}),
    "a prohibition without its law": (
        do("decide", outcome="withheld.prohibited_by_law"), {"article", "reason"}),
    "a correction of nothing": (do("request_correction"), {"items"}),
    "a consultation of nobody": (do("consult_third_party"), {"party"}),
    "a fee for nothing": (do("charge_fee"), {"pages"}),
    "reasons asked for without saying why, or by when": (do("request_reasons"), {"reason", "until"}),
    "an inquiry without its law and counter": (
        do("decide", outcome="withheld.administrative_inquiry"), {"article", "place"}),
}  # fmt: skip


@pytest.mark.parametrize(("step", "lacking"), LACKS.values(), ids=LACKS)
def test_a_letter_that_lacks_facts_is_refused_with_the_command(
    letters: Office, tell: Any, step: dict[str, Any], lacking: set[str]
) -> None:
    """Each missing fact is named, and the one command that records them all for that entry."""
    case = tell(step)

    refused = refusal(letters, case)

    assert refused.code == "notice_lacks_facts"
    (command,) = refused.facts["commands"]  # type: ignore[misc]
    assert command.startswith(f"requestflow amend {case.application.number} --entry 3 --set ")
    assert set(re.findall(r"--set (\w+)=", command)) == lacking


def test_the_command_that_is_named_mends_it(letters: Office, tell: Any) -> None:
    """What the refusal says to record is what the letter needs: after it the letter is written."""
    case = tell(do("decide", outcome="withheld.process_information"))
    number = case.application.number
    assert refusal(letters, case).code == "notice_lacks_facts"

    mended = amend(letters, number, Wish(3, {"reason": "属于讨论记录"}, "补充理由")).case

    assert "属于讨论记录。" in [block.text for block in letter(letters, mended).blocks]


def test_why_it_is_disclosed_is_not_why_the_rest_is_withheld(letters: Office, tell: Any) -> None:
    """Art. 32: the third party is told why it is disclosed; the reason of a partial refusal says the opposite."""
    asked = (do("consult_third_party", party="甲公司"), do("conclude_third_party", opinion="objects"))
    case = tell(*asked, do("decide", outcome="partial", given="正文", reason="附表属于商业秘密"))
    kind = "disclosure_decision_to_third_party"

    refused = refusal(letters, case, kind)

    assert refused.code == "notice_lacks_facts"
    assert "--entry 5 --set disclosure_reason=…" in refused.facts["commands"][0]  # type: ignore[index]
    mended = amend(
        letters, case.application.number, Wish(5, {"disclosure_reason": "事关安全"}, "补充")
    ).case
    said = [block.text for block in letter(letters, mended, kind).blocks]
    assert "事关安全。" in said
    assert not [text for text in said if "商业秘密" in text]
    assert any("决定部分公开" in text for text in said)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"until": "2026-11-19"}, "您在2026年11月19日前（含当日）未予说明"),
     ({"until": "2026-11-20"}, "截至2026年11月20日未收到您说明的理由"), ({}, "截至2026年11月20日未收到")],
    ids=["the period is over", "its last day", "no period"],
)  # fmt: skip
def test_a_letter_says_that_no_reasons_came_only_after_the_period(
    letters: Office, tell: Any, asked: dict[str, str], said: str
) -> None:
    """Art. 35: nobody is told to have kept silent while there is still time."""
    case = tell(
        {"do": "request_reasons", "on": date(2026, 11, 4), "facts": asked},
        do("decide", outcome="not_handled.excessive", reason="64件"),
    )

    body = "".join(block.text for block in letter(letters, case).blocks)

    assert said in body
    assert ("未予说明" in body) == ("未予说明" in said)


def test_reasons_asked_for_and_judged_on_one_day_are_not_called_missing(
    letters: Office, tell: Any
) -> None:
    """Whoever is asked today has not kept silent today."""
    case = tell(do("request_reasons"), do("decide", outcome="not_handled.excessive", reason="64件"))

    body = "".join(block.text for block in letter(letters, case).blocks)

    assert "要求您说明理由。" in body


@pytest.mark.parametrize(
    ("given", "said"), [("paper", "纸质"), ("email", "电子邮件"), ("刻录光盘后邮寄", "刻录光盘后邮寄")]
)
def test_the_form_asked_for_is_written_in_words(
    letters: Office, tell: Any, given: str, said: str
) -> None:
    """A code of the rules is printed as its words; what the applicant wrote otherwise stays."""
    case = tell(accepted=False)
    case = amend(letters, case.application.number, Wish(1, {"form": given}, "补记")).case

    body = "".join(block.text for block in letter(letters, case, "receipt").blocks)

    assert f"要求获取信息的形式为{said}。" in body


@pytest.mark.parametrize("consulted", [True, False])
def test_the_article_on_consulting_is_cited_where_somebody_was_consulted(
    letters: Office, tell: Any, *, consulted: bool
) -> None:
    """Art. 32 is the duty to consult: a letter does not cite what was not done."""
    asked = [do("consult_third_party", party="甲公司"), do("conclude_third_party", opinion="objects")]
    case = tell(*(asked if consulted else []), do("decide", outcome="withheld.third_party", reason="x"))

    body = "".join(block.text for block in letter(letters, case).blocks)

    assert ("第三十二条" in body) == consulted
    assert "第三十六条第三项、第十五条" in body


@pytest.mark.parametrize(
    ("typed", "items"),
    [("1. 请写明文号\n2、请写明年度", ["1. 请写明文号。", "2. 请写明年度。"]),
     ("（一）请写明文号\n（二）请写明年度", ["1. 请写明文号。", "2. 请写明年度。"]),
     ("①请写明文号", ["请写明文号。"]), ("请写明文号", ["请写明文号。"]),
     ("2025年的哪一季度", ["2025年的哪一季度。"]), ("1.5公里以内的地块名称", ["1.5公里以内的地块名称。"])],
)  # fmt: skip
def test_what_is_to_be_corrected_is_numbered_once(
    letters: Office, tell: Any, typed: str, items: list[str]
) -> None:
    """The letter numbers several things; the clerk's own numbers are left out, one thing has none."""
    written = letter(letters, tell(do("request_correction", items=typed))).blocks

    assert [block.text for block in written if block.role.value == "item"] == items


def test_a_missing_fee_is_one_thing_to_record(letters: Office, tell: Any) -> None:
    """All that a fee notice lacks follows from one count, which is named once."""
    refused = refusal(letters, tell(do("charge_fee")))

    assert [words.zh for words in refused.facts["facts"]] == ["件数或页数"]  # type: ignore[attr-defined]


def test_what_the_office_has_not_set_is_named_by_its_setting(folder: Path, tell: Any) -> None:
    """A fresh office has no reviewing organ and no court: general words stand in, and are named."""
    case = tell(do("decide", outcome="disclosed.already_public", place="门户网站"))
    config = folder / "config.toml"
    config.write_text(
        re.sub(r"(?m)^(review_organ|court) = .*\n", "", config.read_text("utf-8")), "utf-8"
    )
    unset = open_office(config, date(2026, 11, 24))

    found = facts_of(unset, case, place(unset, case, None), on=date(2026, 11, 24), number="1号")

    assert [fact.key for fact in found.assumed] == ["review_organ", "court"]
    assert found.gaps == ()
    assert found.values["court"] == "有管辖权的人民法院"


def test_review_first_needs_no_court(folder: Path, tell: Any) -> None:
    """A letter that may not offer a direct suit names no court, and needs none."""
    case = tell(do("decide", outcome="withheld.process_information", reason="讨论记录"))
    config = folder / "config.toml"
    config.write_text(re.sub(r"(?m)^court = .*\n", "", config.read_text("utf-8")), "utf-8")

    assert letter(open_office(config, date(2026, 11, 24)), case).gaps == ()


def test_a_draft_shows_what_is_missing(letters: Office, tell: Any) -> None:
    """The clerk sees the letter with its gaps before recording what is missing."""
    case = tell(do("decide", outcome="withheld.third_party"))

    draft = letter(letters, case, draft=True, number=None)

    assert draft.gaps == ("reason",)
    assert "〔缺：理由〕" in [block.text for block in draft.blocks]
    assert "〔文号待编〕" in [block.text for block in draft.blocks]


def test_a_due_date_in_an_unpublished_year_is_provisional(folder: Path, tell: Any) -> None:
    """Received on 4 December 2026, due on 4 January 2027: no holiday notice has been published for it."""
    later = open_office(folder / "config.toml", date(2026, 12, 4))
    case = tell(accepted=False, received=date(2026, 11, 2))
    number = case.application.number
    moved = amend(later, number, Wish(1, {"received": "2026-12-04"}, "收到日期误登")).case

    assert refusal(later, moved).code == "notice_date_provisional"
    insisted = letter(later, moved, provisional=True)
    assert any("2027年1月4日（暂定）" in block.text for block in insisted.blocks)


def test_of_two_third_parties_the_step_says_which(letters: Office, tell: Any) -> None:
    """Each consultation has its own letter; without a word the latest is meant."""
    case = tell(do("consult_third_party", party="甲公司"), do("consult_third_party", party="乙公司"))

    assert letter(letters, case).blocks[2].text == "乙公司："
    assert letter(letters, case, "third_party_consultation", entry=3).blocks[2].text == "甲公司："


def test_a_corrected_fact_is_the_one_that_is_written(letters: Office, tell: Any) -> None:
    """Letters speak of the facts that count, not of what stood there first."""
    case = tell(do("decide", outcome="disclosed.already_public", place="旧网站"))
    mended = amend(letters, case.application.number, Wish(3, {"place": "新网站"}, "网址误登")).case

    texts = " ".join(block.text for block in letter(letters, mended).blocks)
    assert "新网站" in texts
    assert "旧网站" not in texts


def test_the_letters_day_decides_the_law(letters: Office, tell: Any) -> None:
    """The same decision told before and after 1 January 2024."""
    day = date(2023, 12, 28)
    case = tell(
        do("decide", day, outcome="withheld.process_information", reason="讨论记录"), received=day
    )

    old = " ".join(block.text for block in letter(letters, case, on=date(2023, 12, 29)).blocks)
    new = " ".join(block.text for block in letter(letters, case, on=date(2024, 1, 2)).blocks)

    assert "也可以" in old
    assert "应当先申请行政复议" in new
