"""`attach`: files laid into a case once by content, listed, taken out, and watched by `verify`."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SCAN = b"%PDF-1.7 a scan"
DIGEST = hashlib.sha256(SCAN).hexdigest()
SIZE_LIMIT = 1024 * 1024


@pytest.fixture
def number(registered: Run) -> str:
    return str(registered())


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "扫描件.pdf"
    path.write_bytes(SCAN)
    return path


@pytest.fixture
def kept(folder: Path) -> Callable[[], list[Path]]:
    """The files that the office keeps."""
    return lambda: sorted(path for path in (folder / "attachments").rglob("*") if path.is_file())


@pytest.fixture
def small(folder: Path) -> None:
    """An office that takes files up to 1 MiB."""
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace("largest = 50", "largest = 1"), "utf-8")


def test_a_file_is_laid_into_the_case(done: Run, number: str, scan: Path, kept: Run) -> None:
    """The history names the content; the content is kept under its digest, for the owner alone."""
    [file] = done("attach", number, scan, "--note", "申请表原件", "--json").json

    assert file == {
        "entry": 2, "on": "2026-11-24", "by": "clerk", "file": "扫描件.pdf", "size": len(SCAN),
        "media_type": "application/pdf", "sha256": DIGEST, "note": "申请表原件",
    }  # fmt: skip
    [path] = kept()
    assert path.parent.name + path.name == DIGEST
    assert path.read_bytes() == SCAN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    entry = done("show", number, "--json").json["history"][-1]
    assert (entry["transition"], entry["from"], entry["to"]) == ("attach", "received", "received")
    assert (entry["data"]["sha256"], entry["data"]["size"]) == (DIGEST, len(SCAN))


def test_show_lists_the_files_of_a_case(done: Run, run: Run, number: str, scan: Path) -> None:
    """`show` has them as a document and on the screen; `attach --list` the same."""
    done("attach", number, scan)

    shown = done("show", number, "--json").json["attachments"]
    assert [file["file"] for file in shown] == ["扫描件.pdf"]
    assert done("attach", number, "--list", "--json").json == shown
    assert "扫描件.pdf" in run("show", number).out
    assert "扫描件.pdf" in run("attach", number, "--list").out


def test_an_applicants_name_in_a_file_name_is_masked(done: Run, number: str, tmp_path: Path) -> None:
    """People named in a file's name or note are masked unless `--personal` is given."""
    path = tmp_path / "欧阳明月的身份证.jpg"
    path.write_bytes(b"jpg")
    done("attach", number, path, "--note", "欧阳明月提供")

    [masked] = done("show", number, "--json").json["attachments"]
    [clear] = done("show", number, "--personal", "--json").json["attachments"]
    assert (masked["file"], masked["note"]) == ("欧***的身份证.jpg", "欧***提供")
    assert (clear["file"], clear["note"]) == ("欧阳明月的身份证.jpg", "欧阳明月提供")


def test_a_file_name_stands_apart_from_the_chain(done: Run, sql: Run, number: str, scan: Path) -> None:
    """A file's name can be removed with the other personal data, and the chain still holds."""
    done("attach", number, scan)
    sql("DELETE FROM personal_parts")
    sql("DELETE FROM applicants")

    assert done("verify", "--json").json["problems"] == []
    assert done("attach", number, "--list", "--json").json[0]["file"] == ""


def test_one_content_is_kept_once(
    done: Run, registered: Run, scan: Path, tmp_path: Path, kept: Run
) -> None:
    """The same content for two applications, under two names, lies there once."""
    other = tmp_path / "另一个名字.pdf"
    other.write_bytes(SCAN)
    for path in (scan, other):
        done("attach", registered(), path)

    assert len(kept()) == 1


def test_the_same_content_in_one_case_is_refused(
    refused: Run, done: Run, number: str, scan: Path
) -> None:
    """A file that is in the case already is refused, with the entry that has it."""
    done("attach", number, scan)

    error = refused("attach", number, scan)

    assert error["error"] == "already_attached"
    assert "2" in error["message"]


def test_several_files_are_laid_in_or_none(
    done: Run, refused: Run, number: str, scan: Path, tmp_path: Path
) -> None:
    """All files of one command, each an entry; where one cannot be, none is."""
    (tmp_path / "empty").touch()

    assert refused("attach", number, scan, tmp_path / "empty")["error"] == "attachment_empty"
    assert refused("attach", number, scan, scan)["error"] == "already_attached"
    (tmp_path / "b.txt").write_text("b")
    files = done("attach", number, scan, tmp_path / "b.txt", "--json").json
    assert [file["entry"] for file in files] == [2, 3]


