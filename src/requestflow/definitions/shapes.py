"""What files of definitions have in common: tables, names, words, and how a fault is told."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from requestflow.domain.facts import near
from requestflow.domain.workflow import Words

Days = Annotated[int, Field(ge=1, le=1000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
Path_ = tuple[str | int, ...]
Fault = tuple[str, Path_, dict[str, Any]]  # a code, the place in the file, the facts of the sentence


class Shape(BaseModel):
    """A table of a file; a key that it does not know is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Worded(Shape):
    """What has its words in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    @property
    def words(self) -> Words:
        """The words as the domain has them."""
        return Words(self.zh, self.en)


def unknown(kind: str, path: Path_, name: str, known: Sequence[str]) -> Iterator[Fault]:
    """The fault of a name that is none of the known, with those near it."""
    if name not in known:
        yield f"undeclared_{kind}", path, {"name": name, "near": near(name, known)}


def named(kind: str, path: Path_, names: Sequence[str], known: Sequence[str]) -> Iterator[Fault]:
    """The faults of a list of names, each at its place in the list."""
    for index, name in enumerate(names):
        yield from unknown(kind, (*path, index), name, known)
