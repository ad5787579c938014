"""What lies in a case besides its history: letters that are sent, files that came in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli import letter_documents, letter_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, DAY, FILE, Whole, command, fail

if TYPE_CHECKING:
    from requestflow.services.letter_orders import Handed, Order

WITHDRAW = "withdraw"
_DEFAULT_FORMAT = "docx"
_MOST_WORDS = 2


def _format(output: Path | None, *, as_json: bool) -> str | None:
    """The format of a file's name; by default a Word file, and none where the document is wanted."""
    from requestflow.services.letter_prints import FORMATS

    if output is None:
        return None if as_json else _DEFAULT_FORMAT
    form = output.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        fail("unknown_file_format", file=output.name, formats=" ".join(f".{name}" for name in FORMATS))
    return form


def _default_name(desk: Desk, found: "Handed") -> Path:
    """A file in the current folder, named by application and kind; a draft says so."""
    from requestflow.domain.file_names import safe_name

    kind = found.kind.words.zh if found.kind else found.letter.kind
    mark = "" if found.record else f"-{desk.words.text('draft_mark')}"
    return Path(safe_name(f"{found.application}-{kind}{mark}.{_DEFAULT_FORMAT}"))


def _write(desk: Desk, found: "Handed", output: Path | None, *, overwrite: bool) -> Path:
    from requestflow.files import write_new, write_over

    path = output or _default_name(desk, found)
    (write_over if overwrite else write_new)(path, found.content, personal=True)
    return path


def _say(desk: Desk, found: "Handed", file: Path | None) -> None:
    if desk.as_json:
        desk.print_json(letter_documents.handed(found, file))
        return
    key, reference = "letter_drafted", ""
    if found.record is not None:
        key, reference = "letter_issued" if found.new else "letter_again", found.record.reference
    kind = desk.words.words(found.kind.words) if found.kind else found.letter.kind
    desk.print(desk.words.text(key, letter=reference, kind=kind, application=found.application))
    if file is not None:
        desk.tell(desk.words.text("written", file=file))


def _letters(desk: Desk, number: str) -> None:
    from requestflow.domain.letters import letters_of
    from requestflow.services import casework

    case = casework.read(desk.office, number)
    if desk.as_json:
        desk.print_json([letter_documents.letter(one) for one in letters_of(case)])
    elif letters_of(case):
        letter_screens.letters(desk, case)
    else:
        desk.print(desk.words.text("no_letters"))


def _withdraw(desk: Desk, words: tuple[str, ...], reason: str | None, by: str | None) -> None:
    from requestflow.services.issued_letters import withdraw

    if not words:
        fail("missing_parameter", name="NUMBER", command="requestflow notice withdraw")
    found = withdraw(desk.office, words, reason or "", by)
    desk.warn(found.warnings)
    if desk.as_json:
        desk.print_json(letter_documents.handed(found, None))
    elif found.record is not None:
        desk.print(desk.words.text("letter_taken_back", letter=found.record.reference,
                                   application=found.application))  # fmt: skip


def _handed(desk: Desk, words: tuple[str, ...], order: "Order", *, draft: bool) -> "Handed":
    from requestflow.services import correspondence, issued_letters

    reference = issued_letters.reference_of(desk.office, words)
    if reference is not None and not draft:
        return issued_letters.again(desk.office, reference, order)
    act = correspondence.draft if draft else correspondence.issue
    return act(desk.office, words[0], order)


@command(
    click.argument("words", nargs=-1, metavar="NUMBER [KIND]"),
    click.option("-o", "output", type=FILE, metavar="FILE.docx|.pdf|.html|.txt"),
    click.option("--on", "on", type=DAY),
    click.option("--draft", is_flag=True),
    click.option("--provisional", is_flag=True),
    click.option("--entry", type=Whole(1), metavar="N"),
    click.option("--overwrite", is_flag=True),
    click.option("--list", "listed", is_flag=True),
    click.option("--reason", metavar="TEXT"),
    BY,
)
def notice(
    desk: Desk, words: tuple[str, ...], *, listed: bool, reason: str | None, **options: Any
) -> None:
    """Numbers, prints and records a letter; or gives it again, or takes it back."""
    if words[:1] == (WITHDRAW,):
        _withdraw(desk, words[1:], reason, options["by"])
        return
    if not words:
        fail("missing_parameter", name="NUMBER", command="requestflow notice")
    if len(words) > _MOST_WORDS:
        fail("extra_arguments", arguments=list(words[_MOST_WORDS:]))
    if listed:
        _letters(desk, words[0])
        return
    _notice(desk, words, **options)


def _notice(desk: Desk, words: tuple[str, ...], *, output: Path | None, draft: bool, overwrite: bool,
            **options: Any) -> None:  # fmt: skip
    from requestflow.files import check_new
    from requestflow.services.letter_orders import Order

    def ready(found: "Handed") -> None:
        """A letter is not issued for a file that cannot be written."""
        if form and not overwrite:
            check_new(output or _default_name(desk, found), found.content)

    form = _format(output, as_json=desk.as_json)
    order = Order(kind=words[1] if len(words) > 1 else None, form=form, ready=ready, **options)
    found = _handed(desk, words, order, draft=draft)
    desk.warn(found.warnings)
    file = _write(desk, found, output, overwrite=overwrite) if form else None
    _say(desk, found, file)


@command(
    click.argument("number"),
    click.argument("files", nargs=-1, type=FILE, metavar="FILE…"),
    click.option("--note", default="", metavar="TEXT"),
    click.option("--list", "listed", is_flag=True),
    click.option("--export", "folder", type=FILE, metavar="DIR"),
    click.option("--personal", is_flag=True),
    BY,
)
def attach(desk: Desk, number: str, files: tuple[Path, ...], *, listed: bool, folder: Path | None,
           personal: bool, **options: Any) -> None:  # fmt: skip
    """Lays files into a case, lists them, or writes them out."""
    if bool(files) + listed + (folder is not None) != 1:
        fail("attach_one_thing")
    if folder is not None:
        _export(desk, number, folder)
    elif listed:
        _list(desk, number, personal=personal)
    else:
        _attach(desk, number, files, personal=personal, **options)


def _attach(desk: Desk, number: str, files: tuple[Path, ...], *, personal: bool, note: str,
            by: str | None) -> None:  # fmt: skip
    from requestflow.services.attaching import Lot
    from requestflow.services.attaching import attach as act

    done = act(desk.office, number, Lot(files, note, by))
    desk.warn(done.warnings)
    if desk.as_json:
        desk.print_json(
            [letter_documents.attachment(file, done.case, personal=personal) for file in done.files]
        )
    else:
        number = done.case.application.number
        desk.print(desk.words.text("attached", number=number, count=len(done.files)))


def _list(desk: Desk, number: str, *, personal: bool) -> None:
    from requestflow.domain.attachments import attachments_of
    from requestflow.services import casework

    case = casework.read(desk.office, number)
    if desk.as_json:
        desk.print_json(letter_documents.attachments(case, personal=personal))
    elif attachments_of(case.history):
        letter_screens.attachments(desk, case, personal=personal)
    else:
        desk.print(desk.words.text("no_attachments"))


def _export(desk: Desk, number: str, folder: Path) -> None:
    from requestflow.services.attaching import export

    done = export(desk.office, number, folder)
    if desk.as_json:
        desk.print_json([{"entry": entry, "file": str(path)} for entry, path in done.files.items()])
    else:
        for path in done.files.values():
            desk.print(str(path))
