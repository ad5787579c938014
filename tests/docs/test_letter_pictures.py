"""The pictures of letters: small, shown on a page, and made by steps that still work."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from requestflow.cli.main import main
from requestflow.documents.letter_pdf import libreoffice

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 150 * 1024


@pytest.fixture(scope="module")
def recipe() -> ModuleType:
    """`docs/make_letter_pictures.py` as a module."""
    path = DOCS / "make_letter_pictures.py"
    spec = importlib.util.spec_from_file_location("make_letter_pictures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_small_and_shown(recipe: ModuleType) -> None:
    """Each letter of the recipe has its picture, of at most 150 kB, on the page about letters."""
    page = (DOCS / "howto" / "letters.md").read_text("utf-8")
    names = [name for _step, _number, name in recipe.LETTERS if name]

    assert len(names) == 5
    for name in names:
        assert 0 < (DOCS / "pictures" / f"{name}.png").stat().st_size <= LARGEST
        assert f"pictures/{name}.png" in page


@pytest.mark.slow
@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed")
def test_the_main_letters_come_out_as_pdf(
    recipe: ModuleType, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Receipt, correction, extension, disclosure and refusal are issued and printed with their numbers."""
    monkeypatch.chdir(tmp_path)
    config = folder / "config.toml"
    settings = config.read_text("utf-8").replace("[organ]", f"{recipe.PARTICULARS}#", 1)
    config.write_text(settings, "utf-8")
    before = ["--config", str(config), "--today", recipe.TODAY]
    for step, number, name in recipe.LETTERS:
        assert main([*before, *step]) == 0
        if not name:
            continue
        assert main([*before, "notice", number, "-o", f"{name}.pdf"]) == 0
        assert Path(f"{name}.pdf").read_bytes()[:5] == b"%PDF-"
        said = subprocess.run(
            ["pdftotext", f"{name}.pdf", "-"], capture_output=True, text=True, check=False
        )
        assert said.returncode or "2026" in said.stdout

    assert main([*before, "verify"]) == 0
