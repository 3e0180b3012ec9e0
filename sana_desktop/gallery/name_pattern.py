"""How names of pictures are made up: a pattern with words in brackets, such as [seed], as other picture tools use."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from types import MappingProxyType

from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError
from sana_desktop.gallery.names import LONGEST_WORDS, safe_words

DEFAULT_PATTERN = "[datetime]_[seed]_[prompt_words]"
NUMBER = "number"
LONGEST_PATTERN = 120
# With a number for equal names and the longest ending a name stays below 143 bytes, the least that any
# common disk takes.
LONGEST_NAME = 130

_WORD = re.compile(r"\[([^\[\]]*)\]")
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
_JOINTS = "-_., "
# Longer ones are dates, or belong to somebody else.
_NUMBERED = re.compile(r"[0-9]{5,6}(?![0-9])")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)

Fill = Callable[[Recipe, datetime, int], str]

FILLS: Mapping[str, Fill] = MappingProxyType(
    {
        NUMBER: lambda recipe, now, number: f"{number:05}",
        "seed": lambda recipe, now, number: str(recipe.seed),
        "date": lambda recipe, now, number: f"{now:%Y-%m-%d}",
        "time": lambda recipe, now, number: f"{now:%H-%M-%S}",
        "datetime": lambda recipe, now, number: f"{now:%Y-%m-%d_%H-%M-%S}",
        "prompt_words": lambda recipe, now, number: safe_words(recipe.prompt),
        "pack": lambda recipe, now, number: safe_words(recipe.pack),
        # A1111's word for the same.
        "model_name": lambda recipe, now, number: safe_words(recipe.pack),
        "width": lambda recipe, now, number: str(recipe.size.width),
        "height": lambda recipe, now, number: str(recipe.size.height),
        "steps": lambda recipe, now, number: str(recipe.steps),
        "cfg": lambda recipe, now, number: f"{recipe.guidance:g}",
        "sampler": lambda recipe, now, number: recipe.solver.value,
    }
)
# One of these keeps the names of most pictures apart; equal ones are numbered, but not without end.
_DIFFERENT = (NUMBER, "seed", "time", "datetime")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern that was checked; `folders` are the parts before the last slash."""

    folders: tuple[str, ...]
    name: str

    @classmethod
    def parse(cls, text: str) -> "NamePattern":
        """Understand what the user wrote; raises `OutputError` for what would not do on every disk."""
        if len(text) > LONGEST_PATTERN:
            raise OutputError(f"The pattern of names has {len(text)} characters; at most {LONGEST_PATTERN} are used.")
        for word in _WORD.findall(text):
            _require_known(word)
        plain = _WORD.sub("", text)
        if "[" in plain or "]" in plain:
            raise OutputError("A bracket in the pattern of names has no partner.", hint="Write words as [seed].")
        forbidden = _FORBIDDEN.search(plain)
        if forbidden:
            shown = f"“{forbidden[0]}”" if forbidden[0].isprintable() else "control characters"
            raise OutputError(f"Names of pictures cannot hold {shown}.", hint="Choose a dash or an underscore.")
        *folders, name = text.split("/")
        for part in (*folders, name):
            if not part.strip(_JOINTS):
                raise OutputError("A part of the pattern of names is empty.", hint="Put a word such as [date] there.")
        if not set(_DIFFERENT) & set(_WORD.findall(name)):
            words = ", ".join(f"[{word}]" for word in _DIFFERENT)
            raise OutputError(
                "All pictures would have the same name.", hint=f"After the last slash, add one of {words}."
            )
        if f"[{NUMBER}]" in "/".join((*folders, name[1:])):
            # There it is found again in a folder full of pictures.
            hint = "Put it at the beginning, or directly after the last slash."
            raise OutputError(f"[{NUMBER}] can only be the first word of the name.", hint=hint)
        return cls(tuple(folders), name)

    @property
    def counts(self) -> bool:
        """Whether names hold a running number."""
        return self.name.startswith(f"[{NUMBER}]")

    def folders_for(self, recipe: Recipe, now: datetime) -> tuple[str, ...]:
        """The names of the folders, outermost first, below the folder of pictures."""
        return tuple(_render(part, recipe, now, 0) or "_" for part in self.folders)

    def stem_for(self, recipe: Recipe, now: datetime, number: int = 1) -> str:
        """The name of a picture without its ending, of at most 130 bytes."""
        return _render(self.name, recipe, now, number) or str(recipe.seed)


def number_of(stem: str) -> int:
    """The running number with which a name begins, 0 for a name without one."""
    found = _NUMBERED.match(stem)
    return int(found[0]) if found else 0


def _require_known(word: str) -> None:
    if word not in FILLS:
        near = get_close_matches(word, FILLS, n=1)
        known = " ".join(f"[{name}]" for name in FILLS)
        hint = f"Did you mean [{near[0]}]?" if near else f"Known: {known}"
        raise OutputError(f"[{word[:40]}] is not a word for names of pictures.", hint=hint)


def _render(part: str, recipe: Recipe, now: datetime, number: int) -> str:
    """Fill in the words; a word that is empty takes the joint before it along."""
    pieces = _WORD.split(part)
    # What stands at odd places are words. The words of the prompt give way to all else.
    filled = [FILLS[piece](recipe, now, number) if place % 2 else piece for place, piece in enumerate(pieces)]
    for place in range(1, len(pieces), 2):
        if pieces[place] == "prompt_words":
            others = "".join(filled[:place] + filled[place + 1 :])
            room = min(LONGEST_WORDS, LONGEST_NAME - len(others.encode("utf-8")))
            filled[place] = safe_words(recipe.prompt, room) if room > 0 else ""
    made = ""
    for place, piece in enumerate(filled):
        made = made.rstrip(_JOINTS) if place % 2 and not piece else made + piece
    made = made.encode("utf-8")[:LONGEST_NAME].decode("utf-8", "ignore").strip(_JOINTS)
    # Windows keeps these names for devices, whatever their ending.
    return f"_{made}" if _RESERVED.match(made) else made
