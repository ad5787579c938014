"""The catalogues: both languages complete, every code said once, nothing said that nobody asks for."""

import ast
import errno
import os
import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

import requestflow
from requestflow.cli import main as program_module
from requestflow.messages.catalogue import LANGUAGES, Catalogue, catalogue_keys

SOURCE = Path(requestflow.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "shipped" not in path.parts)
RAISED = {"Refused", "NotFound", "FoundProblems", "WrongUsage", "Finding", "fail"}
ASKED = {"refuse", "fault", "note", "_refuse"}  # methods that make a refusal or a finding of a code
ALWAYS_GIVEN = {"refuse": {"transition", "basis"}}
HAN = re.compile("[一-鿿]")
PARTS = ("say", "text", "help")


@cache
def trees() -> Mapping[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in MODULES}


@cache
def constants() -> frozenset[str]:
    """Every text that stands in the code, docstrings apart."""
    found = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
                found.add(node.value)
    return frozenset(found)


@cache
def prefixes() -> frozenset[str]:
    """Beginnings of texts that the code completes: `head_` of f"head_{name}"."""
    found = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.JoinedStr)
                and node.values
                and isinstance(node.values[0], ast.Constant)
            ):
                begin = str(node.values[0].value)
                if re.fullmatch("[a-z]+(_[a-z]+)*_", begin):
                    found.add(begin)
    return frozenset(found)


def is_asked_for(key: str) -> bool:
    """Whether the code names a key, or completes a beginning to it."""
    if key in constants():
        return True
    return any(key.startswith(begin) and key.removeprefix(begin) in constants() for begin in prefixes())


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def code_of(call: ast.Call) -> str | None:
    """The code that a call raises or finds, where it is written out."""
    name = name_of(call)
    if name not in RAISED | ASKED or not call.args:
        return None
    first = call.args[0]
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return first.value if is_text and re.fullmatch("[a-z][a-z0-9_]+", first.value) else None


