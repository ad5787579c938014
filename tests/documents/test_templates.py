"""Templates of an office's own: what replaces what, what they may not do, and how a fault is named."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.bootstrap import open_office
from requestflow.documents.letter import Letter
from requestflow.errors import Finding, FoundProblems
from requestflow.services.letter_check import check_letters
from requestflow.services.office import Office
from requestflow.services.wording import draft_letter

ON = date(2026, 11, 3)
TODAY = date(2026, 11, 24)
HEAD = "[标题] 回执\n[主送] {{ applicant }}：\n"


@pytest.fixture
def own(letters: Office) -> Callable[..., Office]:
    """An office with files in its own folder of letters."""

    def write(**files: str) -> Office:
        folder = letters.settings.folder / "letters"
        for name, text in files.items():
            path = folder / f"{name.replace('__', '/')}.j2"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        config = letters.settings.path
        plain = config.read_text("utf-8")
        config.write_text(plain.replace("[notices]\n", '[notices]\nfolder = "letters"\n'), "utf-8")
        return open_office(config, TODAY)

    return write


@pytest.fixture
def written(own: Callable[..., Office], tell: Any) -> Callable[..., Letter]:
    """The receipt of an application, with these files of the office's own."""
    case = tell(accepted=False)

    def write(**files: str) -> Letter:
        return draft_letter(own(**files), case, "receipt", on=ON, number="1号", draft=False)

    return write


def faults(written: Callable[..., Letter], **files: str) -> list[Finding]:
    with pytest.raises(FoundProblems) as caught:
        written(**files)
    assert caught.value.code == "letter_broken"
    return list(caught.value.findings)


def test_a_file_of_the_same_name_replaces_a_letter(written: Callable[..., Letter]) -> None:
    """The office's receipt is written instead of the shipped one."""
    letter = written(receipt=HEAD + "已收到。\n")

    assert [block.text for block in letter.blocks] == ["回执", "申请人甲：", "已收到。"]


def test_a_part_of_the_same_name_replaces_it_in_every_letter(written: Callable[..., Letter]) -> None:
    """One file changes the foot of all letters; the rest stays as it was shipped."""
    letter = written(parts__signature="[署名] {{ organ }}（印）\n[日期] {{ date }}\n")

    assert [block.text for block in letter.blocks][-2:] == ["示例县发展和改革局（印）", "2026年11月3日"]
    assert letter.title.endswith("政府信息公开申请登记回执")


ESCAPES = {
    "class": "{{ ''.__class__ }}",
    "class by attr filter": "{{ ''|attr('__class__') }}",
    "subscript": "{{ applicant['__class__'] }}",
    "config file": "{% include '/etc/passwd' %}",
    "folder above": "{% include '../config.toml' %}",
    "part above": "{% include 'parts/../../config.toml' %}",
    "another letter": "{% include 'receipt.j2' %}",
    "name from a fact": "{% include subject %}",
    "import": "{% import 'parts/head.j2' as head %}",
    "extends": "{% extends 'parts/head.j2' %}",
    "a long range": "{% for x in range(10**9) %}x{% endfor %}",
    "a power": "{{ 10**10**10 }}",
    "a product": "{{ 'x' * 10**9 }}",
    "a padded text": "{{ 'x'|center(10**9) }}",
    "arithmetic": "{{ 7*7 }}",
    "a call": "{{ subject.upper() }}",
    "a format": "{{ '%s'|format(applicant) }}",
    "a macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "a block set": "{% set x = 1 %}",
    "a loop over signs": "{% for sign in subject %}{{ sign }}{% endfor %}",
    "safe": "{{ subject|safe }}",
    "globals": "{{ self }}",
    "lipsum": "{{ lipsum.__globals__ }}",
    "cycler": "{{ cycler }}",
}


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_what_a_template_may_not_do_is_refused_before_it_runs(
    written: Callable[..., Letter], escape: str
) -> None:
    """No attribute, no call, no arithmetic, no file but a part, no loop but over a fact's lines; at once."""
    begun = time.monotonic()

    found = faults(written, receipt=HEAD + escape)

    assert {finding.code for finding in found} <= {
        "template_forbids", "template_unknown_name", "template_missing", "template_broken",
    }  # fmt: skip
    assert all(finding.where == "receipt.j2:3" for finding in found)
    assert time.monotonic() - begun < 2


def test_a_loop_in_a_loop_is_refused(own: Callable[..., Office]) -> None:
    """A loop runs over one fact's lines and ends; loops in loops are not needed, and grow."""
    nested = "{% for a in items %}{% for b in items %}{{ b }}{% endfor %}{% endfor %}"
    found = check_letters(own(correction=HEAD + nested))

    assert [(f.code, f.where, f.facts["what"]) for f in found.problems] == [
        ("template_forbids", "correction.j2:3", "for")
    ]


