"""`register`: what no application can be, what its texts may hold, and the number it gets."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
FACTS = {
    "--kind": "natural_person",
    "--name": "欧阳明月",
    "--channel": "online",
    "--received": "2026-11-02",
    "--subject": "土地征收补偿安置方案",
}


def words(**facts: str) -> list[str]:
    given = FACTS | {f"--{name.replace('_', '-')}": value for name, value in facts.items()}
    return ["register", *(word for pair in given.items() for word in pair)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "alien"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"kind": "total"}, "unknown_kind"),
        ({"kind": "Natural_Person"}, "unknown_kind"),
        ({"channel": "pigeon"}, "unknown_channel"),
        ({"channel": ""}, "unknown_channel"),
        ({"received": "2026-11-25"}, "received_in_future"),
        ({"received": "9999-12-31"}, "received_in_future"),
        ({"received": "1900-01-01"}, "no_calendar"),
        ({"received": "0001-01-01"}, "no_calendar"),
        ({"submitted": "2026-11-03"}, "submitted_after_receipt"),
        ({"subject": ""}, "subject_missing"),
        ({"subject": " \t "}, "subject_missing"),
        ({"subject": "\u3000"}, "subject_missing"),
        ({"name": ""}, "name_missing"),
        ({"name": "  "}, "name_missing"),
        ({"number": "2025-0007"}, "number_of_another_year"),
    ],
    ids=str,
)
def test_what_no_application_can_be_is_refused(refused: Run, facts: dict[str, str], code: str) -> None:
    """Unknown codes, days that cannot be and missing facts are refused, and nothing is registered."""
    assert refused(*words(**facts))["error"] == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"received": "2026-02-30"}, "not_a_day"),
        ({"received": "2026-2-3"}, "not_a_day"),
        ({"received": "20260203"}, "not_a_day"),
        ({"received": "２０２６-０２-０３"}, "not_a_day"),
        ({"received": ""}, "not_a_day"),
        ({"submitted": "2026-13-01"}, "not_a_day"),
        ({"number": ""}, "bad_number"),
        ({"number": "2026 0001"}, "bad_number"),
        ({"number": "9" * 65}, "bad_number"),
        ({"number": "2026-0001\n"}, "bad_number"),
        ({"by": "nobody"}, "unknown_person"),
        ({"subject": "x\x07y"}, "control_character"),
        ({"name": "x\x1b[31my"}, "control_character"),
        ({"contact": "x\x00y"}, "control_character"),
        ({"name": "x\x85y"}, "control_character"),
        ({"subject": "长" * 10_001}, "text_too_long"),
        ({"name": "长" * 10_001}, "text_too_long"),
        ({"form": "x\x07y"}, "control_character"),
        ({"form": "长" * 10_001}, "text_too_long"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_words_that_are_none_are_wrong_usage(refused: Run, facts: dict[str, str], code: str) -> None:
    """Days, numbers and texts that are none exit 2, and nothing is registered."""
    assert refused(*words(**facts), status=2)["error"] == code


@pytest.mark.parametrize("missing", ["--kind", "--name", "--channel", "--received", "--subject"])
def test_a_missing_fact_is_named(run: Run, missing: str) -> None:
    """Each fact that a registration needs is named where it is missing."""
    given = [word for pair in FACTS.items() if pair[0] != missing for word in pair]

    result = run("register", *given, "--json")

    assert (result.status, result.error["error"]) == (2, "missing_parameter")
    assert missing in result.error["message"]


def test_the_nearest_code_is_offered(refused: Run) -> None:
    """A misspelt code is answered with the one that is meant."""
    assert "natural_person" in refused(*words(kind="natural_persn"))["message"]
    assert "online" in refused(*words(channel="onlin"))["message"]


@pytest.mark.parametrize("number", ["2026-0001", "依申请1号", "x" * 64])
def test_a_taken_number_is_refused(refused: Run, run: Run, number: str) -> None:
    """A number that is given already is refused."""
    run(*words(number=number))

    assert refused(*words(number=number))["error"] == "number_taken"


def test_numbers_run_on_without_a_gap(registered: Run, refused: Run) -> None:
    """Each year of receipt has its own series; a refused registration takes no number."""
    first = registered()
    assert refused(*words(kind="alien"))["error"] == "unknown_kind"
    assert refused(*words(subject=""))["error"] == "subject_missing"
    second = registered()
    older = registered(received="2025-12-31")

    assert [first, second, older] == ["2026-0001", "2026-0002", "2025-0001"]


def test_a_number_given_by_hand_moves_the_series_on(registered: Run) -> None:
    """After a number of the pattern that was given by hand the series goes on behind it."""
    numbers = [registered(), registered(number="2026-0005"), registered(), registered(number="手工1"),
               registered()]  # fmt: skip

    assert numbers == ["2026-0001", "2026-0005", "2026-0006", "手工1", "2026-0007"]


@pytest.mark.parametrize("serial", ["9" * 10, "9" * 18, "9" * 19, "9" * 20, "9" * 59])
def test_a_number_too_long_for_any_series_is_answered_properly(
    run: Run, registered: Run, serial: str
) -> None:
    """A number whose serial no database can count is kept as it is, or refused; never a fault."""
    result = run(*words(number=f"2026-{serial}"))

    assert result.status in (0, 1, 2)
    assert run("verify").status == 0
    assert registered(received="2025-12-31") == "2025-0001"


def test_two_days_between_submission_and_receipt_are_worth_a_word(run: Run) -> None:
    """Submission and receipt more than one working day apart are registered with a warning."""
    apart = run(*words(submitted="2026-10-29"))
    near = run(*words(submitted="2026-10-30", subject="另一份文件"))

    assert (apart.status, near.status) == (0, 0)
    assert "2026-10-29" in apart.err
    assert near.err == ""


TEXTS = {
    "template": "{{ 7*7 }}{% raw %}",
    "format": "{number} {0} %s %(x)s",
    "markup": "[red]王[/]五[/red][link=x]",
    "html": "<script>alert('x')</script>&amp;",
    "sql": "'; DROP TABLE entries; --",
    "formula": "=1+1",
    "emoji": "王🙂五",
    "joined emoji": "👨‍👩‍👧家庭农场",
    "rare": "𠮷田𪚥",
    "private use": "王\ue000五",
    "combining": "ẹ́ñ",
    "right to left": "أحمد",
    "thousand": "长" * 1000,
    "long word": "x" * 1000,
    "newline": "上\n下",
    "tab": "上\t下",
    "quotes": "“”‘’\"'`",
    "backslash": "C:\\n\\x41",
    "wide space": "欧阳\u3000明月",
    "no-break space": "欧阳\u00a0明月",
    "option": "--json",
    "json": '{"a": 1}',
    "null": "None",
    "number": "00123",
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("fact", ["name", "subject"])
def test_a_text_is_kept_and_shown_as_it_is(run: Run, fact: str, kind: str) -> None:
    """Whatever printable text a name or subject is, it comes back unchanged, and every screen works."""
    text = TEXTS[kind]

    made = run(*words(**{fact: text}))

    assert made.status == 0, made.err
    case = run("show", "2026-0001", "--json", "--personal").json
    assert (case["applicant"]["name"] if fact == "name" else case["subject"]) == text
    for view in (
        ["show", "2026-0001"],
        ["show", "2026-0001", "--personal"],
        ["list", "--personal"],
        ["due", "--personal"],
        ["rollup", "2026", "--cell", "new:total"],
    ):
        result = run(*view)
        assert (result.status, result.err) == (0, "")


@pytest.mark.parametrize("kind", ["template", "markup", "emoji", "rare", "sql", "quotes"])
def test_an_odd_text_is_on_the_screen_sign_by_sign(run: Run, kind: str) -> None:
    """No sign of a text is read as markup, template or format: the screen shows it whole."""
    run(*words(subject=TEXTS[kind]))

    assert TEXTS[kind] in run("list").out
    assert TEXTS[kind] in run("show", "2026-0001").out


@pytest.mark.parametrize("kind", TEXTS)
def test_an_odd_text_may_be_searched_for(run: Run, kind: str) -> None:
    """What was registered is found by its own text."""
    run(*words(subject=TEXTS[kind]))

    assert len(run("list", "--search", TEXTS[kind], "--json").json) == 1


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{value}", "[red]", "😀", "x" * 1000, "%s"])
def test_an_odd_text_in_a_refusal_is_quoted_as_it_is(run: Run, text: str) -> None:
    """A refusal quotes what was typed, and reads nothing into it."""
    for line in (
        words(kind=text),
        ["show", text],
        ["transition", text, text],
        [text],
        ["list", "--state", text],
    ):
        result = run(*line)
        assert result.status in (1, 2), result.err
        assert text in result.err


def test_texts_are_kept_without_the_space_around_them(run: Run) -> None:
    """Space at either end of a text is not kept."""
    run(*words(name=" 欧阳明月 ", subject=" 预算\n"))

    case = run("show", "2026-0001", "--json", "--personal").json
    assert (case["applicant"]["name"], case["subject"]) == ("欧阳明月", "预算")


def test_bytes_that_are_no_text_are_refused(process: Run, run: Run) -> None:
    """Arguments that are not UTF-8 are refused with exit 2, whatever they stand for."""
    for facts in ({"name": b"\xff\xfe"}, {"subject": "预算".encode("gb18030")}):
        given = [word.encode() for word in words()[1:]]
        for name, value in facts.items():
            given[given.index(f"--{name}".encode()) + 1] = value
        result = process("--today", "2026-11-24", "register", *given, "--json")
        assert (result.returncode, result.stdout) == (2, b"")
        assert json.loads(result.stderr)["error"] == "not_utf8"
    assert run("list", "--json").json == []


@pytest.mark.parametrize(
    "line",
    [
        [b"show", b"\xff"],
        [b"\xff\xfe"],
        [b"--config", b"\xe9.toml", b"list"],
        [b"list", b"--search", b"\x80"],
        [b"transition", b"2026-0001", b"accept", b"--set", b"\xff=\xff"],
        [b"import", b"\xff.csv"],
    ],
)
def test_bytes_that_are_no_text_are_refused_anywhere(process: Run, line: list[bytes]) -> None:
    """Wherever bytes that are no text stand on the command line, the answer is exit 2 and a sentence."""
    result = process(*line)

    assert (result.returncode, result.stdout) == (2, b"")
    assert "Traceback" not in result.stderr.decode()


def test_a_terminal_of_another_encoding_gets_no_fault(process: Run, registered: Run) -> None:
    """Output is UTF-8 whatever the environment says of the terminal."""
    registered(subject="土地𠮷🙂")

    result = process(
        "list", "--json", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )

    assert result.returncode == 0
    assert json.loads(result.stdout)[0]["subject"] == "土地𠮷🙂"
