"""Where the shipped rules lie: in the package when installed, at the root of a checkout."""

from pathlib import Path

CONFIG = "config.toml"  # the shipped settings, and what every office calls its own
_CHECKOUT = Path(__file__).parents[3]


def shipped(name: str) -> Path:
    """Path of a shipped file or folder: `workflows`, `notices`, `samples`, `config.toml`."""
    from importlib.resources import files

    installed = Path(str(files("requestflow"))) / "shipped" / name
    return installed if installed.exists() else _CHECKOUT / name
