"""Every letter under every rule: whole, with the right articles and the right remedies; whatever names hold."""

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from requestflow.definitions.shipped import shipped
from requestflow.documents.letter import Block, Letter, Role
from requestflow.documents.letter_docx import Look, letter_docx
from requestflow.documents.letter_html import as_html
from requestflow.documents.letter_text import as_text
from requestflow.documents.templates import Templates
from requestflow.domain.notice_kinds import Addressee, NoticeKind
from requestflow.domain.notices import LetterFacts, letter_facts, place_of
from requestflow.domain.worked_facts import Setting
from requestflow.services.letter_check import check_letters, render_sample
from requestflow.services.office import Office, RuleBook
from requestflow.services.sample_cases import Sample, samples
from requestflow.services.wording import draft_letter

BOOK = RuleBook()
KINDS = BOOK.letters.kinds
TEMPLATES = Templates(BOOK.notice_folders)
MASTER = shipped("notices") / "styles" / "letter.docx"
NEW_LAW = date(2024, 1, 1)
DIRECT_SUIT = re.compile("可以[^。]*提起行政诉讼|个月内|人民法院")
LEFT_OVER = re.compile(r"〔缺|None|\{\{|\}\}|\{%|\[\w+\]|<|>|“”|（）|。。|：。|undefined")
# The articles that the law names for each outcome: a letter that cites another one is wrong.
ARTICLES = {
    "disclosed.provided": ["第三十六条第二项"],
    "disclosed.already_public": ["第三十六条第一项"],
    "partial": ["第三十七条"],
    "withheld.state_secret": ["第三十六条第三项", "第十四条"],
    "withheld.prohibited_by_law": ["第三十六条第三项", "第十四条"],
    "withheld.security_and_stability": ["第三十六条第三项", "第十四条"],
    "withheld.third_party": ["第三十六条第三项", "第十五条", "第三十二条"],
    "withheld.internal_affairs": ["第三十六条第三项", "第十六条第一款"],
    "withheld.process_information": ["第三十六条第三项", "第十六条第二款"],
    "withheld.enforcement_file": ["第三十六条第三项", "第十六条第二款"],
    "withheld.administrative_inquiry": ["第三十六条第七项"],
    "unable.nonexistent": ["第三十六条第四项"],
    "unable.other_organ": ["第三十六条第五项"],
    "unable.needs_creation": ["第三十八条"],
    "unable.still_unclear": ["第三十条"],
    "not_handled.petition": ["第三十九条第一款"],
    "not_handled.repeat": ["第三十六条第六项"],
    "not_handled.publication": ["第三十九条第二款"],
    "not_handled.excessive": ["第三十五条"],
    "not_handled.reissue": ["参照", "国办公开办函〔2021〕30号"],
    "other.not_corrected": ["第三十条"],
    "other.unpaid": ["第四十二条", "国办函〔2020〕109号"],
    "other.withdrawn": [],
    "other.other": ["（所依据的具体条款）"],
}
PROCESS = {
    "receipt": "第三十三条第二款", "correction": "第三十条", "reasons": "第三十五条",
    "extension": "第三十三条第二款", "postponement": "第三十五条", "third_party_consultation": "第三十二条",
    "third_party_notice": "第三十三条第三款", "organ_consultation": "第三十四条", "fee": "第四十二条",
    "disclosure_decision_to_third_party": "第三十二条",
}  # fmt: skip


def text_of(letter: Letter) -> str:
    return "\n".join(block.text for block in letter.blocks)


def complete(kind: NoticeKind) -> Iterator[tuple[Sample, str]]:
    """Every complete made-up case of a kind, with its letter as text."""
    for sample in samples(kind, BOOK.letters, BOOK.rules):
        if sample.complete:
            yield sample, text_of(render_sample(BOOK, TEMPLATES, kind, sample))


def replies() -> Iterator[tuple[Sample, str, str]]:
    """Every complete reply: case, outcome, text."""
    for kind in KINDS.values():
        if kind.outcomes and not kind.on_request:
            for sample, text in complete(kind):
                yield sample, str(sample.case.standing.outcome), text


REPLIES = list(replies())