def test_a_refused_call_leaves_no_file_behind(
    done: Run, refused: Run, number: str, scan: Path, tmp_path: Path, kept: Run
) -> None:
    """Where one file is attached already, the other one is not kept either: it may be a person's."""
    other = tmp_path / "b.txt"
    other.write_text("b")
    done("attach", number, scan)

    assert refused("attach", number, other, scan)["error"] == "already_attached"
    assert refused("attach", number, other, other)["error"] == "already_attached"
    assert len(kept()) == 1


def test_a_file_that_cannot_be_entered_is_taken_out_again(
    done: Run, refused: Run, number: str, scan: Path, folder: Path, kept: Run, sql: Run
) -> None:
    """Refused when the entry is to be written: what this call has kept goes, what was there stays."""
    done("attach", number, scan)
    sql("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no'); END")
    (folder / "c.txt").write_text("c")

    assert refused("attach", number, folder / "c.txt")["error"] == "written_meanwhile"
    assert [path.read_bytes() for path in kept()] == [SCAN]


def _link(path: Path, scan: Path) -> None:
    path.symlink_to(scan)


def _folder(path: Path, _scan: Path) -> None:
    path.mkdir()


def _pipe(path: Path, _scan: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "code"),
    [(_link, "not_a_plain_file"), (_folder, "not_a_plain_file"), (_pipe, "not_a_plain_file"),
     (lambda path, _: path.touch(), "attachment_empty"), (lambda _path, _: None, "file_missing")],
    ids=["link", "folder", "pipe", "empty", "missing"],
)  # fmt: skip
def test_only_a_plain_file_with_content_is_taken(
    refused: Run, number: str, scan: Path, tmp_path: Path, kept: Run, make: Any, code: str
) -> None:
    """A link, a folder, a pipe, an empty file and none at all are refused, and nothing is kept."""
    make(tmp_path / "x", scan)

    assert refused("attach", number, tmp_path / "x")["error"] == code
    assert kept() == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("size", "taken"), [(SIZE_LIMIT, True), (SIZE_LIMIT + 1, False)])
def test_a_file_has_a_largest_size(
    run: Run, number: str, tmp_path: Path, kept: Run, size: int, taken: bool
) -> None:
    """A file of the largest size is taken, one byte more is refused."""
    (tmp_path / "big").write_bytes(b"x" * size)

    result = run("attach", number, tmp_path / "big", "--json")

    assert (result.status == 0) is taken
    assert taken or result.error["error"] == "attachment_too_large"
    assert len(kept()) == taken


