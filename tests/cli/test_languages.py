"""Help pages and screens in Chinese first and in English; the office's own setting in between."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import command_names

Run = Callable[..., Any]
HAN = re.compile("[一-鿿]")

COMMANDS = [[], *(name.split() for name in command_names())]


@pytest.fixture
def _busy_year(once: Run, registered: Run, moved: Run) -> None:
    """An office with an answered case, a consultation under way and an overdue one."""

    def make() -> None:
        answered = registered(received="2026-10-09")
        moved(answered, "accept@2026-10-09", "extend@2026-10-12 --by head --days 10",
              "decide@2026-11-05 --outcome partial", "deliver@2026-11-06 --set method=post")  # fmt: skip
        waiting = registered()
        moved(waiting, "accept@2026-11-03", "consult_third_party@2026-11-04 --set party=示例公司")
        registered(received="2026-09-01", submitted="2026-08-03")

    once("languages", make)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_in_both_languages(run: Run, words: list[str]) -> None:
    """`--help` of every command prints its page in the language asked for, and needs no office."""
    nowhere = Path("no-such-folder") / "config.toml"
    chinese = run(*words, "--help", config=nowhere)
    english = run("--lang", "en", *words, "--help", config=nowhere)

    assert (chinese.status, english.status) == (0, 0)
    assert HAN.search(chinese.out)
    assert not HAN.search(english.out)
    assert chinese.err == english.err == ""


@pytest.mark.parametrize("words", COMMANDS[1:], ids=" ".join)
def test_every_option_has_a_line_of_help(run: Run, words: list[str]) -> None:
    """On a help page no option and no command stands without its line."""
    page = run("--lang", "en", *words, "--help").out
    listed = [line for line in page.splitlines() if re.match(r"  (-|[a-z]+ {2})", line)]

    assert listed
    for index, line in enumerate(page.splitlines()):
        if line in listed:
            following = page.splitlines()[index + 1 : index + 2]
            text = re.split(r" {2,}", line.strip(), maxsplit=1)[1:] or following
            assert text, line
            assert text[0].strip(), line


def test_the_program_lists_every_command(run: Run) -> None:
    """The program's help page names every command with what it is for."""
    page = run("--help").out

    for words in COMMANDS[1:]:
        assert re.search(rf"^  {words[0]} +\S", page, re.MULTILINE), words


def test_chinese_is_the_language_where_nothing_is_said(run: Run) -> None:
    """Without `--lang` and without an office's setting the program speaks Chinese."""
    assert HAN.search(run("--help").out)
    assert HAN.search(run("list").out)


def test_the_offices_language_holds_for_its_commands(run: Run, folder: Path) -> None:
    """An office that has set English is answered in English; `--lang` goes before the setting."""
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('language = "zh"', 'language = "en"'), "utf-8")

    assert not HAN.search(run("list").out)
    assert not HAN.search(run("show", "2026-0099").err)
    assert HAN.search(run("--lang", "zh", "list").out)


@pytest.mark.parametrize("form", ["--lang=en", "--lang en"])
def test_a_fault_before_the_command_speaks_the_language_asked_for(run: Run, form: str) -> None:
    """Errors of parsing itself speak the language of the call."""
    result = run(*form.split(), "list", "--nosuch")

    assert result.status == 2
    assert not HAN.search(result.err)


@pytest.mark.usefixtures("_busy_year")
@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["show", "2026-0001"],
        ["show", "2026-0002"],
        ["next", "2026-0002"],
        ["due"],
        ["deadline", "2026-0001"],
        ["deadline", "2026-0002"],
        ["similar", "2026-0003"],
        ["rollup", "2026"],
        ["rollup", "2026", "--cell", "concluded:total"],
        ["verify"],
        ["workflow", "check"],
        ["calendar", "show", "2026"],
        ["calendar", "after", "2026-12-04", "--days", "20"],
        ["list", "--kind", "enterprise"],
        ["deadline", "2026-0002", "--assume", "withdraw@2026-11-24"],
    ],
    ids=" ".join,
)
def test_every_screen_speaks_both_languages(run: Run, words: list[str]) -> None:
    """A screen has its words in the language asked for; the data on it stay what they are."""
    chinese, english = run(*words), run("--lang", "en", *words)

    assert (chinese.status, english.status) == (0, 0), chinese.err + english.err
    assert HAN.search(chinese.out)
    assert re.search("[A-Za-z]{4}", english.out)
    assert chinese.out != english.out


@pytest.mark.usefixtures("_busy_year")
def test_documents_are_the_same_in_both_languages(run: Run) -> None:
    """Keys and codes of documents are English in either language."""
    for words in (
        ["list"],
        ["show", "2026-0001"],
        ["due"],
        ["deadline", "2026-0002"],
        ["rollup", "2026"],
    ):
        assert run(*words, "--json").out == run("--lang", "en", *words, "--json").out


@pytest.mark.usefixtures("_busy_year")
def test_warnings_of_a_step_go_to_standard_error(run: Run) -> None:
    """What is worth a word is said on standard error, in either language, and is not in the data."""
    chinese = run(
        "transition", "2026-0003", "accept", "--on", "2026-11-02", "--set", "remark=急", "--json"
    )
    english = run("--lang", "en", "transition", "2026-0003", "request_correction", "--json")

    assert (chinese.status, english.status) == (0, 0)
    assert "remark" in chinese.err
    assert HAN.search(chinese.err)
    assert english.err
    assert not HAN.search(english.err.replace("条例", ""))
