"""Every kind of letter, word for word: what comes out is compared with what was read and found right."""

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.documents.letter_text import as_text
from requestflow.domain.case import Case
from requestflow.services.office import Office
from requestflow.services.wording import draft_letter

GOLDEN = Path(__file__).parents[1] / "golden"
TOLD: dict[str, dict[str, Any]] = tomllib.loads((GOLDEN / "letters.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", TOLD)
def test_the_letter_reads_as_it_was_read(letters: Office, tell: Any, name: str) -> None:
    """A letter says what its golden text says; a change of wording shows as a change of that file."""
    story = TOLD[name]
    kind = story.get("kind", name)
    given = {key: story[key] for key in ("received", "accepted") if key in story}
    if "applicant" in story:
        given |= {"kind": story["applicant"], "name": "示例建设有限公司"}
    if story.get("earlier"):
        answered = {"do": "decide", "on": date(2026, 10, 12), "facts": {"outcome": "disclosed.provided"}}
        tell(answered, received=date(2026, 9, 21))
    case: Case = tell(*story.get("step", []), **given)
    number = "示发改公开〔2026〕12号"
    letter = draft_letter(letters, case, kind, on=story["on"], number=number, draft=False)
    path = GOLDEN / "letters" / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(as_text(letter), "utf-8")

    assert letter.gaps == ()
    assert as_text(letter) == path.read_text("utf-8")


def test_every_kind_of_letter_has_a_golden_text(letters: Office) -> None:
    """No letter is without a text that somebody has read, and no text without its letter."""
    told = {story.get("kind", name) for name, story in TOLD.items()}

    assert told == set(letters.letters.kinds)
    assert {path.stem for path in (GOLDEN / "letters").glob("*.txt")} == set(TOLD)
