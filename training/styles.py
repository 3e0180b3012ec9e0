"""The other styles of the emoji, beside 3D, and where `training.prepare` leaves their pictures."""

from pathlib import Path

STYLES = ("flat", "line")


def styled_pictures(data: Path, style: str, keys: list[str]) -> dict[str, Path]:
    """The drawn pictures of `style` among `keys`, by key in their order; what the set lacks is left out."""
    paths = {key: data / "styles" / style / f"{key}.png" for key in keys}
    return {key: path for key, path in paths.items() if path.exists()}
