"""Recipes as plain dictionaries, for PNG files, batch files and the gallery.

There is one form for all of them. It carries its version, and reading is strict: what is not understood
completely is refused, because a recipe that is half understood draws another picture.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import RecipeError

VERSION = 3

Plain = str | int | float | None
_Value = TypeVar("_Value", str, int)
_Choice = TypeVar("_Choice", bound=StrEnum)

_KEYS = (
    "version", "prompt", "negative", "width", "height", "steps", "guidance", "seed",
    "solver", "pack", "precision", "conditioning", "flow_shift", "latents_sha256", "emphasis", "stop_after",
    "guidance_interval",
)  # fmt: skip
# What came with each later version, and the values that mean what recipes meant before.
_NEW_IN: dict[int, dict[str, Plain]] = {
    2: {"emphasis": Emphasis.LITERAL.value, "stop_after": None},
    3: {"guidance_interval": None},
}
_NAMES: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", type(None): "nothing"}


def recipe_to_plain(recipe: Recipe) -> dict[str, Plain]:
    """The recipe as names and plain values (JSON keeps them exactly); `recipe_from_plain` gives it back."""
    return {
        "version": VERSION,
        "prompt": recipe.prompt,
        "negative": recipe.negative,
        "width": recipe.size.width,
        "height": recipe.size.height,
        "steps": recipe.steps,
        "guidance": recipe.guidance,
        "seed": recipe.seed,
        "solver": recipe.solver.value,
        "pack": recipe.pack,
        "precision": recipe.precision.value,
        "conditioning": recipe.conditioning.value,
        "flow_shift": recipe.flow_shift,
        "latents_sha256": recipe.latents_sha256,
        "emphasis": recipe.emphasis.value,
        "stop_after": recipe.stop_after,
        "guidance_interval": None if recipe.guidance_interval is None else str(recipe.guidance_interval),
    }


def recipe_from_plain(data: object) -> Recipe:
    """Read what `recipe_to_plain` wrote; `data` may come from anywhere.

    Raises `RecipeError` for anything but exactly the known keys with values of the right kind and range, and
    for a version that this program does not know.
    """
    if not isinstance(data, Mapping):
        raise RecipeError(f"Expected a recipe, found {_kind(data)}.")
    plain = cast(Mapping[object, object], data)
    version = _version(plain)
    for later, added in _NEW_IN.items():
        if version < later:
            # What was added later takes the place of nothing: an entry of that name stays to be refused or read.
            plain = {**added, **plain}
    _check_keys(plain)
    return Recipe(
        prompt=_take(plain, "prompt", str),
        negative=_take(plain, "negative", str),
        size=Size(_take(plain, "width", int), _take(plain, "height", int)),
        steps=_take(plain, "steps", int),
        guidance=_take_number(plain, "guidance"),
        seed=_take(plain, "seed", int),
        solver=_take_choice(plain, "solver", Solver),
        pack=_take(plain, "pack", str),
        precision=_take_choice(plain, "precision", Precision),
        conditioning=_take_choice(plain, "conditioning", Conditioning),
        flow_shift=None if plain["flow_shift"] is None else _take_number(plain, "flow_shift"),
        latents_sha256=None if plain["latents_sha256"] is None else _take(plain, "latents_sha256", str),
        emphasis=_take_choice(plain, "emphasis", Emphasis),
        stop_after=None if plain["stop_after"] is None else _take(plain, "stop_after", int),
        guidance_interval=None
        if plain["guidance_interval"] is None
        else GuidanceInterval.parse(_take(plain, "guidance_interval", str)),
    )


def _version(plain: Mapping[object, object]) -> int:
    if "version" not in plain:
        raise RecipeError("Expected a recipe with a version, found none.")
    version = _take(plain, "version", int)
    if version > VERSION:
        raise RecipeError(
            f"The recipe has version {version}; this program reads up to version {VERSION}.",
            hint="It was written by a newer Sana Desktop. Update this one to open it.",
        )
    if version < 1:
        raise RecipeError(f"Expected a recipe of version 1 to {VERSION}, found version {version}.")
    return version


def _check_keys(plain: Mapping[object, object]) -> None:
    missing = [key for key in _KEYS if key not in plain]
    unknown = [key for key in plain if key not in _KEYS]
    if missing:
        raise RecipeError(f"The recipe lacks {_first(missing)}.")
    if unknown:
        raise RecipeError(f"The recipe has unknown entries: {_first(unknown)}.")


def _take(plain: Mapping[object, object], key: str, kind: type[_Value]) -> _Value:
    value = plain[key]
    # `type` and not isinstance: a bool is an int for Python, but no number of steps.
    if type(value) is not kind:
        raise RecipeError(f"Expected {_NAMES[kind]} for “{key}”, found {_kind(value)}.")
    return value


def _take_number(plain: Mapping[object, object], key: str) -> float:
    value = plain[key]
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise RecipeError(f"The number for “{key}” is too large.") from None
    if type(value) is not float:
        raise RecipeError(f"Expected a number for “{key}”, found {_kind(value)}.")
    return value


def _take_choice(plain: Mapping[object, object], key: str, choices: type[_Choice]) -> _Choice:
    name = _take(plain, key, str)
    try:
        return choices(name)
    except ValueError:
        known = ", ".join(choices)
        raise RecipeError(f"Expected one of {known} for “{key}”, found “{name[:40]}”.") from None


def _first(keys: list[object] | list[str]) -> str:
    shown = ", ".join(str(key)[:40] for key in keys[:5])
    return shown if len(keys) <= 5 else f"{shown} and {len(keys) - 5} more"


def _kind(value: object) -> str:
    return _NAMES.get(type(value), f"a {type(value).__name__}")