def coded_calls() -> Iterator[tuple[str, str, ast.Call]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (code := code_of(node)):
                yield f"{path.name}:{node.lineno}", code, node


def yielded_faults() -> Iterator[tuple[str, str, set[str]]]:
    """Faults that checks of rule files yield: code, place, facts."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Yield) or not isinstance(node.value, ast.Tuple):
                continue
            code, *_place, facts = node.value.elts
            if (
                isinstance(code, ast.Constant)
                and isinstance(code.value, str)
                and isinstance(facts, ast.Dict)
            ):
                keys = {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}
                yield f"{path.name}:{node.lineno}", code.value, keys


def given_facts(call: ast.Call) -> set[str] | None:
    """The facts that a call gives, None where they are not written out on the spot."""
    if any(keyword.arg is None for keyword in call.keywords) or name_of(call) == "_refuse":
        return None
    given = {str(keyword.arg) for keyword in call.keywords} | ALWAYS_GIVEN.get(name_of(call), set())
    if name_of(call) != "Finding":
        return given
    if len(call.args) < 3:
        return given
    facts = call.args[2]
    if not isinstance(facts, ast.Dict) or None in facts.keys:
        return None
    return given | {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}


def placeholders(text: str) -> Counter[str]:
    return Counter(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)


def texts(lang: str, part: str) -> dict[str, str]:
    """Every text of a part by its key; messages and hints apart."""
    found: dict[str, str] = {}
    for key, value in catalogue_keys(lang)[part].items():
        if isinstance(value, str):
            found[key] = value
        else:
            found |= {f"{key}.{name}": text for name, text in value.items()}
    return found


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_have_the_same_keys(part: str) -> None:
    """What one language says, the other says too: messages, hints, words of screens, help."""
    zh, en = (texts(lang, part) for lang in LANGUAGES)

    assert set(zh) == set(en)


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_are_told_the_same_facts(part: str) -> None:
    """A text has the same placeholders in both languages."""
    zh, en = (texts(lang, part) for lang in LANGUAGES)
    differing = {
        key: (zh[key], en[key]) for key in zh if set(placeholders(zh[key])) != set(placeholders(en[key]))
    }

    assert differing == {}


@pytest.mark.parametrize("part", PARTS)
def test_each_language_is_itself(part: str) -> None:
    """Chinese texts are Chinese and English ones hold no Chinese, names of documents apart."""
    cited = re.compile("《[^》]*》|[0-9]+号|国办[^ ]*|苏政办[^ ]*")
    english = {
        key: text
        for key, text in texts("en", part).items()
        if HAN.search(cited.sub("", text))
        and not key.startswith("identity_")  # rows as they are printed
    }

    assert english == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_is_a_sentence(lang: str) -> None:
    """A message and a hint are whole sentences, without a sign left over at either end."""
    for key, text in texts(lang, "say").items():
        assert text == text.strip(), key
        if text:
            assert text.endswith(tuple("。；？：.?})")), (key, text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_entry_has_a_message_and_at_most_a_hint(lang: str) -> None:
    """An entry of the messages has `message`, may have `hint`, and nothing else."""
    for key, entry in catalogue_keys(lang)["say"].items():
        assert set(entry) in ({"message"}, {"message", "hint"}), key
        assert entry["message"], key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_codes_share_no_sentence(lang: str) -> None:
    """Two reasons are told in two sentences: who reads one knows which it is."""
    said = defaultdict(list)
    for key, entry in catalogue_keys(lang)["say"].items():
        said[entry["message"]].append(key)

    assert [keys for keys in said.values() if len(keys) > 1] == []


def test_every_code_has_its_sentence() -> None:
    """Whatever code is raised or found, both catalogues have a sentence for it."""
    known = set(catalogue_keys("zh")["say"]) & set(catalogue_keys("en")["say"])
    missing = {where: code for where, code, _call in coded_calls() if code not in known}

    assert missing == {}


def test_codes_that_are_put_together_have_their_sentences() -> None:
    """A code such as `unknown_` with a field behind it has a sentence for each of its fields."""
    known = set(catalogue_keys("zh")["say"])

    assert {f"unknown_{field}" for field in ("kind", "channel", "state", "outcome")} <= known
    assert {"undeclared_state", "undeclared_role", "undeclared_guard", "undeclared_limit"} <= known


def test_a_sentence_is_given_every_fact_it_names() -> None:
    """Where a code is raised with its facts written out, they are all that its sentence names."""
    lacking = {}
    for where, code, call in coded_calls():
        given = given_facts(call)
        entry = catalogue_keys("zh")["say"].get(code)
        if given is None or entry is None:
            continue
        named = {field for text in entry.values() for field in placeholders(text)}
        if not named <= given:
            lacking[f"{where} {code}"] = sorted(named - given)

    assert lacking == {}


def test_a_fault_of_a_rule_file_is_given_every_fact_that_its_sentence_names() -> None:
    """A fault that the check of a rule file yields has a sentence, and all that the sentence names."""
    found = list(yielded_faults())
    lacking = {}
    for where, code, given in found:
        entry = catalogue_keys("zh")["say"].get(code)
        named = {field for text in (entry or {}).values() for field in placeholders(text)}
        if entry is None or not named <= given:
            lacking[f"{where} {code}"] = sorted(named - given)

    assert len(found) > 10
    assert lacking == {}


@pytest.mark.parametrize("part", ["say", "text"])
def test_nothing_is_said_that_nobody_asks_for(part: str) -> None:
    """Every entry of a catalogue is named somewhere in the code."""
    unused = [key for key in catalogue_keys("zh")[part] if not is_asked_for(key)]

    assert unused == []


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with its path, the program itself as `program`."""
    program = program_module._program()
    root = click.Context(program, info_name="requestflow")
    yield "program", program, root
    pending = [(program, "", root)]
    while pending:
        group, before, above = pending.pop()
        for name in group.list_commands(above):
            command = group.get_command(above, name)
            assert command is not None
            path = f"{before}{name}"
            context = click.Context(command, info_name=name, parent=above)
            yield path, command, context
            if isinstance(command, click.Group):
                pending.append((command, f"{path}.", context))


def options_of(command: click.Command, context: click.Context) -> list[str]:
    return [param.opts[-1] for param in command.get_params(context) if isinstance(param, click.Option)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_says_what_to_do_instead(lang: str) -> None:
    """What ends a command says what was refused and why, and what to do; a finding in a list need not."""
    said = catalogue_keys(lang)["say"]
    ends = (RAISED - {"Finding"}) | {"refuse", "_refuse", "term"}
    calls = [node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    codes = {call.args[0].value for call in calls
             if name_of(call) in ends and call.args and isinstance(call.args[0], ast.Constant)}  # fmt: skip

    assert sorted(code for code in codes & set(said) if not said[code].get("hint")) == []


def test_the_form_of_a_table_is_not_the_form_of_a_reply() -> None:
    """`--form` of a table's command chooses the report form; `register --form` how the reply is wanted."""
    register = Catalogue("en").option_help("register", "--form")
    tables = [path for path, command, context in commands()
              if path != "register" and "--form" in options_of(command, context)]  # fmt: skip

    assert "report" in tables
    assert [path for path in tables if Catalogue("en").option_help(path, "--form") == register] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_has_help(lang: str) -> None:
    """Each command has its page and each of its options its line, in both languages."""
    catalogue = Catalogue(lang)
    for path, command, context in commands():
        assert catalogue.help(path), path
        for option in options_of(command, context):
            assert catalogue.option_help(path, option), f"{path} {option}"


def test_no_help_is_left_over() -> None:
    """Every entry of the help texts belongs to a command or an option that there is."""
    needed: set[str] = set()
    for path, command, context in commands():
        needed.add(path)
        for option in options_of(command, context):
            own = f"{path} {option}"
            needed.add(own if own in catalogue_keys("zh")["help"] else option)

    assert set(catalogue_keys("zh")["help"]) - needed == set()


FACTS: list[tuple[Any, str]] = [
    ("{x}", "{x}"),
    ("{0} {y!r}", "{0} {y!r}"),
    ("[red]", "[red]"),
    ([], "无"),
    (["a", "b"], "a、b"),
    ([str(n) for n in range(32)], "、".join([*(str(n) for n in range(30)), "…"])),
    (7, "7"),
    (None, "None"),
]


@pytest.mark.parametrize(("fact", "shown"), FACTS, ids=str)
def test_a_fact_is_shown_as_it_is(fact: Any, shown: str) -> None:
    """Nothing is read into a fact: its braces and brackets stay; lists are cut where they grow long."""
    assert Catalogue("zh").say("doubled_number", {"number": fact}).message == f"申请编号 {shown} 重复。"


def test_what_the_system_says_is_said_in_our_languages() -> None:
    """A file that cannot be written is explained in the clerk's language, not in the system's."""
    facts = {"file": "回执.docx", "reason": os.strerror(errno.EACCES)}

    assert "没有权限" in Catalogue("zh").say("file_unwritable", facts).message
    assert "no permission" in Catalogue("en").say("file_unwritable", facts).message
