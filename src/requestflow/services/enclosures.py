"""What `verify` says of letters and attachments: words, bytes and numbers as the history has them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby

from requestflow.domain.attachments import Attachment
from requestflow.domain.letters import IssuedLetter, issued, salted
from requestflow.domain.workflow import ATTACH, LETTER_ACTS
from requestflow.errors import Finding
from requestflow.services.attaching import store_of
from requestflow.services.letter_numbers import starts
from requestflow.services.office import Office
from requestflow.storage import ledger, letter_store
from requestflow.storage.attachment_store import Stored
from requestflow.storage.database import Session
from requestflow.storage.letter_store import Row

Told = Mapping[str, tuple[str, IssuedLetter]]  # by reference: the application, and the letter


def _in_histories(session: Session) -> Told:
    """Every letter that a history tells of, by its reference, with its application."""
    found: dict[str, tuple[str, IssuedLetter]] = {}
    told = ledger.acts(session, LETTER_ACTS)
    for number, entries in groupby(told, key=lambda pair: pair[0]):
        for letter in issued([entry for _number, entry in entries]).values():
            found[letter.reference] = (number, letter)
    return found


def _kept_problems(row: Row, letter: IssuedLetter) -> Iterator[Finding]:
    """The words and bytes of a letter against the digests in the chain; removed ones prove nothing."""
    facts = {"letter": letter.reference}
    if row.words is None:
        if row.prints:
            yield Finding("letter_half_removed", row.application, facts)
        return
    if salted(row.words.salt, row.words.content.encode()) != letter.digest:
        yield Finding("letter_changed", row.application, facts)
    for form in sorted({*row.prints, *letter.prints}):
        content, digest = row.prints.get(form), letter.prints.get(form)
        if content is None or digest != salted(row.words.salt, content):
            yield Finding("letter_print_changed", row.application, {**facts, "format": form})


def _row_problems(row: Row, told: Told) -> Iterator[Finding]:
    application, letter = told.get(row.number, ("", None))
    if letter is None or (application, letter.entry, letter.place) != (
        row.application,
        row.entry,
        row.place,
    ):
        yield Finding("letter_row_differs", row.application, {"letter": row.number})
        return
    yield from _kept_problems(row, letter)


def _series_problems(session: Session, told: Told) -> Iterator[Finding]:
    """Each series runs from 1, or on from its paper book, to its last: none missing, none twice."""
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    for _application, letter in told.values():
        if letter.place:
            given[letter.place.series, letter.place.year].append(letter.place.serial)
    last, begun = letter_store.last_serials(session), starts(session)
    for series, year in sorted({*given, *last, *begun}):
        serials = sorted(given[series, year])
        first = begun[series, year].last + 1 if (series, year) in begun else 1
        stands = last.get((series, year), 0)
        if serials != list(range(first, stands + 1)) or stands < first - 1:
            facts = {"series": series, "year": year, "count": len(serials),
                     "first": first, "last": stands}  # fmt: skip
            yield Finding("letter_series_broken", "", facts)


def letter_problems(session: Session) -> list[Finding]:
    """All that does not hold about the letters of an office."""
    told = _in_histories(session)
    found: list[Finding] = []
    seen = set()
    for row in letter_store.rows(session):
        seen.add(row.number)
        found += _row_problems(row, told)
    for reference, (application, _letter) in told.items():
        if reference not in seen:
            found.append(Finding("letter_row_differs", application, {"letter": reference}))
    return [*found, *_series_problems(session, told)]


def attachment_problems(office: Office, session: Session) -> tuple[list[Finding], list[Finding]]:
    """Files that are gone or changed; and, as notes, files in the folder that no case knows of."""
    store = store_of(office)
    problems: list[Finding] = []
    known: dict[str, str | None] = {}
    for number, entry in ledger.acts(session, (ATTACH,)):
        file = Attachment.of(entry)
        if file.sha256 not in known:
            known[file.sha256] = store.fault(Stored(file.sha256, file.size))
        fault = known[file.sha256]
        if fault is not None:
            problems.append(Finding(fault, number, {"entry": file.entry, "sha256": file.sha256}))
    orphans = [sha256 for sha256 in store.contents() if sha256 not in known]
    facts = {"count": len(orphans), "folder": str(store.folder)}
    return problems, [Finding("attachments_unknown", "", facts, warning=True)] if orphans else []
