"""Text as the index of words wants it."""

import unicodedata

# Written without spaces between words; each of their letters counts as a word.
_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x20000, 0x3FFFF),
)  # fmt: skip
_FIRST_UNSPACED = chr(_UNSPACED[0][0])


def indexed(text: str) -> str:
    """`text` with spaces around every letter of a script that puts none, so that parts of it can be found."""
    # The index stops reading at a NUL.
    text = text.replace("\0", " ")
    if not text or max(text) < _FIRST_UNSPACED:
        return text
    return "".join(f" {letter} " if _is_unspaced(letter) else letter for letter in text)


def phrase(text: str, *, whole: bool) -> str:
    """What finds `text` in the index: its words in this order, the last one as a beginning unless `whole`.

    Empty where there is no word in it.
    """
    if not any(_is_letter(letter) for letter in text):
        return ""
    spaced = indexed(text).replace('"', '""').strip()
    # A beginning makes sense where the text ends with a letter of a word, not between words.
    begins = not whole and not _is_unspaced(text.rstrip()[-1])
    return f'"{spaced}"{"*" if begins else ""}'


def _is_unspaced(letter: str) -> bool:
    code = ord(letter)
    return any(first <= code <= last for first, last in _UNSPACED)


def _is_letter(letter: str) -> bool:
    """Whether the index takes it for a part of a word."""
    category = unicodedata.category(letter)
    return category[0] in "LN" or category == "Co"
