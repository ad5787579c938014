"""Commands and options that take their help from the catalogues, and types that explain themselves."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from requestflow.cli.desk import Desk
from requestflow.errors import WrongUsage
from requestflow.messages.catalogue import Catalogue


def _words(ctx: click.Context) -> Catalogue:
    desk: Desk = ctx.find_root().obj
    return desk.words


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """The day, or a refusal that says how to write one."""
        del param, ctx
        from requestflow.domain.facts import parse_day

        return value if isinstance(value, date) else parse_day(value)


class Whole(click.ParamType[int]):
    """A whole number from a least to a most."""

    name = "N"

    def __init__(self, least: int = 0, most: int = 999_999) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        """The number, or a refusal that names the range."""
        del param, ctx
        text = str(value)
        fits = text.isascii() and text.isdigit() and len(text) <= len(str(self.most))
        if not fits or not self.least <= int(text) <= self.most:
            raise WrongUsage("number_out_of_range", text=text, least=self.least, most=self.most)
        return int(text)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "WORD"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The word, or a refusal that lists the words."""
        del param, ctx
        if value not in self.words:
            raise WrongUsage("not_one_of", text=value, words=list(self.words))
        return str(value)


class KeyValue(click.ParamType[tuple[str, str]]):
    """KEY=VALUE."""

    name = "KEY=VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, str]:
        """Both sides."""
        del param, ctx
        if isinstance(value, tuple):
            return value
        key, equals, text = str(value).partition("=")
        if not equals or not key.strip():
            raise WrongUsage("not_key_value", text=value)
        return key.strip(), text


class FilePath(click.ParamType[Path]):
    """A path; whether there is such a file is the command's to say."""

    name = "FILE"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        """The path."""
        del param, ctx
        return Path(value)


class Helped(click.Command):
    """A command whose help page stands in the catalogues under its path."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses; what is left over is named in the office's language."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if isinstance(self, click.Group) and not ctx._protected_args and not ctx.resilient_parsing:  # noqa: SLF001
            raise WrongUsage("missing_parameter", name="COMMAND", command=ctx.command_path)
        extra = [*ctx._protected_args, *ctx.args]  # noqa: SLF001  a group keeps its command there
        if extra and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise WrongUsage("extra_arguments", arguments=extra)
        return rest

    def key(self, ctx: click.Context) -> str:
        """Where its help stands: `workflow.check`; the program itself under `program`."""
        names = ctx.command_path.split(" ")[1:]
        return ".".join(names) or "program"

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        words = _words(ctx)
        pieces = [p for p in self.collect_usage_pieces(ctx) if p != self.options_metavar]
        usage = " ".join([words.text("options_metavar"), *pieces])
        formatter.write_usage(ctx.command_path, usage, prefix=words.text("usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            for line in _words(ctx).help(self.key(ctx)).splitlines():
                formatter.write(" " * formatter.current_indent + line + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, each with its line of the catalogue."""
        words = _words(ctx)
        rows = []
        for param in self.get_params(ctx):
            if not isinstance(param, click.Option):
                continue
            record = param.get_help_record(ctx)
            name = record[0] if record else param.opts[-1]
            text = words.option_help(self.key(ctx), param.opts[-1])
            rows.append((name, text + (words.text("required") if param.required else "")))
        if rows:
            with formatter.section(words.text("options")):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, its text in the catalogues too."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = " "
        return found


class HelpedGroup(Helped, click.Group):
    """A group whose commands are loaded when they are called."""

    def __init__(self, *args: Any, lazy: dict[str, Callable[[], click.Command]] | None = None,
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.no_args_is_help = False  # `parse_args` says what is missing
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of a clerk's day."""
        del ctx
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads a command."""
        del ctx
        load = self.lazy.get(cmd_name)
        return load() if load else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds a command, or names the nearest.

        Raises:
            WrongUsage: `unknown_command`.
        """
        if args[0] not in self.lazy:
            from requestflow.domain.facts import near

            known = list(self.lazy)
            raise WrongUsage("unknown_command", command=args[0], near=near(args[0], known) or known)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands with the first line of their help, none of them loaded."""
        words = _words(ctx)
        prefix = "" if self.key(ctx) == "program" else self.key(ctx) + "."
        rows = [(name, words.help(prefix + name).partition("\n")[0]) for name in self.lazy]
        with formatter.section(words.text("commands")):
            formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        Helped.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line of a group."""
        words = _words(ctx)
        formatter.write_usage(ctx.command_path, words.text("group_metavar"),
                              prefix=words.text("usage"))  # fmt: skip


def usage_error(error: click.UsageError) -> WrongUsage:
    """A fault of the command line in our own words."""
    ctx = error.ctx
    if isinstance(error, click.NoSuchOption):
        from requestflow.domain.facts import near

        params = ctx.command.get_params(ctx) if ctx else []
        known = [name for p in params if isinstance(p, click.Option) for name in p.opts]
        return WrongUsage("unknown_option_name", option=error.option_name,
                          near=near(error.option_name, known) or known)  # fmt: skip
    if isinstance(error, click.MissingParameter) and error.param is not None:
        param = error.param
        named = param.opts[-1] if isinstance(param, click.Option) else param.make_metavar(ctx)  # type: ignore[arg-type]
        return WrongUsage("missing_parameter", name=named, command=ctx.command_path if ctx else "")
    if isinstance(error, click.BadOptionUsage):
        return WrongUsage("option_needs_value", option=error.option_name)
    return WrongUsage("wrong_usage", problem=error.format_message())


def command(*params: Callable[[Any], Any], no_json: bool = False) -> Callable[[Any], click.Command]:
    """Makes a function a command that is given the desk; `--json` comes with every one."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @click.pass_context
        def run(ctx: click.Context, /, **values: Any) -> None:
            values.pop("as_json", None)
            function(ctx.find_root().obj, **values)

        wrapped: Any = run
        if not no_json:
            wrapped = click.option("--json", "as_json", is_flag=True)(wrapped)
        for param in reversed(params):
            wrapped = param(wrapped)
        name = function.__name__.rstrip("_").replace("_", "-")
        return click.command(name, cls=Helped, add_help_option=True)(wrapped)

    return decorate


def fail(code: str, **facts: object) -> NoReturn:
    """Refuses a combination of options."""
    raise WrongUsage(code, **facts)


def as_mapping(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """`--set` options as facts.

    Raises:
        WrongUsage: one of them is given twice.
    """
    found: dict[str, str] = {}
    for key, value in pairs:
        if key in found:
            raise WrongUsage("fact_given_twice", fact=key)
        found[key] = value
    return found


DAY = Day()
YEAR = Whole(1990, 2100)  # what a calendar can know
BY = click.option("--by", metavar="PERSON")
FILE = FilePath()
PAIR = KeyValue()
