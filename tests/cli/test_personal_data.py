"""What identifies a person is masked unless `--personal` asks for it, on screens and in documents."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
PERSON = {
    "name": "欧阳明月",
    "id_number": "321302199001011234",
    "contact": "13800138000",
    "address": "幸福路88号",
}
PARTY = "赵钱孙李公司"
SECRETS = [*PERSON.values(), PARTY]


@pytest.fixture
def number(once: Run, registered: Run, moved: Run) -> str:
    """A case of a person with everything stated, an earlier one of theirs, and a third party."""

    def make() -> str:
        registered(received="2026-10-12", **PERSON)
        number = str(registered(**PERSON))
        moved(number, "accept@2026-11-02", f"consult_third_party@2026-11-03 --set party={PARTY}")
        return number

    return str(once("personal", make))


READING = [
    ["show", "2026-0002"],
    ["list"],
    ["list", "--search", "欧阳"],
    ["due"],
    ["similar", "2026-0002"],
]
NEVER = [
    ["deadline", "2026-0002"],
    ["next", "2026-0002"],
    ["rollup", "2026", "--cell", "new:total"],
    ["verify"],
]


@pytest.mark.usefixtures("number")
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["screen", "document"])
@pytest.mark.parametrize("words", [*READING, *NEVER], ids=" ".join)
def test_personal_data_are_never_in_clear(run: Run, words: list[str], json: list[str]) -> None:
    """Without `--personal` no name, number, contact, address or third party is printed in full."""
    result = run(*words, *json)

    assert result.status == 0, result.err
    assert not [secret for secret in SECRETS if secret in result.out + result.err]


@pytest.mark.parametrize("json", [[], ["--json"]], ids=["screen", "document"])
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_personal_data_are_shown_when_asked_for(
    run: Run, number: str, words: list[str], json: list[str]
) -> None:
    """With `--personal` the name is printed as it was given."""
    result = run(*words, "--personal", *json)

    assert result.status == 0, result.err
    assert PERSON["name"] in result.out
    assert number


@pytest.mark.parametrize("json", [[], ["--json"]], ids=["screen", "document"])
def test_a_whole_case_is_shown_in_clear_when_asked_for(run: Run, number: str, json: list[str]) -> None:
    """`show --personal` prints everything that is known of the applicant, and the third party."""
    out = run("show", number, "--personal", *json).out

    assert [secret for secret in SECRETS if secret not in out] == []


def test_steps_print_no_personal_data(run: Run, number: str) -> None:
    """What a step, a correction or voiding answers with is masked too."""
    results = [
        run("transition", number, "conclude_third_party", "--set", f"party={PARTY}", "--json"),
        run("transition", number, "decide", "--outcome", "partial", "--dry-run", "--json"),
        run("amend", number, "--entry", "1", "--set", "contact=13900139000", "--reason", "x", "--json"),
        run("void", number, "--reason", "重复登记", "--json"),
    ]

    assert [result.status for result in results] == [0] * 4
    printed = "".join(result.out + result.err for result in results)
    assert not [secret for secret in [*SECRETS, "13900139000"] if secret in printed]


def test_refusals_print_no_personal_data(run: Run, number: str) -> None:
    """A refusal that has to do with a party does not print the party."""
    result = run("transition", number, "consult_third_party", "--set", f"party={PARTY}", "--json")

    assert result.error["error"] == "already_consulted"
    assert PARTY not in result.err


@pytest.mark.parametrize("name", ["王", "王五", "Ö", "𠮷", "a b"])
def test_a_short_name_is_masked_too(run: Run, registered: Run, name: str) -> None:
    """A masked name is never the name, however short it is; it is not longer than it has to be."""
    number = registered(name=name)

    shown = run("show", number, "--json").json["applicant"]["name"]

    assert shown != name
    assert shown.strip("*") in ("", name[:1])
    assert "*" in shown


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("contact", "110"),
        ("contact", "a@b.cn"),
        ("id-number", "123"),
        ("address", "9号"),
        ("address", "北"),
    ],
)
def test_short_facts_are_masked_too(run: Run, registered: Run, fact: str, value: str) -> None:
    """A short number, contact or address is not printed in clear."""
    number = registered(**{fact.replace("-", "_"): value})

    case = run("show", number, "--json").json

    assert case["applicant"][fact.replace("-", "_")] != value
    assert f'"{value}"' not in run("show", number, "--json").out


def test_a_name_is_found_without_being_shown(run: Run, number: str) -> None:
    """`list --search` finds a case by the applicant's name and still masks it."""
    found = run("list", "--search", PERSON["name"], "--json")

    assert [case["number"] for case in found.json] == ["2026-0001", number]
    assert found.json[0]["applicant"]["name"] == "欧***"


def test_the_log_of_entries_keeps_personal_data_apart(number: str, dump: Run) -> None:
    """The chain's own rows hold no personal data: they stand in a table of their own."""
    chain = [line for line in dump() if line.startswith('INSERT INTO "entries"')]

    assert len(chain) == 4
    assert not [secret for secret in SECRETS if secret in "".join(chain)]
    assert number
