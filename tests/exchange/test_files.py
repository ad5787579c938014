"""Files read within a size and written whole: nothing half done, nothing lost, nothing left beside."""

import os
import stat
import sys
from pathlib import Path

import pytest

from requestflow.errors import NotFound, Refused
from requestflow.files import file_bytes, write_all, write_first, write_new, write_over

WRITERS = (write_new, write_first, write_over)
CONTENT = "内容\r\n".encode()


@pytest.fixture(params=[0o022, 0o027, 0o002])
def mask(request: pytest.FixtureRequest):
    """A system that gives new files this much to others."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    """A file as large as it may be is read; one byte more is refused."""
    path = tmp_path / "f"
    path.write_bytes(CONTENT)

    assert file_bytes(path, len(CONTENT)) == CONTENT
    with pytest.raises(Refused) as caught:
        file_bytes(path, len(CONTENT) - 1)
    assert (caught.value.code, caught.value.facts) == ("file_too_large", {"file": str(path)})


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a system without it")
def test_a_file_without_an_end_is_too_large() -> None:
    """What the system says of a size is not believed."""
    with pytest.raises(Refused) as caught:
        file_bytes(Path("/dev/zero"), 1000)
    assert caught.value.code == "file_too_large"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file is not found; a folder, or a name that no system knows, cannot be read."""
    with pytest.raises(NotFound) as missing:
        file_bytes(tmp_path / "none", 10)
    assert missing.value.code == "file_missing"
    for path in (tmp_path, tmp_path / "a\0b"):
        with pytest.raises(Refused) as caught:
            file_bytes(path, 10)
        assert caught.value.code == "file_unreadable"
        assert caught.value.facts["reason"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("write", [write_new, write_over])
def test_personal_data_is_for_the_owner_alone(write, tmp_path: Path, mask: int) -> None:
    """With personal data 0600, whatever the umask; else what the umask leaves of 0666."""
    write(tmp_path / "letter", CONTENT, personal=True)
    write(tmp_path / "table", CONTENT)

    assert mode(tmp_path / "letter") == 0o600
    assert mode(tmp_path / "table") == 0o666 & ~mask


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_is_written_and_nothing_is_left_beside(write, tmp_path: Path) -> None:
    """The bytes as they are given, and no other file."""
    write(tmp_path / "f", CONTENT)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", CONTENT)]


@pytest.mark.parametrize(
    ("write", "code"), [(write_new, "other_file_there"), (write_first, "file_exists")]
)
def test_another_file_is_not_written_over(write, code: str, tmp_path: Path) -> None:
    """A file, a folder or a link in the place stays as it is."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.iterdir())

    for name in ("file", "folder", "link"):
        with pytest.raises(Refused) as caught:
            write(tmp_path / name, CONTENT)
        assert caught.value.code == code
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_the_same_file_again_is_no_other_one(tmp_path: Path) -> None:
    """A file with that content may stand there; one that somebody is to go on with may not."""
    write_first(tmp_path / "f", CONTENT)
    write_new(tmp_path / "f", CONTENT)
    with pytest.raises(Refused) as caught:
        write_first(tmp_path / "f", CONTENT)
    assert caught.value.code == "file_exists"


@pytest.mark.parametrize("write", [write_first, write_over])
@pytest.mark.parametrize("name", ["none/f", "file/f", "x" * 300, "a\0b"])
def test_a_place_that_takes_no_file_is_named(write, name: str, tmp_path: Path) -> None:
    """No folder, a file for a folder, a name too long: refused, and nothing left."""
    (tmp_path / "file").write_bytes(b"mine")

    with pytest.raises(Refused) as caught:
        write(tmp_path / name, CONTENT)

    assert caught.value.code == "file_unwritable"
    assert caught.value.facts["reason"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_several_files_are_written_together(tmp_path: Path) -> None:
    """All are put in place, in folders that are made for them."""
    write_all({tmp_path / "a" / "1": b"one", tmp_path / "a" / "2": b"two"})

    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        "1": b"one", "2": b"two",
    }  # fmt: skip


def test_one_of_several_that_cannot_be_written_keeps_back_the_others(tmp_path: Path) -> None:
    """What stood there still stands, and nothing lies beside it."""
    (tmp_path / "1").write_bytes(b"before")

    with pytest.raises(Refused) as caught:
        write_all({tmp_path / "1": b"after", tmp_path / "1" / "2": b"two"})

    assert caught.value.code == "file_unwritable"
    assert caught.value.facts["file"] == str(tmp_path / "1")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("1", b"before")]
