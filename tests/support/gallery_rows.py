"""Rows of the gallery without a gallery."""

from pathlib import Path
from typing import Any

from sana_desktop.gallery.records import PictureFacts, PictureRow, PictureState

_FACTS: dict[str, Any] = {"length": 1, "modified": 1, "width": 32, "height": 32, "created": 0}


def row_of(
    picture: int,
    *,
    rating: int = 0,
    favourite: bool = False,
    state: PictureState = PictureState.PRESENT,
    tags: tuple[str, ...] = (),
    **facts: Any,
) -> PictureRow:
    """A picture whose file is called by its number; `facts` are those of `PictureFacts`."""
    known: dict[str, Any] = _FACTS | {"print": picture.to_bytes(16, "little")} | facts
    return PictureRow(
        picture=picture,
        path=Path("/pictures") / f"{picture}.png",
        facts=PictureFacts(**known),
        rating=rating,
        favourite=favourite,
        state=state,
        tags=tags,
    )
