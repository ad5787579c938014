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


def _lines(block: Block, organ: str) -> Any:
    """A block's text; a title that needs two lines is parted behind the organ's name, not in a word."""
    text, name = plain(block.text), plain(organ)
    parted = block.role is Role.TITLE and len(text) > _LONGEST_TITLE and text.startswith(name)
    if not parted or not name or text == name:
        return _held(text)
    return _held(name) + "\n" + _held(text.removeprefix(name))


def _context(letter: Letter, look: Look) -> Mapping[str, Any]:
    """What a master may name: plain values, nothing that can be called."""
    blocks = letter.blocks
    body = [place for place, block in enumerate(blocks) if block.role is Role.PARAGRAPH]
    number = next((block.text for block in blocks if block.role is Role.NUMBER), "")
    return {
        "letter": {
            "kind": _held(letter.kind),
            "title": _held(letter.title),
            "number": _held(number),
            "blocks": [
                {
                    "role": block.role.value,
                    "text": _lines(block, look.organ),
                    "last": [place] == body[-1:],
                }
                for place, block in enumerate(blocks)
            ],
        },
        "look": {"organ": _held(look.organ), "red_head": look.red_head, "draft": look.draft},
    }


def letter_docx(letter: Letter, look: Look) -> bytes:
    """The letter set in the master.

    Raises:
        NotFound, Refused: the master is missing, no Word file, or has a fault in its tags.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from lxml.etree import XMLSyntaxError

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    template = DocxTemplate(io.BytesIO(file_bytes(look.master, _LARGEST_MASTER)))
    made = io.BytesIO()
    try:
        template.render(dict(_context(letter, look)), environment)
        core = template.docx.core_properties
        core.title = plain(letter.title)[:200]
        core.created = core.modified = _MADE
        template.docx.save(made)
    except TemplateError as error:
        raise Refused("master_broken", file=str(look.master), problem=str(error)) from None
    except (PackageNotFoundError, KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile) as error:
        raise Refused("master_broken", file=str(look.master), problem=str(error)[:200]) from None
    return repacked(made.getvalue())
