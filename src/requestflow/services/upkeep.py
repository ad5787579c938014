"""Founding an office: a folder, its settings, its empty database."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from requestflow.channel_settings import KINDS
from requestflow.config import Config, database_url, load_config
from requestflow.definitions.shipped import CONFIG, shipped
from requestflow.domain.facts import LONGEST_NAME
from requestflow.errors import Refused, RequestflowError, WrongUsage

_DATABASE = "requestflow.db"
_WORK = ".requestflow-init-"


def checked_name(office: str) -> str:
    """A name that an office may have.

    Raises:
        WrongUsage: `bad_office_name`.
    """
    name = office.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise WrongUsage("bad_office_name", name=office)
    return name


def _place(source: Path, target: Path) -> None:
    """Puts a finished file where it belongs; never over another.

    Raises:
        FileExistsError: there is one.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        if not source.samefile(target):
            raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        source.rename(target)


def _finish_interrupted(folder: Path) -> None:
    """Completes an `init` that was killed after it had claimed the folder and before it was done."""
    for work in folder.glob(f"{_WORK}*"):
        claim, database = work / CONFIG, work / _DATABASE
        target = folder / CONFIG
        if claim.exists() and target.exists() and claim.samefile(target) and database.exists():
            with suppress(FileExistsError):
                _place(database, folder / _DATABASE)


def _write(work: Path, name: str, address: str | None, folder: Path) -> None:
    """Makes settings and database: a file of its own aside, one that is elsewhere in its place."""
    import tomlkit

    from requestflow.storage.database import Database

    settings = tomlkit.parse(shipped(CONFIG).read_text(encoding="utf-8"))
    settings["office"]["name"] = name
    settings["database"]["url"] = address or f"sqlite:///{_DATABASE}"
    (work / CONFIG).write_text(tomlkit.dumps(settings), encoding="utf-8")
    config = load_config(work / CONFIG)
    url = database_url(address, folder.resolve()) if address else config.database_url
    Database(url, config.patience).create(name)
    if address is None:
        (work / _DATABASE).chmod(0o600)  # personal data: nobody else's to read


def _publish(work: Path, folder: Path, address: str | None) -> None:
    """Settings first, since they claim the folder; then the database."""
    if address is not None:
        (work / CONFIG).chmod(0o600)  # an address may hold a password
    try:
        _place(work / CONFIG, folder / CONFIG)
    except FileExistsError:
        raise Refused("office_exists", file=str(folder / CONFIG)) from None
    if address is not None:
        return
    try:
        _place(work / _DATABASE, folder / _DATABASE)
    except FileExistsError:
        (folder / CONFIG).unlink()
        raise Refused("database_exists", place=str(folder / _DATABASE)) from None


def init(folder: Path, office: str, address: str | None = None) -> Path:
    """Makes a new office in a folder and gives the path of its settings; overwrites nothing.

    It is made aside and put in place when it is whole, so that two at once, or one that is killed,
    leave either an office or none.

    Args:
        folder: where the settings go.
        office: its name.
        address: where its database is, where it is not a file in that folder.

    Raises:
        Refused: there is an office already, or the folder cannot be written.
        WrongUsage: a name that no office has.
    """
    name = checked_name(office)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        _found(folder, name, address)
    except RequestflowError:
        _take_away(made)
        raise
    except OSError as error:
        _take_away(made)
        raise Refused("folder_unwritable", folder=str(folder), reason=error) from None
    return folder / CONFIG


def _take_away(folders: Sequence[Path]) -> None:
    """Takes out again the folders that a failed `init` has made, the innermost first, where empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _found(folder: Path, name: str, address: str | None) -> None:
    """Makes an office in a folder, which is made where it is missing."""
    own = (_DATABASE,) if address is None else ()
    folder.mkdir(parents=True, exist_ok=True)
    _finish_interrupted(folder)
    for taken in (CONFIG, *own):
        code = "office_exists" if taken == CONFIG else "database_exists"
        if (folder / taken).exists():
            raise Refused(code, file=str(folder / taken), place=str(folder / taken))
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
    try:
        _write(work, name, address, folder)
        _publish(work, folder, address)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _relative(url: str, folder: Path) -> str:
    """A database's address as settings in another folder write it."""
    prefix = "sqlite:///"
    path = url.removeprefix(prefix)
    if not url.startswith(prefix) or path.startswith("file:"):
        return url
    return prefix + os.path.relpath(path, folder.resolve()).replace(os.sep, "/")


def _led_back(settings: Any, folder: Path, place: Path) -> None:
    """Lets every path that both offices go by lead from the new place to the same file or folder.

    Files of cases, reminders and figures are each office's own: their folders lie beside its settings.
    """
    settings.setdefault("calendar", {}).setdefault("folder", "calendars")
    tables = [settings.get("channels", {}).get(name, {}) for name in KINDS]
    keys = [(table, key) for table in tables for key in table if key.endswith("_file")]
    keys += [(settings["calendar"], "folder")]
    if "folder" in settings.get("notices", {}):
        keys += [(settings["notices"], "folder")]
    if settings.get("workflow", {}).get("file", "").endswith((".yaml", ".yml")):
        keys += [(settings["workflow"], "file")]
    for table, key in keys:
        table[key] = os.path.relpath(folder / table[key], place.resolve()).replace(os.sep, "/")


def _settings_of(config: Config, name: str, place: Path) -> str:
    """The text of another office's settings: these, but for its name, its organ and its database."""
    import tomlkit

    settings: Any = tomlkit.parse(config.text)
    settings["office"]["name"] = name
    settings["database"]["url"] = _relative(config.database_url, place)
    for key in list(settings.get("organ", {})):
        del settings["organ"][key]
    _led_back(settings, config.folder.resolve(), place)
    return tomlkit.dumps(settings)


def write_settings_beside(config: Config, name: str, folder: Path | None = None) -> Path:
    """Settings of another office of the same database, in a folder of their own; overwrites nothing.

    Whoever may read these may read those: an address may hold a password.

    Args:
        config: the settings that are copied, with the name changed.
        name: the new office's.
        folder: where; a folder of the office's name beside these settings where not given.

    Raises:
        Refused: there are settings already, or the folder cannot be written.
    """
    safe = "".join("_" if sign in '/\\:*?"<>|' else sign for sign in name).lstrip(".") or "_"
    place = folder or config.folder / safe
    try:
        mode = config.path.stat().st_mode & 0o777
        place.mkdir(parents=True, exist_ok=True)
        if (place / CONFIG).exists():
            raise Refused("office_exists", file=str(place / CONFIG))
        file = os.open(place / CONFIG, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(file, "w", encoding="utf-8") as target:
            target.write(_settings_of(config, name, place))
    except OSError as error:
        raise Refused("folder_unwritable", folder=str(place), reason=error) from None
    return place / CONFIG
