"""Founding an office: a folder, its settings, its empty database."""

from contextlib import suppress
from pathlib import Path

from requestflow.config import load_config
from requestflow.definitions.shipped import shipped
from requestflow.errors import Refused, WrongUsage

CONFIG = "config.toml"
_LONGEST_NAME = 200


def _check_name(office: str) -> str:
    name = office.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise WrongUsage("bad_office_name", name=office)
    return name


def init(folder: Path, office: str) -> Path:
    """Makes a new office in a folder and gives the path of its settings; overwrites nothing.

    Raises:
        Refused: there is an office already, or the folder cannot be written.
        WrongUsage: a name that no office has.
    """
    import tomlkit

    from requestflow.storage.database import Database

    name = _check_name(office)
    path = folder / CONFIG
    if path.exists():
        raise Refused("office_exists", file=str(path))
    settings = tomlkit.parse(shipped(CONFIG).read_text(encoding="utf-8"))
    settings["office"]["name"] = name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{CONFIG}.new"
        draft.write_text(tomlkit.dumps(settings), encoding="utf-8")
        config = load_config(draft)
        Database(config.database_url, config.patience).create(name)
        draft.rename(path)
    except OSError as error:
        raise Refused("folder_unwritable", folder=str(folder), reason=error.strerror or "") from None
    finally:
        with suppress(OSError):
            (folder / f".{CONFIG}.new").unlink()
    return path
