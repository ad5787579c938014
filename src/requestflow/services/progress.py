"""How work that takes its time says how far it is: what is done, and of how much."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
