"""One line of a text list: a prompt, a comment, or A1111's flags."""

import re

from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.fields import Cell, entry_from, known_flags, unknown_flag
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.batch.words import Word, flag_words
from sana_desktop.errors import PromptListError

_FLAG = re.compile(r"(?<!\S)--([A-Za-z]\w*)(?=[\s=]|$)")
COMMENTS = ("#", "//")
_GREEDY = ("prompt", "negative_prompt")


def parse_line(number: int, line: str, found: list[Problem], *, column: int = 1) -> Entry | None:
    """Understand a line; None for blank lines and comments. `column` is where it begins in what the file calls a line.

    A line with flags is read as A1111 reads it. Words before the first flag are the prompt. Where “--” is no flag,
    as in “a fox -- in snow”, the whole line is a prompt. Raises `PromptListError` for everything else.
    """
    text = line.strip()
    if not text or text.startswith(COMMENTS):
        return None
    column += len(line) - len(line.lstrip())
    if "--" not in text:
        return Entry(line=number, prompt=text)
    flag = _FLAG.search(text)
    if flag is None:
        return Entry(line=number, prompt=text)
    try:
        cells = _cells(text, flag.start())
        return entry_from(number, cells, found, blank_is_default=False)
    except PromptListError as error:
        raise PromptListError(str(error), column=error.column + column - 1, hint=error.hint) from None


def _cells(text: str, first_flag: int) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    if first_flag:
        # As it stands: nobody quotes the words of a prompt that needs no flag.
        cells["prompt"] = Cell(text[:first_flag].strip(), 1)
    words = [Word(word.text, word.column + first_flag) for word in flag_words(text[first_flag:])]
    at = 0
    while at < len(words):
        word = words[at]
        if not word.text.startswith("--"):
            raise PromptListError(
                f"Expected a flag, found “{word.text[:40]}”.",
                column=word.column,
                hint="A value with blanks stands between quotation marks.",
            )
        name = word.text[2:]
        if name not in known_flags():
            raise unknown_flag(name, word.column)
        if at + 1 == len(words):
            raise PromptListError(f"The flag --{name} has no value.", column=word.column)
        if name in cells and not (name == "prompt" and first_flag):
            raise PromptListError(f"The flag --{name} is given twice.", column=word.column)
        end = at + 2
        if name in _GREEDY:
            while end < len(words) and not words[end].text.startswith("--"):
                end += 1
        value = " ".join(one.text for one in words[at + 1 : end])
        if name == "prompt" and first_flag:
            raise PromptListError("The prompt stands before the flags and in --prompt.", column=word.column)
        cells[name] = Cell(value, words[at + 1].column)
        at = end
    return cells
