"""The program: its own options, its commands, and what becomes of errors."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from requestflow.cli.desk import Desk
from requestflow.cli.fault_log import write_fault
from requestflow.cli.syntax import DAY, FILE, HelpedGroup, OneOf, usage_error
from requestflow.definitions.shipped import CONFIG
from requestflow.errors import RequestflowError, WrongUsage
from requestflow.messages.catalogue import LANGUAGES

FAULT = 70
INTERRUPTED = 130

# Where each command stands; the module is imported when the command is called.
_COMMANDS = {
    "daily": ("register", "list", "show", "next", "transition", "assign", "void", "similar",
              "amend"),
    "days": ("deadline", "due"),
    "reminder_commands": ("remind",),
    "enclosing": ("notice", "attach"),
    "letter_commands": ("fee", "notices"),
    "year": ("rollup",),
    "table_commands": ("check", "merge"),
    "reporting": ("report", "timeliness"),
    "closing_commands": ("year",),
    "dispute_commands": ("dispute",),
    "office_commands": ("office",),
    "upkeep_commands": ("init", "import", "verify", "upgrade", "workflow", "demo"),
    "calendar_commands": ("calendar",),
}  # fmt: skip


def command_names() -> list[str]:
    """Every command by its words, those of groups included."""
    program = _program()
    found: list[str] = []
    for name, load in program.lazy.items():
        loaded = load()
        inner = loaded.lazy if isinstance(loaded, HelpedGroup) else {}
        found += [name, *(f"{name} {part}" for part in inner)]
    return found


def _loader(module: str, name: str) -> Callable[[], click.Command]:
    def load() -> click.Command:
        attribute = name if name not in ("list", "import", "next") else f"{name}_"
        found: click.Command = getattr(import_module(f"requestflow.cli.{module}"), attribute)
        return found

    return load


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"requestflow {version('requestflow')}")
        ctx.exit()


def _program() -> HelpedGroup:
    lazy = {name: _loader(module, name) for module, names in _COMMANDS.items() for name in names}
    params: list[click.Parameter] = [
        click.Option(["--config"], type=FILE, metavar="FILE"),
        click.Option(["--today"], type=DAY, metavar="YYYY-MM-DD"),
        click.Option(["--lang"], type=OneOf(*LANGUAGES), metavar="zh|en"),
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False,
                     callback=_version),
    ]  # fmt: skip

    @click.pass_context
    def begin(ctx: click.Context, config: Path | None, today: Any, lang: str | None) -> None:
        desk: Desk = ctx.obj
        if config is not None:
            desk.config, desk.named = config, True
        desk.today = today
        desk.lang = lang or desk.lang

    return HelpedGroup("requestflow", params=params, callback=begin, lazy=lazy)


def _language(args: Sequence[str]) -> str | None:
    """The language of the call, known before anything is parsed: errors and help speak it too."""
    for index, arg in enumerate(args):
        value = arg.partition("=")[2] if arg.startswith("--lang=") else None
        if arg == "--lang" and index + 1 < len(args):
            value = args[index + 1]
        if value in LANGUAGES:
            return value
    return None


def _desk(args: Sequence[str]) -> Desk:
    named = os.environ.get("REQUESTFLOW_CONFIG")
    return Desk(
        config=Path(named or CONFIG),
        named=bool(named),
        today=None,
        lang=_language(args),
        as_json="--json" in args,
    )


def _check_texts(args: Sequence[str]) -> None:
    for arg in args:
        if any("\ud800" <= c <= "\udfff" for c in arg):
            raise WrongUsage("not_utf8")


def _run(args: list[str], desk: Desk) -> int:
    _check_texts(args)
    program = _program()
    with program.make_context("requestflow", list(args) or ["--help"], obj=desk) as ctx:
        program.invoke(ctx)
    return 0


def _refused(error: RequestflowError, desk: Desk) -> int:
    desk.settle_language()
    desk.report(error)
    return error.exit_code


def _attempt(args: list[str], desk: Desk) -> int:
    """Runs a command line; every way it can end has its exit status here."""
    try:
        status = _run(args, desk)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.UsageError as error:
        status = _refused(usage_error(error), desk)
    except RequestflowError as error:
        status = _refused(error, desk)
    except (KeyboardInterrupt, click.Abort):
        desk.tell(desk.words.text("interrupted"))
        status = INTERRUPTED
    except BrokenPipeError:
        _silence()
        status = 0
    except Exception as error:  # noqa: BLE001  the one place: a line for the clerk, the rest in the log
        desk.tell(
            desk.words.text("fault", kind=type(error).__name__, log=write_fault(error, desk.config))
        )
        status = FAULT
    return status


def _silence() -> None:
    """Nobody reads on: what is still to be printed goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(args: Sequence[str] | None = None) -> int:
    """Runs one command line and gives its exit status; prints no traceback, whatever happens."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller: what is said goes nowhere
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  lives as long as the program
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    given = list(sys.argv[1:] if args is None else args)
    status = _attempt(given, _desk(given))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    return status
