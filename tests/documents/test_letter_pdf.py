"""A letter as PDF: by LibreOffice, by WeasyPrint where that is missing, else refused with what to do."""

import subprocess
from pathlib import Path

import pytest

from requestflow.definitions.shipped import shipped
from requestflow.documents import letter_pdf as module
from requestflow.documents.letter import Block, Letter, Role
from requestflow.documents.letter_docx import Look, letter_docx
from requestflow.documents.letter_pdf import letter_pdf
from requestflow.errors import Refused

MASTER = shipped("notices") / "styles" / "letter.docx"
PAGE = "<html><body><p>一页</p></body></html>"

needs_libreoffice = pytest.mark.skipif(
    module.libreoffice() is None, reason="LibreOffice is not installed"
)


def document(text: str = "正文") -> bytes:
    return letter_docx(
        Letter("reply", (Block(Role.TITLE, "答复书"), Block(Role.PARAGRAPH, text))), Look(MASTER)
    )


@needs_libreoffice
@pytest.mark.slow
def test_libreoffice_prints_the_words(tmp_path: Path) -> None:
    """What the letter says, the PDF says, rare signs included."""
    made = tmp_path / "letter.pdf"
    made.write_bytes(letter_pdf(document("𠮷野家、䶮，{{ 7*7 }} & <b>"), lambda: PAGE))

    assert made.read_bytes().startswith(b"%PDF-")
    said = subprocess.run(["pdftotext", made, "-"], capture_output=True, text=True, check=False)
    if said.returncode == 0:
        assert "答复书" in said.stdout
        assert "{{ 7*7 }} & <b>" in said.stdout


@needs_libreoffice
@pytest.mark.slow
def test_several_print_at_once() -> None:
    """Each run of LibreOffice has a profile of its own: of several at once none comes back empty."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda place: letter_pdf(document(f"第{place}份"), lambda: PAGE), range(2)))

    assert [content[:5] for content in made] == [b"%PDF-"] * 2


def test_a_program_that_prints_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A LibreOffice that ends without a file is refused, whatever its exit status."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(Refused) as refusal:
        letter_pdf(document(), lambda: PAGE)

    assert refusal.value.code == "pdf_failed"
    assert refusal.value.facts["problem"] == "broken"


def test_without_libreoffice_the_page_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where LibreOffice is missing, WeasyPrint prints the letter's page, and fetches nothing for it."""
    pytest.importorskip("weasyprint")
    monkeypatch.setenv("PATH", str(tmp_path))

    made = letter_pdf(b"", lambda: PAGE.replace("<p>", '<img src="http://127.0.0.1:9/x.png"><p>'))

    assert made.startswith(b"%PDF-")


def test_without_any_program_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither is installed, the refusal says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "find_spec", lambda _name: None)

    with pytest.raises(Refused) as refusal:
        letter_pdf(b"", lambda: PAGE)

    assert refusal.value.code == "pdf_needs_program"
