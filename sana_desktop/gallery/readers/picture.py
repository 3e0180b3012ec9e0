"""What a picture says about how it was made, whichever program made it."""

from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.inspected import Inspected
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.comfyui import read_comfyui
from sana_desktop.gallery.readers.infotext import LONGEST_TEXT, parse_infotext, read_infotext, read_postprocessing
from sana_desktop.gallery.readers.invokeai import read_invokeai
from sana_desktop.gallery.readers.other_tools import (
    read_draw_things,
    read_easy_diffusion,
    read_fooocus,
    read_novelai,
    read_stability_matrix,
    read_swarmui,
)
from sana_desktop.gallery.readers.own import read_own

# The surest first: several programs write A1111's text beside their own.
_READERS = (
    read_own,
    read_swarmui,
    read_fooocus,
    read_invokeai,
    read_novelai,
    read_easy_diffusion,
    read_stability_matrix,
    read_infotext,
    read_postprocessing,
    read_comfyui,
    read_draw_things,
)

_TEXTS = ("tool", "prompt", "negative", "sampler", "model")
_NOTHING_HINT = "Programs that edit pictures and web sites often take the settings out."


def inspected(carried: Carried, name: str, beside: Path | None = None) -> Inspected:
    """The settings inside a picture called `name`; `beside` is a text file that may hold them instead.

    Raises `RecipeError` if there are none. Every text of the result is valid Unicode.
    """
    found = next((result for read in _READERS if (result := _tried(read(carried))) is not None), None)
    if found is None and beside is not None:
        found = _tried(_beside(beside))
    if found is None:
        notes = " ".join(carried.notes)
        raise RecipeError(f"{name} holds no settings that can be read. {notes}".strip(), hint=_NOTHING_HINT)
    if found.size is None:
        found = replace(found, size=(carried.width, carried.height))
    return _clean(found.with_notes(carried.notes))


def _tried(found: Inspected | None) -> Inspected | None:
    """Nothing in place of a result with nothing in it, so that the next reader has its turn."""
    return None if found is None or (found.is_empty and not found.notes) else found


def _beside(path: Path) -> Inspected | None:
    try:
        # A link may lead to any file of the user's.
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST_TEXT:
            return None
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = parse_infotext(text)
    # Any text file may lie beside a picture: only one with a line of settings is about it.
    return None if found.steps is None else found


def _clean(found: Inspected) -> Inspected:
    """Without halves of characters, which JSON can hold and widgets cannot show."""
    texts = {name: whole for name in _TEXTS if (whole := _whole(value := getattr(found, name))) is not value}
    extra = tuple((_whole(name), _whole(value)) for name, value in found.extra)
    notes = tuple(_whole(note) for note in found.notes)
    # Most are whole already, and thousands of them are read at once.
    if not texts and extra == found.extra and notes == found.notes:
        return found
    return replace(found, **texts, extra=extra, notes=notes)


def _whole(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
