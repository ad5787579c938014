"""The chain of entries read from its first link to its last: whether anything in it was changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from requestflow.domain.entries import GENESIS, chained_digest, personal_digest
from requestflow.errors import Finding
from requestflow.services.progress import Progress
from requestflow.storage import ledger
from requestflow.storage.database import Session
from requestflow.storage.ledger import Link


@dataclass(slots=True)
class Proof:
    """How much of the chain was read, its last digest, and every problem with its place."""

    entries: int = 0
    digest: str = GENESIS
    problems: list[Finding] = field(default_factory=list)


def _link_problems(link: Link, expected: int, previous: str) -> Iterator[Finding]:
    if link.sequence != expected:
        yield Finding("chain_gap", link.number, {"expected": expected, "found": link.sequence})
    if link.salt is not None and link.personal_digest != personal_digest(link.salt, link.entry.personal):
        yield Finding("personal_changed", link.number, {"entry": link.entry.number})
    if link.salt is not None and link.personal_digest is None:
        yield Finding("personal_changed", link.number, {"entry": link.entry.number})
    digest = chained_digest(previous, link.sequence, link.number, link.entry, link.personal_digest)
    if digest != link.digest:
        yield Finding("entry_changed", link.number,
                      {"entry": link.entry.number, "sequence": link.sequence})  # fmt: skip


def read_chain(session: Session, proof: Proof, progress: Progress = lambda _done, _all: None) -> None:
    """Reads the chain in its order; after a break it goes on from what is written there.

    Raises:
        Refused: `record_unreadable`; what was found until there stands in `proof`.
    """
    length, digest = ledger.head(session)
    expected, previous = 1, GENESIS
    for link in ledger.chain(session):
        proof.problems += _link_problems(link, expected, previous)
        expected, previous = link.sequence + 1, link.digest
        proof.entries += 1
        progress(proof.entries, length * 2)
    if (expected - 1, previous) != (length, digest):
        facts = {"expected": length, "found": expected - 1}
        proof.problems.append(Finding("chain_end", "", facts))
    proof.digest = previous