FAULTS = {
    "an unknown name": ("{{ aplicant }}", "template_unknown_name", "receipt.j2:3"),
    "a name of another letter": ("\n{{ party }}", "template_unknown_name", "receipt.j2:4"),
    "an unknown name behind a question": (
        "{% if nobody %}x{% endif %}",
        "template_unknown_name",
        "receipt.j2:3",
    ),
    "an unclosed sign": ("\n\n{{ applicant", "template_broken", "receipt.j2:5"),
    "an unclosed if": ("{% if form %}", "template_broken", "receipt.j2:3"),
    "an unknown filter": ("{{ form|shout }}", "template_forbids", "receipt.j2:3"),
    "a missing part": ("{% include 'parts/foot.j2' %}", "template_missing", "receipt.j2:3"),
    "an unknown mark": ("\n[落款] 某局", "template_unknown_mark", "receipt.j2:4"),
    "a comparison that makes no sense": (
        "\n{% if form > 1 %}x{% endif %}",
        "template_broken",
        "receipt.j2:4",
    ),
    "a nesting without end": ("{{ " + "not " * 20_000 + "form }}", "too_deep", "receipt.j2"),
    "a control character": ("\x07", "file_not_text", "receipt.j2"),
}


@pytest.mark.parametrize(("text", "code", "where"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line(
    written: Callable[..., Letter], text: str, code: str, where: str
) -> None:
    """File and line of every fault, in the file where it stands."""
    assert [(found.code, found.where) for found in faults(written, receipt=HEAD + text)] == [
        (code, where)
    ]


def test_a_part_that_fails_when_it_is_written_is_named(own: Callable[..., Office]) -> None:
    """What shows only once the letter is written is named with the part's line too, once for all letters."""
    found = check_letters(own(parts__signature="[署名] {{ organ }}\n{% if phone < 3 %}x{% endif %}\n"))

    assert {(f.code, f.where) for f in found.problems} == {("template_broken", "parts/signature.j2:2")}


def test_a_fault_in_a_part_is_named_in_the_part(written: Callable[..., Letter]) -> None:
    """A clerk looks where the fault is, not where it shows."""
    found = faults(written, parts__signature="[署名] {{ organ }}\n[日期] {{ day }}\n")

    assert [(f.code, f.where, f.facts["name"]) for f in found] == [
        ("template_unknown_name", "parts/signature.j2:2", "day")
    ]


def test_all_faults_are_named_at_once(written: Callable[..., Letter]) -> None:
    """Who corrects a template corrects it once."""
    found = faults(written, receipt="{{ a }}\n{{ b }}\n[甲] {{ c }}\n")

    assert {finding.where for finding in found} == {"receipt.j2:1", "receipt.j2:2", "receipt.j2:3"}
    assert len(found) == 4


def test_a_part_that_takes_itself_in_is_refused(written: Callable[..., Letter]) -> None:
    """A circle of parts has no end."""
    found = faults(written, parts__head="{% include 'parts/request.j2' %}",
                   parts__request="{% include 'parts/head.j2' %}")  # fmt: skip

    assert {finding.code for finding in found} == {"template_in_itself"}


def test_parts_that_multiply_are_refused_unread(written: Callable[..., Letter]) -> None:
    """Fifty times fifty times fifty parts are nothing that anybody reads: refused at once, and said once."""
    again = "{% include 'parts/NAME.j2' %}\n" * 50
    found = faults(
        written,
        receipt=HEAD + again.replace("NAME", "head"),
        parts__head=again.replace("NAME", "request"),
        parts__request=again.replace("NAME", "reasons"),
        parts__reasons="一段。\n",
    )

    assert [finding.code for finding in found] == ["template_takes_too_many"]


def test_a_letter_that_would_fill_a_book_is_not_written(own: Callable[..., Office], tell: Any) -> None:
    """A loop over the lines of a fact multiplies its text: there is an end to it."""
    facts = {"items": "一项\n" * 1000}
    case = tell({"do": "request_correction", "on": ON, "facts": facts})
    office = own(correction=HEAD + "{% for item in items %}" + "一段。\n" * 1000 + "{% endfor %}")

    with pytest.raises(FoundProblems) as caught:
        draft_letter(office, case, None, on=ON, number="1号", draft=False)
    assert [finding.code for finding in caught.value.findings] == ["letter_too_long"]


def test_a_link_that_leads_out_of_the_folder_is_no_template(
    written: Callable[..., Letter], letters: Office, tmp_path: Path
) -> None:
    """A file elsewhere is not read through a link: the shipped letter is written."""
    secret = tmp_path / "secret.txt"
    secret.write_text("[标题] 机密\n", "utf-8")
    folder = letters.settings.folder / "letters"
    folder.mkdir()
    (folder / "receipt.j2").symlink_to(secret)

    assert "机密" not in written().title


def test_a_file_that_replaces_nothing_is_named(own: Callable[..., Office]) -> None:
    """A misspelt file name has no effect, and the check says so."""
    found = check_letters(own(reciept=HEAD, parts__foot="x"))

    assert {(f.code, f.where) for f in found.problems} == {
        ("template_used_by_none", "reciept.j2"),
        ("template_used_by_none", "parts/foot.j2"),
    }


def test_a_letter_that_leaves_out_what_it_needs_is_named(own: Callable[..., Office]) -> None:
    """An own template without the due date is no receipt; an optional fact may be left out."""
    found = check_letters(own(receipt="[标题] {{ title }}\n{{ you }}{{ channel }}{{ receipt_rule }}"
                              "{{ receipt_basis }}{{ answer_days }}"))  # fmt: skip

    assert [(f.code, f.facts["name"]) for f in found.problems] == [("template_unused_fact", "due")]
    assert {f.facts["name"] for f in found.warnings} == {"submitted", "form"}


@pytest.mark.parametrize("text", ["没有标题", "[标题] 一\n[标题] 二"])
def test_a_letter_has_one_title(own: Callable[..., Office], text: str) -> None:
    """A letter without a title, or with two, is none."""
    found = check_letters(own(nonexistent=text + "{{ you }}"))

    assert {f.code for f in found.problems} == {"letter_has_no_title"}


def test_a_letter_that_shows_an_empty_word_is_named(own: Callable[..., Office]) -> None:
    """Brackets around nothing, seen only once the letter is written."""
    found = check_letters(own(nonexistent="[标题] 甲\n{{ you }}：（）"))

    assert {f.code for f in found.problems} == {"letter_has_gaps"}


def test_a_folder_that_is_not_there_is_named_with_its_line(own: Callable[..., Office]) -> None:
    """A folder that the settings name and nobody made would silently change nothing."""
    with pytest.raises(FoundProblems) as caught:
        check_letters(own())

    assert [(f.code, f.where.partition(":")[0]) for f in caught.value.findings] == [
        ("notices_folder_missing", "config.toml")
    ]


def test_a_letter_that_can_never_be_written_is_named(
    own: Callable[..., Office], letters: Office
) -> None:
    """A letter of the payment under an outcome that no payment leads to."""
    office = own(shout="[标题] {{ title }}{{ you }}\n")
    shipped = (letters.notice_folders[-1] / "catalogue.yaml").read_text("utf-8")
    flow = letters.settings.folder / "mine.yaml"
    law = (letters.notice_folders[-1].parent / "workflows" / "disclosure.yaml").read_text("utf-8")
    never = (
        '  other.never:\n    zh: 无\n    en: never\n    rows: {"2019": other, "2021": other.other}\n'
        "    recorded_by: [note]\n    basis: [30号]\n    remedy: B\n"
    )
    act = (
        "  note:\n    zh: 记\n    en: note\n    from: [under_review]\n    to: same\n    by: [clerk]\n"
        "    outcome: other.never\n    basis: 条例29\n"
    )
    law = law.replace("transitions:\n", f"transitions:\n{act}", 1)
    flow.write_text(law.replace("outcomes:\n", f"outcomes:\n{never}", 1), "utf-8")
    added = (
        "\n  shout:\n    zh: 另函\n    en: another letter\n    title: 另函\n    template: shout.j2\n"
        "    outcomes: [other.never]\n    needs: [you]\n"
    )
    folder = office.settings.folder
    (folder / "letters" / "catalogue.yaml").write_text(shipped + added, "utf-8")
    config = office.settings.path
    config.write_text(config.read_text("utf-8").replace('"disclosure"', '"mine.yaml"'), "utf-8")

    found = check_letters(open_office(config, TODAY))

    assert {finding.code for finding in found.problems} == {"letter_never_written"}


def test_an_own_catalogue_adds_a_letter(own: Callable[..., Office], letters: Office) -> None:
    """An office with an outcome of its own adds the letter in a catalogue of its own."""
    office = own(shout="[标题] {{ title }}\n{{ result|join('') }}\n")
    shipped = letters.notice_folders[-1] / "catalogue.yaml"
    added = (
        "\n  shout:\n    zh: 另函\n    en: another letter\n    title: 另函\n    template: shout.j2\n"
        "    outcomes: [other.other]\n    on_request: true\n    needs: [result]\n"
    )
    folder = office.settings.folder / "letters"
    (folder / "catalogue.yaml").write_text(shipped.read_text("utf-8") + added, "utf-8")

    found = check_letters(open_office(office.settings.path, TODAY))

    assert found.holds
    assert [c.kind.code for c in found.letters if c.own] == ["shout"]
