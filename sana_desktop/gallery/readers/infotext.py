"""A1111's "parameters" text: prompt, negative prompt, and one line of settings.

The grammar is that of the programs that read it most. It is found here without their regular expression,
which needs time with the square of the length for lines that somebody made for that.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.json_values import LONGEST_VALUE, MOST_PAIRS, as_number, as_whole

KEYWORD = "parameters"
# What A1111's extras tab writes about enlarging a picture; the settings of the picture before stay beside it.
POSTPROCESSING = "postprocessing"
LONGEST_TEXT = 2**20
# A last line with fewer is taken for a part of the prompt.
FEWEST_PAIRS = 3

_NEGATIVE = "Negative prompt:"
_KNOWN = frozenset({"Steps", "Sampler", "CFG scale", "Seed", "Size", "Model", "Version"})
_DIGITS = frozenset("0123456789")
_NOT_INSIDE = re.compile(r"[^\w /-]")


def read_infotext(carried: Carried) -> Inspected | None:
    """The settings in the text of A1111, Forge, SD.Next, and of every program that writes like them, ours too."""
    text = carried.texts.get(KEYWORD, "")
    if not text.strip() or len(text) > LONGEST_TEXT or text.lstrip().startswith("{"):
        return None
    found, more = parse_infotext(text), _postprocessing(carried)
    return replace(found, extra=(*found.extra, *more)) if more else found


def read_postprocessing(carried: Carried) -> Inspected | None:
    """What is known of a picture that A1111 made out of one without settings."""
    extra = _postprocessing(carried)
    note = "The file says how the picture was changed, and not how it was made."
    return Inspected(tool=_tool(""), extra=extra, notes=(note,)) if extra else None


def parse_infotext(text: str) -> Inspected:
    """Read the text of one picture; whatever is no line of settings is prompt. Never raises."""
    lines = [line.strip() for line in text.strip().split("\n")]
    settings = dict(pairs(lines[-1]))
    if len(settings) < FEWEST_PAIRS:
        settings = {}
    else:
        del lines[-1]
    prompt, negative = _prompts(lines)
    version = settings.get("Version", "")
    extra = [(name, value[:LONGEST_VALUE]) for name, value in settings.items() if name not in _KNOWN]
    return Inspected(
        tool=_tool(version, settings.get("App", "")),
        prompt=prompt,
        negative=negative,
        seed=as_whole(settings.get("Seed")),
        steps=as_whole(settings.get("Steps")),
        guidance=as_number(settings.get("CFG scale")),
        size=_size(settings.get("Size", "")),
        sampler=settings.get("Sampler", ""),
        model=settings.get("Model", ""),
        extra=tuple(extra[:MOST_PAIRS]) + ((("Version", version),) if version else ()),
    )


def pairs(line: str) -> Iterator[tuple[str, str]]:
    """Names and values of a line "Steps: 20, Size: 512x512, ..."; quoted values are unpacked, empty ones left out.

    A name begins with a letter, digit or underscore, has two characters or more, among them spaces, "-" and "/".
    """
    start = 0
    while (colon := line.find(":", start)) >= 0:
        name = _name_before(line, start, colon)
        if not name:
            start = colon + 1
            continue
        value, start = _value_after(line, colon + 1)
        if value:
            yield name, value


def _postprocessing(carried: Carried) -> tuple[tuple[str, str], ...]:
    text = carried.texts.get(POSTPROCESSING, "")[:LONGEST_VALUE]
    return tuple((name, value) for name, value in pairs(text))[:MOST_PAIRS]


def _name_before(line: str, start: int, colon: int) -> str:
    """The longest name that ends at the colon, empty if what stands there is none."""
    name = _NOT_INSIDE.split(line[start:colon])[-1].lstrip(" -/")
    return name if len(name) >= 2 else ""


def _value_after(line: str, start: int) -> tuple[str, int]:
    """The value, and where the next pair may begin."""
    while start < len(line) and line[start].isspace():
        start += 1
    if line[start : start + 1] == '"':
        end = _end_of_quoted(line, start)
        if end is not None and line[end : end + 1] in ("", ","):
            return _unquoted(line[start:end]), end + 1
    comma = line.find(",", start)
    end = len(line) if comma < 0 else comma
    return line[start:end].strip(), end + 1


def _end_of_quoted(line: str, start: int) -> int | None:
    """The place behind the closing quote."""
    place = start + 1
    while (quote := line.find('"', place)) >= 0:
        backslashes = 0
        while line[quote - 1 - backslashes] == "\\":
            backslashes += 1
        if backslashes % 2 == 0:
            return quote + 1
        place = quote + 1
    return None


def _unquoted(text: str) -> str:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _prompts(lines: list[str]) -> tuple[str, str]:
    """Everything from the first line that begins as a negative prompt belongs to it."""
    for number, line in enumerate(lines):
        if line.startswith(_NEGATIVE):
            rest = [_without_name(later) for later in lines[number:]]
            return "\n".join(lines[:number]).strip(), "\n".join(rest).strip()
    return "\n".join(lines).strip(), ""


def _without_name(line: str) -> str:
    return line[len(_NEGATIVE) :].strip() if line.startswith(_NEGATIVE) else line


def _size(text: str) -> tuple[int, int] | None:
    width, x, height = text.partition("x")
    if not x or not 1 <= len(width) <= 9 or not 1 <= len(height) <= 9 or not _DIGITS.issuperset(width + height):
        return None
    return (int(width), int(height)) if int(width) and int(height) else None


def _tool(version: str, app: str = "") -> str:
    if app:
        # SD.Next names itself, and its version is a number of its history.
        return f"{app} {version}".strip()[:LONGEST_VALUE]
    if not version:
        return "A1111 or a program that writes like it"
    if version.startswith("Sana Desktop"):
        return version
    if version.startswith("f"):
        return "Forge"
    return "A1111" if version.startswith("v") else version[:LONGEST_VALUE]
