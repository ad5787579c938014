"""A year's rows against their histories: what is counted from rows has to be what the history says."""

from collections.abc import Iterator
from datetime import date

from requestflow.domain.tables import Period
from requestflow.errors import Finding
from requestflow.services.office import Office
from requestflow.services.verification import OWED, row_problems
from requestflow.storage import ledger, owing, registry
from requestflow.storage.database import Session


def contradicted(office: Office, session: Session, year: int) -> Iterator[Finding]:
    """Every case of a year whose row was changed past the program, as `verify` compares them.

    Of the year is what its rows count in it, and what has an entry dated in it or in the year before,
    so that a row that was moved out of the year is found too; rows that are gone are counted. What
    `calendar refresh` works out anew is no fault of a row.
    """
    dated = Period(date(year - 1, 1, 1), date(year, 12, 31))
    keys = ledger.keys_within(session, dated)
    rows = registry.concerned(session, dated, keys)
    behind = office.behind(session)
    for start in range(0, len(rows), ledger.KEYS_AT_ONCE):
        batch = rows[start : start + ledger.KEYS_AT_ONCE]
        batch_keys = [row.id for row in batch]
        histories = ledger.histories_of(session, batch_keys)
        owed = owing.of(session, batch_keys)
        for row in batch:
            if histories[row.id]:
                stored = owed.get(row.id, ())
                found = row_problems(office, row, histories[row.id], stored, behind=behind)
                yield from (one for one in found if one.code != OWED)
            else:
                yield Finding("no_history", row.summary.number, {})
    gone = len(set(keys) - {row.id for row in rows})
    if gone:
        yield Finding("rows_gone", str(year), {"count": gone})