EVIL = {
    "CON.txt": "_CON.txt",
    "nul": "_nul",
    "a:b|c?.pdf": "a_b_c_.pdf",
    ".hidden": "hidden",
    "tail. . ": "tail",
    "\u202egpj.exe": "_gpj.exe",
    "bell\x07.txt": "bell_.txt",
    "<script>.html": "_script_.html",
    "{{ 7*7 }}.txt": "{{ 7_7 }}.txt",
    "=cmd.csv": "=cmd.csv",
    "𠮷䶮🙂.pdf": "𠮷䶮🙂.pdf",
}


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_kept_safe(done: Run, number: str, tmp_path: Path, name: str) -> None:
    """A name that a system would read otherwise is kept in a form it does not, and that is said."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(b"content")

    result = done("attach", number, tmp_path / "in" / name, "--json")

    assert result.json[0]["file"] == EVIL[name]
    assert ("注意" in result.err) is (name != EVIL[name])
    done("attach", number, "--export", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == [EVIL[name]]


@pytest.mark.parametrize(
    "name",
    ["../../../etc/x", "/etc/x", "..", "a/../../x", "C:\\x", "..\\..\\x", "\x00x", "", "x" * 4000],
)
def test_a_name_leads_nowhere_else(
    run: Run, sql: Run, number: str, scan: Path, tmp_path: Path, name: str
) -> None:
    """Whatever name the database holds, a file is written into the folder that was named, and nowhere else."""
    import json

    run("attach", number, scan)
    content = json.dumps({"file": name})
    sql("UPDATE personal_parts SET content = ? WHERE sequence = 2", content)
    place = tmp_path / "a" / "b" / "out"

    result = run("attach", number, "--export", place, "--json")

    assert result.status == 0, result.err
    written = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert [path.parent for path in written] == [place]


def test_files_of_one_name_are_written_side_by_side(done: Run, number: str, tmp_path: Path) -> None:
    """Two contents under one name come out as two files."""
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "文件.PDF").write_text(place)
        done("attach", number, tmp_path / place / "文件.PDF")

    done("attach", number, "--export", tmp_path / "out")
    done("attach", number, "--export", tmp_path / "out")

    found = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert found == {"文件.PDF": "a", "文件 (2).PDF": "b"}


def test_another_file_is_not_overwritten(
    refused: Run, done: Run, number: str, scan: Path, tmp_path: Path
) -> None:
    """A file of that name with another content stays, and the export is refused."""
    done("attach", number, scan)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "扫描件.pdf").write_text("mine")

    assert refused("attach", number, "--export", tmp_path / "out")["error"] == "other_file_in_folder"
    assert (tmp_path / "out" / "扫描件.pdf").read_text() == "mine"


def test_an_export_that_one_file_stops_writes_none(
    refused: Run, done: Run, number: str, tmp_path: Path
) -> None:
    """All files are looked at first: a refused export leaves no half of it behind."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
        done("attach", number, tmp_path / name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.txt").write_text("mine")

    error = refused("attach", number, "--export", tmp_path / "out")
    assert (error["error"], "--overwrite" in error["hint"]) == ("other_file_in_folder", False)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.txt"]


def test_a_void_case_takes_no_files(refused: Run, done: Run, number: str, scan: Path, kept: Run) -> None:
    """Nothing is attached to a void registration, or to none."""
    done("void", number, "--reason", "误登")

    assert refused("attach", number, scan)["error"] == "attach_to_void"
    assert refused("attach", "2026-0099", scan)["error"] == "application_unknown"
    assert kept() == []


@pytest.mark.parametrize("words", [[], ["--list", "--export", "out"], ["x.pdf", "--list"]])
def test_one_thing_at_a_time(refused: Run, number: str, words: list[str]) -> None:
    """`attach` with nothing to do, or with two things, is wrong usage."""
    assert refused("attach", number, *words, status=2)["error"] == "attach_one_thing"


TAMPERED = {
    "removed": (lambda path: path.unlink(), "attachment_missing"),
    "changed": (lambda path: path.write_bytes(b"%PDF-1.7 a skan"), "attachment_changed"),
    "cut": (lambda path: path.write_bytes(SCAN[:5]), "attachment_changed"),
    "a link": (lambda path: (path.unlink(), path.symlink_to("/dev/zero")), "attachment_unreadable"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_verify_watches_the_files(
    run: Run, refused: Run, number: str, scan: Path, kept: Run, tmp_path: Path, kind: str
) -> None:  # fmt: skip
    """A content that is gone or changed is a problem of its own kind; it is not written out."""
    assert run("attach", number, scan).status == 0
    change, code = TAMPERED[kind]
    change(kept()[0])

    found = run("verify", "--json")

    assert found.status == 1
    assert [(problem["kind"], problem["number"]) for problem in found.json["problems"]] == [
        (code, number)
    ]
    assert refused("attach", number, "--export", tmp_path / "out")["error"] == "attachment_not_whole"


def test_a_damaged_content_is_whole_again_once_it_comes_again(
    done: Run, registered: Run, number: str, scan: Path, kept: Run
) -> None:
    """Who attaches the same content anew mends what was damaged."""
    done("attach", number, scan)
    kept()[0].write_bytes(b"broken")

    done("attach", registered(), scan)

    assert done("verify", "--json").json["problems"] == []


def test_a_file_of_no_case_is_named_and_no_fault(done: Run, folder: Path) -> None:
    """A content without an entry, left by a process that was stopped, is a note and no problem."""
    place = folder / "attachments" / DIGEST[:2]
    place.mkdir(parents=True)
    (place / DIGEST[2:]).write_bytes(SCAN)

    found = done("verify", "--json")

    assert found.json["holds"] is True
    assert [note["error"] for note in found.json["notes"]] == ["attachments_unknown"]


def test_an_entry_of_an_attachment_is_no_step_to_correct(
    refused: Run, done: Run, number: str, scan: Path
) -> None:
    """What was attached stays: there is no correcting it."""
    done("attach", number, scan)

    error = refused("amend", number, "--entry", "2", "--strike", "--reason", "误附")

    assert error["error"] == "no_such_entry"
