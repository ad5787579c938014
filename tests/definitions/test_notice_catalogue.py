"""A faulty catalogue of letters: every fault with its code and its line, all at once."""

from pathlib import Path

import pytest

from requestflow.definitions.notice_catalogue import load_notice_catalogue, notice_folders
from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.machine import Engine
from requestflow.domain.notice_kinds import Addressee
from requestflow.errors import Finding, FoundProblems

TEXT = (shipped("notices") / "catalogue.yaml").read_text("utf-8")
LAW = (shipped("workflows") / "disclosure.yaml").read_text("utf-8")
WITHDRAWAL = "    outcomes: [other.withdrawn]\n"

# what is replaced, by what, the code of the fault, and a text of the line where it is found
FAULTS = {
    "an unknown key": ("common:\n", "colour: red\ncommon:\n", "key_unknown", "colour: red"),
    "a letter twice": ("  receipt:\n", "  fee:\n    zh: 甲\n  receipt:\n", "doubled_key", "  fee:"),
    "an unknown outcome": (WITHDRAWAL, "    outcomes: [other.withdrawn, other.gone]\n",
                           "undeclared_outcome", "other.gone"),
    "an unknown step": ("    after: [extend]\n", "    after: [extend, extent]\n", "undeclared_transition",
                        "after: [extend, extent]"),
    "an unknown fact": ("    needs: [you, until]\n", "    needs: [you, until, untill]\n", "undeclared_fact",
                        "needs: [you, until, untill]"),
    "an unknown common fact": ("  needs: [organ, title,", "  needs: [organ, titel, title,", "undeclared_fact",
                               "needs: [organ, titel"),
    "an unknown setting": ("from: organ.court,", "from: organ.cort,", "undeclared_fact", "organ.cort"),
    "a default of what a case records": ("from: letter.number}", "from: letter.number, default: 一号}",
                                         "default_of_a_recorded_fact", "default: 一号"),
    "an unknown origin": ("from: organ.court,", "from: office.court,", "undeclared_origin", "office.court"),
    "an unknown worked-out fact": ("from: worked_out.due}", "from: worked_out.dew}", "undeclared_fact",
                                   "worked_out.dew"),
    "an unknown fact of a step": ("from: receive_reasons.on}", "from: receive_reasons.at}",
                                  "undeclared_fact", "receive_reasons.at"),
    "a fact that the letter's step does not record": (
        "    needs: [you, until]\n", "    needs: [you, until, method]\n", "fact_not_recorded",
        "needs: [you, until, method]"),
    "an unknown series": ("    series: inquiry\n    after: [consult_organ]", "    series: letters\n    after: "
                          "[consult_organ]", "undeclared_series", "series: letters"),
    "a series without a number": ('"{code}函〔{year}〕{number}号"', '"{code}函〔{year}〕号"',
                                  "series_pattern_wrong", "  inquiry:"),
    "a missing template": ("    template: fee.j2\n", "    template: fees.j2\n", "template_missing",
                           "template: fees.j2"),
    "a template elsewhere": ("    template: fee.j2\n", "    template: ../config.toml\n", "value_wrong",
                             "template: ../config.toml"),
    "an unknown source": ('basis: [条例35]\n    remedy: "-"\n    needs: [you, until]',
                          'basis: [条列35]\n    remedy: "-"\n    needs: [you, until]', "undeclared_source",
                          "basis: [条列35]"),
    "two letters for an outcome": (WITHDRAWAL, "    outcomes: [other.withdrawn, partial]\n", "two_letters",
                                   "outcomes: [other.withdrawn, partial]"),
    "an outcome without a letter": (WITHDRAWAL, "    after: [withdraw]\n", "outcome_without_letter",
                                    "letters:"),
    "a letter of nothing": ("    after: [extend]\n", "", "letter_of_nothing", "  extension:"),
    "an unknown addressee": ("    addressee: organ\n", "    addressee: mayor\n", "value_unknown",
                             "addressee: mayor"),
    "an unknown class of remedy": ("    remedy: B    ", "    remedy: D    ", "value_unknown", "remedy: D"),
}  # fmt: skip


def faults(engine: Engine, folder: Path, text: str) -> list[Finding]:
    (folder / "catalogue.yaml").write_text(text, "utf-8")
    with pytest.raises(FoundProblems) as caught:
        load_notice_catalogue(engine.workflow, notice_folders(folder))
    return list(caught.value.findings)


