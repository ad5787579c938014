"""A letter as a Word file: the master's look, the letter's words. The same letter gives the same bytes.

Texts are data: no tag, brace or markup of theirs reaches the master's template language or the XML.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from requestflow.documents.letter import Block, Letter, Role
from requestflow.domain.signs import printable
from requestflow.errors import Refused
from requestflow.files import file_bytes
from requestflow.packing import repacked

_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
_LONGEST_TITLE = 20  # signs of a title that stand in one line
_LARGEST_MASTER = 5 * 1024 * 1024
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """How a letter is set: its master, the organ's red head or none, the mark of a draft."""

    master: Path
    organ: str = ""
    red_head: bool = False
    draft: bool = False


def plain(text: str) -> str:
    """A text as one line that every format can hold."""
    return printable(_BREAKS.sub(" ", text))


def _held(text: str) -> Any:
    """A text that stays text: markup and braces written as character references."""
    from markupsafe import Markup, escape

    safe = str(escape(plain(text))).replace("{", "&#123;").replace("}", "&#125;").replace("%", "&#37;")
    return Markup(safe)  # noqa: S704  escaped in the line above


def _lines(block: Block, letter: Letter, look: Look) -> Any:
    """A block's text. A title that needs two lines is parted behind the organ's name, not in a word.

    Under a red head, which bears that name, the title goes without it.
    """
    organ, rest = letter.parted_title()
    if block.role is not Role.TITLE or not organ:
        return _held(block.text)
    if look.red_head and organ == look.organ:
        return _held(rest)
    long = len(plain(block.text)) > _LONGEST_TITLE
    return _held(organ) + "\n" + _held(rest) if long else _held(block.text)


def _made(letter: Letter) -> datetime:
    """The letter's day, as its date block writes it: what the file says it was made on."""
    written = next((block.text for block in letter.blocks if block.role is Role.DATE), "")
    found = re.search("([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})", written)
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else _MADE
    except ValueError:  # an office's own template writes days its own way
        return _MADE


def _context(letter: Letter, look: Look) -> Mapping[str, Any]:
    """What a master may name: plain values, nothing that can be called."""
    blocks, kept = letter.blocks, letter.kept
    number = next((block.text for block in blocks if block.role is Role.NUMBER), "")
    return {
        "letter": {
            "kind": _held(letter.kind),
            "title": _held(letter.title),
            "number": _held(number),
            "blocks": [
                {
                    "role": block.role.value,
                    "text": _lines(block, letter, look),
                    "kept": place in kept,
                }
                for place, block in enumerate(blocks)
            ],
        },
        "look": {"organ": _held(look.organ), "red_head": look.red_head, "draft": look.draft},
    }


def letter_docx(letter: Letter, look: Look) -> bytes:
    """The letter set in the master.

    Raises:
        NotFound, Refused: the master is missing, no Word file, has a fault in its tags, or leaves out
            what the letter says.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from jinja2 import TemplateError
    from lxml.etree import XMLSyntaxError

    from requestflow.documents.letter_master import BeyondError

    file = str(look.master)
    try:
        return repacked(_set(letter, look))
    except BeyondError as error:
        raise Refused("master_forbids", file=file, what=str(error)) from None
    except TemplateError as error:
        raise Refused("master_broken", file=file, problem=str(error)) from None
    except (PackageNotFoundError, LookupError, TypeError, ValueError, RecursionError, XMLSyntaxError,
            zipfile.BadZipFile) as error:  # fmt: skip
        raise Refused("master_broken", file=file, problem=str(error)[:200]) from None


def _set(letter: Letter, look: Look) -> bytes:
    """The Word file as the master makes it of the letter."""
    from docxtpl import DocxTemplate

    from requestflow.documents.letter_master import environment, lacks

    template = DocxTemplate(io.BytesIO(file_bytes(look.master, _LARGEST_MASTER)))
    template.render(dict(_context(letter, look)), environment())
    missing = lacks(template.docx, [(b.role, _lines(b, letter, look).unescape()) for b in letter.blocks])
    if missing:
        raise Refused("master_lacks", file=str(look.master), roles=missing)
    core = template.docx.core_properties
    core.title = plain(letter.title)[:200]
    core.created = core.modified = _made(letter)
    made = io.BytesIO()
    template.docx.save(made)
    return made.getvalue()
