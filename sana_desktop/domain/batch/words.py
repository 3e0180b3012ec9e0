"""Cutting a line into words as a shell does, and telling where each word began."""

from dataclasses import dataclass

from sana_desktop.errors import PromptListError

_BLANKS = " \t\r\n"
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes; it begins at `column`, counted from 1."""

    text: str
    column: int


def shell_words(line: str, quotes: str = _QUOTES) -> list[Word]:
    """Cut `line` by the rules of POSIX shells, as Python's `shlex.split` does.

    Only the characters in `quotes` quote; a backslash escapes where double quotes do, and nothing without them.
    Raises `PromptListError` at a quotation mark that is never closed, and at a backslash with nothing behind it.
    """
    words: list[Word] = []
    escapes = '"' in quotes
    at, end = 0, len(line)
    while at < end:
        if line[at] in _BLANKS:
            at += 1
            continue
        start, parts = at, list[str]()
        while at < end and line[at] not in _BLANKS:
            letter = line[at]
            if letter == "\\" and escapes:
                parts.append(_escaped(line, at))
                at += 2
            elif letter in quotes:
                quoted, at = _quoted(line, at)
                parts.append(quoted)
            else:
                parts.append(letter)
                at += 1
        words.append(Word("".join(parts), start + 1))
    return words


def flag_words(line: str) -> list[Word]:
    """As `shell_words`, but an apostrophe is a letter where it cannot be meant as a quotation mark.

    That is where one begins inside a word, as in “dog's”, or where one is never closed. A single double quote
    behind a word is a letter, too.
    """
    apostrophe_inside = any(
        letter == "'" and 0 < at < len(line) - 1 and line[at - 1].isalnum() and line[at + 1].isalnum()
        for at, letter in enumerate(line)
    )
    if not apostrophe_inside:
        try:
            return shell_words(line)
        except PromptListError:
            pass
    try:
        return shell_words(line, '"')
    except PromptListError:
        # “a 6" ruler”: an inch. With quoted texts beside it nobody can tell which is which.
        inch = line.find('"')
        if line.count('"') == 1 and inch and line[inch - 1].isalnum():
            return shell_words(line, "")
        raise


def _escaped(line: str, at: int) -> str:
    if at + 1 == len(line):
        raise PromptListError("A backslash stands at the end with nothing to escape.", column=at + 1)
    return line[at + 1]


def _quoted(line: str, at: int) -> tuple[str, int]:
    """The text between quotation marks and where the line goes on behind them."""
    quote, start, parts = line[at], at, list[str]()
    at += 1
    while at < len(line):
        letter = line[at]
        if letter == quote:
            return "".join(parts), at + 1
        if letter == "\\" and quote == '"' and line[at + 1 : at + 2] in ('"', "\\"):
            letter = line[at + 1]
            at += 1
        parts.append(letter)
        at += 1
    raise PromptListError(
        f"The quotation mark {quote} is never closed.", column=start + 1, hint="Close it, or leave it out."
    )
