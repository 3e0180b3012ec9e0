"""Draw Fluent emoji in other styles than 3D, flat colours and line art, from their SVG once.

    python -m training.prepare build/training

Reads `flat/` and `line/` as `training.fetch` leaves them, writes `styles/flat/<hexcode>.png` and
`styles/line/<hexcode>.png`: 228 px cutouts, named as the 3D pictures are (without -fe0f). The only stage with Qt.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from training.styles import STYLES

SIDE = 228


def write_style(icons: Path, out: Path) -> int:
    """Draw every emoji of the unpacked `@iconify-json` set in `icons`; what is there already is kept."""
    out.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = json.loads((icons / "icons.json").read_text(encoding="utf-8"))
    by_code: dict[str, str] = json.loads((icons / "chars.json").read_text(encoding="utf-8"))
    made = 0
    for code, name in sorted(by_code.items()):
        target = out / f"{code.removesuffix('-fe0f')}.png"
        icon = described["icons"].get(name)
        if icon is None or target.exists():
            continue
        width, height = (icon.get(side, described.get(side, 32)) for side in ("width", "height"))
        image = rendered(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{icon["body"]}</svg>')
        partial = target.with_suffix(".partial")
        if not image.save(str(partial), "PNG"):  # pyright: ignore[reportArgumentType, reportCallIssue]
            raise OSError(f"could not write {partial}")
        partial.replace(target)
        made += 1
    return made


def rendered(svg: str, side: int = SIDE) -> QImage:
    """The picture of an SVG on nothing; what is to take the text's colour is black."""
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", "#000000").encode()))
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


def main() -> None:
    """Draw both styles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    for style in STYLES:
        print(f"{style}: {write_style(options.data / style, options.data / 'styles' / style)} drawn", flush=True)


if __name__ == "__main__":
    main()