def test_every_outcome_has_its_reply_before_and_after_2024() -> None:
    """No outcome is without a letter, under the old law as under the new."""
    found = {(outcome, sample.on >= NEW_LAW) for sample, outcome, _text in REPLIES}

    assert found == {(code, new) for code in BOOK.workflow.outcomes for new in (False, True)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_letter_of_a_complete_case_is_whole(kind: NoticeKind) -> None:
    """No gap, no value of the program, no mark or sign of the template language is left in it."""
    letters = list(complete(kind))

    assert letters
    for _sample, text in letters:
        assert not LEFT_OVER.search(text), text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_letter_has_all_parts_of_an_official_letter(kind: NoticeKind) -> None:
    """Title, number, addressee, text, signature and date, in this order, each once but the text."""
    for sample in samples(kind, BOOK.letters, BOOK.rules):
        if not sample.complete:
            continue
        roles = [block.role for block in render_sample(BOOK, TEMPLATES, kind, sample).blocks]
        once = [
            role for role in roles if role not in (Role.PARAGRAPH, Role.ITEM, Role.HEADING, Role.NOTE)
        ]

        assert once == [Role.TITLE, Role.NUMBER, Role.ADDRESSEE, Role.SIGNATURE, Role.DATE]
        assert roles.index(Role.PARAGRAPH) == 3


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_draft_of_a_bare_case_shows_every_gap(kind: NoticeKind) -> None:
    """Each missing fact is named in the letter where it belongs, and in the list of gaps."""
    bare = [s for s in samples(kind, BOOK.letters, BOOK.rules) if not s.complete]

    assert bare
    for sample in bare:
        letter = render_sample(BOOK, TEMPLATES, kind, sample)
        shown = text_of(letter)
        for name in letter.gaps:
            sign = f"〔缺：{BOOK.letters.facts[name].words.zh}〕"
            assert sign in shown or name in ("outcome", "role", "limit_days", "lapsed_on"), (name, shown)


def test_a_reply_cites_the_articles_of_its_outcome() -> None:
    """To 条, 款 and 项, as the table of outcomes has them."""
    for _sample, outcome, text in REPLIES:
        assert all(article in text for article in ARTICLES[outcome]), (outcome, text)


@pytest.mark.parametrize(("code", "article"), PROCESS.items())
def test_a_letter_of_the_process_cites_its_article(code: str, article: str) -> None:
    """Each step's letter names the article by which it is taken; only a co-maker is bound by 34."""
    cited = [article in text for _sample, text in complete(KINDS[code])]

    assert all(cited) or (code == "organ_consultation" and any(cited))


def test_the_facts_of_the_application_stand_in_every_reply() -> None:
    """Received on, number, what was asked [norm]."""
    for sample, _outcome, text in REPLIES:
        received = sample.case.application.received
        day = f"{received.year}年{received.month}月{received.day}日"
        assert f"本机关于{day}收到" in text
        assert "申请编号：2026-0001" in text
        assert "申请内容" in text


def test_review_first_offers_no_direct_suit() -> None:
    """A, from 2024: 60 days to the reviewing organ first, then 15 days; no court, no six months, no choice."""
    found = [(o, text) for s, o, text in REPLIES
             if s.on >= NEW_LAW and BOOK.workflow.outcomes[o].remedy == "A"]  # fmt: skip

    assert len({outcome for outcome, _text in found}) == 7
    for _outcome, text in found:
        assert "应当先申请行政复议：自收到本答复书之日起60日内，向（review_organ）申请行政复议" in text
        assert "自收到行政复议决定书之日起15日内，依法提起行政诉讼" in text
        assert "第二十三条第一款第四项、第二款" in text
        assert not DIRECT_SUIT.search(text), text


def test_free_choice_offers_both() -> None:
    """B: review within 60 days, or suit within 6 months, at the court of the settings."""
    found = [(s, o, text) for s, o, text in REPLIES if BOOK.workflow.outcomes[o].remedy == "B"]

    assert any(outcome == "withheld.administrative_inquiry" for _s, outcome, _t in found)
    for sample, _outcome, text in found:
        assert "60日内" in text
        assert "向（review_organ）申请行政复议，也可以自收到" in text
        assert "6个月内" in text
        assert "直接向（court）提起行政诉讼" in text
        assert ("第二十条第一款" if sample.on >= NEW_LAW else "第九条第一款") in text
        assert "应当先" not in text


def test_partial_disclosure_tells_of_both_ways() -> None:
    """C, from 2024: review first for what is withheld, free choice for the rest."""
    texts = [text for s, o, text in REPLIES if o == "partial" and s.on >= NEW_LAW]

    assert texts
    for text in texts:
        withheld, rest = text.index("不予公开的部分不服"), text.index("其他部分不服")
        assert withheld < text.index("应当先申请行政复议") < rest
        assert not DIRECT_SUIT.search(text[withheld:rest])
        assert "直接向（court）提起行政诉讼" in text[rest:]


def test_before_2024_every_reply_offers_both() -> None:
    """The old law knew no review-first for these."""
    for sample, outcome, text in REPLIES:
        if sample.on < NEW_LAW and outcome != "other.withdrawn":
            assert "直接向（court）提起行政诉讼" in text, outcome
            assert "应当先" not in text


@pytest.mark.parametrize(
    "code", [k.code for k in KINDS.values() if not k.outcomes or k.outcomes == ("other.withdrawn",)]
)
def test_letters_that_decide_nothing_tell_of_no_remedy(code: str) -> None:
    """A receipt, a question, an extension, a fee notice or a confirmation is not to be challenged by itself."""
    assert not any("行政复议" in text or "诉讼" in text for _sample, text in complete(KINDS[code]))


def test_a_letter_that_tells_of_remedies_ends_with_them() -> None:
    """The remedies are the last part of a decision: no 特此告知 stands before them."""
    for kind in KINDS.values():
        for _sample, text in complete(kind):
            assert not ("特此" in text and "申请行政复议" in text), kind.code


def test_nobody_is_told_that_reasons_never_given_are_unreasonable() -> None:
    """Art. 35: reasons that came in were judged; where none came, there are none."""
    told = [
        (sample, text)
        for sample, _o, text in REPLIES
        if sample.case.standing.outcome == "not_handled.excessive"
    ]
    came = ["收到您说明的理由" in text and "未收到" not in text for _sample, text in told]

    assert any(came)
    for (_sample, text), received in zip(told, came, strict=True):
        assert ("申请理由不合理" in text) is received, text
        assert ("没有合理理由" in text) is not received, text


def test_a_decision_without_an_article_of_its_own_rests_on_the_duty_to_answer(
    letters: Office, tell: Any
) -> None:
    """Art. 33(2) is why the office answers; it is no rule by which a request is turned away."""
    facts = {"outcome": "other.other", "reason": "属于党务信息", "result": "请向制作机关咨询"}
    case = tell({"do": "decide", "on": date(2026, 11, 5), "facts": facts})

    text = text_of(draft_letter(letters, case, None, on=date(2026, 11, 5), number="1号", draft=False))

    assert "根据《中华人民共和国政府信息公开条例》第三十三条第二款的规定，本机关现答复如下：" in text
    assert "作如下处理" not in text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_letter_is_the_same_in_word_and_in_html(kind: NoticeKind) -> None:
    """Under each law and outcome: opened again, the Word file and the page say what the letter says."""
    known: dict[object, Letter] = {}
    for sample in samples(kind, BOOK.letters, BOOK.rules):
        if sample.complete:
            place = (sample.case.standing.outcome, sample.on >= NEW_LAW)
            known.setdefault(place, render_sample(BOOK, TEMPLATES, kind, sample))
    assert known
    for letter in known.values():
        says = [block.text for block in letter.blocks]
        file = Document(io.BytesIO(letter_docx(letter, Look(MASTER, "（name）"))))
        assert [p.text.replace("\n", "").strip("\t") for p in file.paragraphs] == says
        page = unescape(re.sub("<[^>]+>", "", as_html(letter).partition("<body>")[2]))
        assert [line for line in page.splitlines() if line] == says


def test_only_the_applicant_reads_the_applicants_name() -> None:
    """Third parties and other organs are asked about information, not about a person."""
    others = [kind for kind in KINDS.values() if kind.addressee is not Addressee.APPLICANT]

    assert len(others) == 3
    for kind in others:
        assert not any("申请人甲" in text for _sample, text in complete(kind))
    for kind in KINDS.values():
        if kind not in others:
            assert all(text.splitlines()[2] == "申请人甲：" for _sample, text in complete(kind))


def test_all_shipped_letters_hold() -> None:
    """What `notices check` says of the shipped letters: nothing."""
    found = check_letters(BOOK)

    assert found.holds
    assert [finding for finding in found.warnings if finding.code != "template_unused_fact"] == []
    assert len(found.letters) == len(KINDS) >= 34


HOSTILE = {
    "language": "{{ 7*7 }}{% raw %}{{ ''.__class__ }}",
    "mark": "[标题] 假标题",
    "long": "长" * 1000,
    "emoji": "申请人😀👩‍👩‍👧",
    "rare": "𠮷野䶮",
    "html": "<script>alert('&')</script>",
    "markdown": "# 一级标题 **粗** - 项",
    "latin": "O’Brien & Söhne “GmbH”",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_is_printed_as_it_is(letters: Office, tell: Any, name: str) -> None:
    """Whatever somebody is called is text: nothing is computed, no line changes its role, no sign is lost."""
    case = tell(name=name, subject=name, accepted=False)

    letter = draft_letter(letters, case, None, on=date(2026, 11, 3), number="〔2026〕1号", draft=False)

    addressee = [block.text for block in letter.blocks if block.role is Role.ADDRESSEE]
    assert addressee == [f"{name}："]
    assert [block.role for block in letter.blocks].count(Role.TITLE) == 1
    assert f"“{name}”" in text_of(letter)
    assert f"{name}：\n" in as_text(letter)
    assert "<script>" not in as_html(letter)


RECEIPT = next(s for s in samples(KINDS["receipt"], BOOK.letters, BOOK.rules) if s.complete)


@given(name=st.text(min_size=1), subject=st.text(min_size=1), form=st.text(min_size=1))
def test_no_text_whatever_changes_the_shape_of_a_letter(name: str, subject: str, form: str) -> None:
    """Any text at all: the same paragraphs in the same roles, printable signs kept, steering ones left out."""
    kind = KINDS["receipt"]
    where = place_of(RECEIPT.case, kind, BOOK.rules)
    assert where is not None
    setting = Setting(BOOK.rules, BOOK.letters, {"name": "某局"}, RECEIPT.on, "1号", provisional=True)
    facts = letter_facts(where, RECEIPT.case, setting)
    given_facts = LetterFacts({**facts.values, "applicant": name, "subject": subject, "form": form})

    letter = TEMPLATES.render(kind, given_facts, BOOK.letters, draft=False)

    plain = TEMPLATES.render(kind, facts, BOOK.letters, draft=False)
    assert [block.role for block in letter.blocks] == [block.role for block in plain.blocks]
    shown = text_of(letter)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    if name.isprintable() and name == name.strip():
        assert f"{name}：" in shown
    as_html(letter).encode("utf-8")


@pytest.mark.parametrize("subject", ["一\n二", "一\t二", "一\n[署名] 二"])
def test_a_text_of_several_lines_stays_one_paragraph(letters: Office, tell: Any, subject: str) -> None:
    """A line break in what was asked for makes no new paragraph, and none of another role."""
    case = tell(subject=subject, accepted=False)

    letter = draft_letter(letters, case, None, on=date(2026, 11, 3), number="〔2026〕1号", draft=False)

    joined = re.sub(r"[\n\t]", " ", subject)
    assert sum(f"“{joined}”" in block.text for block in letter.blocks) == 1
    assert [block.role for block in letter.blocks].count(Role.SIGNATURE) == 1


def test_a_page_needs_nothing_from_elsewhere(letters: Office, tell: Any) -> None:
    """The HTML letter holds its style; no script, no address, and a gap stands out."""
    case = tell({"do": "decide", "on": date(2026, 11, 5), "facts": {"outcome": "partial"}})
    letter = draft_letter(letters, case, None, on=date(2026, 11, 5), number=None, draft=True)

    page = as_html(letter)

    assert '<mark class="gap">〔缺：理由〕</mark>' in page
    assert "〔文号待编〕" in page
    assert not re.search(r"<script|src=|href=|url\(|https?:", page)
    assert page.count("<p ") + page.count("<h1 ") == len(letter.blocks)


def page_of(*blocks: tuple[Role, str]) -> str:
    return as_html(Letter("reply", tuple(Block(role, text) for role, text in blocks))).partition(
        "<body>"
    )[2]


def test_a_long_title_of_a_page_parts_behind_the_organ() -> None:
    """登记回执 is not torn apart: organ and title are a piece each, which a line takes or leaves."""
    organ = "示例县发展和改革局"
    page = page_of((Role.TITLE, f"{organ}政府信息公开申请登记回执"), (Role.SIGNATURE, organ))
    other = page_of((Role.TITLE, "登记回执"), (Role.SIGNATURE, organ))

    assert f"<span>{organ}</span><span>政府信息公开申请登记回执</span>" in page
    assert "<span>登记回执</span>" in other


def test_the_foot_of_a_page_stays_together() -> None:
    """Signature and date are one piece, on one page with the last text; a lead-in stays with what follows."""
    page = page_of(
        (Role.PARAGRAPH, "理由如下："), (Role.PARAGRAPH, "正文。" * 20), (Role.PARAGRAPH, "正文。" * 20),
        (Role.SIGNATURE, "示例县发展和改革局"), (Role.DATE, "2026年11月24日"), (Role.NOTE, "联系电话：0"),
    )  # fmt: skip

    assert re.findall('<p class="paragraph( kept)?">', page) == [" kept", "", " kept"]
    assert re.search(
        '<div class="signed">\n<p class="signature">.*</p>\n<p class="date">.*</p>\n</div>\n<p', page
    )
