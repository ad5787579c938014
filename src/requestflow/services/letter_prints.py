"""A letter in the format that is asked for, by the office's master or the shipped one."""

from dataclasses import replace
from pathlib import Path

from requestflow.definitions.shipped import shipped
from requestflow.documents.letter import Block, Letter, Role
from requestflow.documents.letter_docx import Look, letter_docx
from requestflow.documents.letter_html import as_html
from requestflow.documents.letter_pdf import letter_pdf
from requestflow.documents.letter_text import as_text
from requestflow.services.office import Office

DRAFT = Block(Role.NOTE, "【草稿】未编号，未登记，不得发出。")
FORMATS = ("docx", "pdf", "html", "txt")
MASTER = Path("styles") / "letter.docx"  # in a folder of letters


def master_of(office: Office) -> Path:
    """The office's own Word master where it has one, else the shipped one."""
    folders = (*office.notice_folders, shipped("notices"))
    return next(
        (found for folder in folders if (found := folder / MASTER).exists()), folders[-1] / MASTER
    )


def printed(office: Office, letter: Letter, form: str, *, draft: bool = False) -> bytes:
    """The letter as bytes of a format.

    Raises:
        NotFound, Refused: the master is missing or broken; no program for PDF is installed.
    """
    plain = replace(letter, blocks=(DRAFT, *letter.blocks)) if draft else letter
    if form == "txt":
        return as_text(plain).encode()
    if form == "html":
        return as_html(plain).encode()
    settings = office.settings
    look = Look(master_of(office), settings.organ["name"], red_head=settings.red_head, draft=draft)
    document = letter_docx(letter, look)
    return document if form == "docx" else letter_pdf(document, lambda: as_html(plain))