@pytest.mark.parametrize(("before", "after", "code", "line"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line(
    engine: Engine, tmp_path: Path, before: str, after: str, code: str, line: str
) -> None:
    """Each mistake is found, and found where it stands."""
    assert before in TEXT
    text = TEXT.replace(before, after, 1)

    found = faults(engine, tmp_path, text)

    assert code in [finding.code for finding in found]
    at = next(finding.where for finding in found if finding.code == code)
    name, number, _column = at.split(":")
    assert name == "catalogue.yaml"
    assert line in text.splitlines()[int(number) - 1]


def test_a_catalogue_without_the_facts_of_the_remedies_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    """Without a reviewing organ no decision can tell of its remedies."""
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith("  review_organ:"))

    assert [f.facts for f in faults(engine, tmp_path, text)] == [{"name": "review_organ"}]


def test_all_faults_are_named_at_once(engine: Engine, tmp_path: Path) -> None:
    """Who corrects the file corrects it once."""
    text = TEXT
    for name in (
        "an unknown step",
        "an unknown series",
        "a missing template",
        "two letters for an outcome",
    ):
        before, after, _code, _line = FAULTS[name]
        text = text.replace(before, after, 1)

    assert len(faults(engine, tmp_path, text)) == 4


def test_the_shipped_catalogue_holds_every_outcome_and_step(engine: Engine) -> None:
    """Each outcome has its reply, each step that must be told its letter; only the applicant's name the applicant."""
    catalogue = load_notice_catalogue(engine.workflow, notice_folders())
    told = [code for kind in catalogue.kinds.values() if not kind.on_request for code in kind.outcomes]
    steps = {name for kind in catalogue.kinds.values() for name in kind.after}

    assert sorted(told) == sorted(engine.workflow.outcomes)
    assert steps == {
        "register", "request_correction", "request_reasons", "extend", "postpone", "consult_third_party",
        "consult_organ", "charge_fee",
    }  # fmt: skip
    for kind in catalogue.kinds.values():
        assert ("applicant" in kind.needs) is (kind.addressee is Addressee.APPLICANT)


def test_a_series_shows_its_numbers(engine: Engine) -> None:
    """××公开〔2026〕12号, each series with a mark of its own."""
    series = load_notice_catalogue(engine.workflow, notice_folders()).series
    shown = {name: known.show("示发改公开", 2026, 12) for name, known in series.items()}

    assert shown == {
        "reply": "示发改公开〔2026〕12号",
        "notice": "示发改公开告〔2026〕12号",
        "inquiry": "示发改公开函〔2026〕12号",
    }


WORKFLOW_FAULTS = {
    "tiers that run backwards": ("      - {up_to: 200, yuan: 20}\n", "      - {up_to: 50, yuan: 20}\n",
                                 "tiers_out_of_order", "  pages:"),
    "a last tier with an end": ("      - {yuan: 40}\n", "      - {up_to: 300, yuan: 40}\n",
                                "tiers_out_of_order", "  pages:"),
    "two tiers without an end": ("      - {up_to: 200, yuan: 20}\n", "      - {yuan: 20}\n",
                                 "tiers_out_of_order", "  pages:"),
    "a tariff that no step counts": ("  pages:\n    zh: 按量计收", "  leaves:\n    zh: 按量计收",
                                     "undeclared_fact", "  leaves:"),
    "a basis of a tariff": ("      - {yuan: 40}\n    basis: 109号\n", "      - {yuan: 40}\n    basis: 190号\n",
                            "undeclared_source", "basis: 190号"),
    "a day that there is not": ('since: "2024-01-01"', 'since: "2024-02-30"', "not_a_day", "2024-02-30"),
    "two rules of a day": ('since: "2024-01-01"', 'since: "2015-05-01"', "doubled_code", 'since: "2015-05-01"'),
    "a basis of the remedies": ("suit_basis: [行诉法46(1)]\n    grade: text\n\n", "suit_basis: [行诉46(1)]\n    "
                                "grade: text\n\n", "undeclared_source", "行诉46(1)"),
    "a class of remedy that is none": ("instead: {A: B, C: B}", "instead: {A: X}", "value_unknown",
                                       "instead: {A: X}"),
    "a citation that goes wrong after its source": ("basis: 条例35\n    grade: text\n\n  receive", "basis: 条例35号\n"
                                                    "    grade: text\n\n  receive", "undeclared_source",
                                                    "basis: 条例35号"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "code", "line"), WORKFLOW_FAULTS.values(), ids=WORKFLOW_FAULTS
)
def test_fees_and_remedies_are_checked_too(
    tmp_path: Path, before: str, after: str, code: str, line: str
) -> None:
    """Tiers and remedies are rules of the workflow file, and held to sense like all others."""
    assert before in LAW
    text = LAW.replace(before, after, 1)
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(FoundProblems) as caught:
        load_workflow(path)

    found = {finding.code: finding.where for finding in caught.value.findings}
    assert code in found
    lines = text.splitlines()
    number = int(found[code].split(":")[1])
    assert line in lines[number - 1] or (code == "doubled_code" and "since" in lines[number - 1])


def test_a_workflow_without_fees_and_remedies_is_whole(tmp_path: Path) -> None:
    """A rule set may say nothing of fees and remedies."""
    text = LAW[: LAW.index("\n# What a decision says of remedies")]
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")

    workflow, _forms = load_workflow(path)

    assert (workflow.fees, workflow.remedies) == ({}, ())
    assert load_workflow(workflow_path("disclosure"))[0].fees.keys() == {"items", "pages"}
