"""Words of a prompt as a part of a file name that every file system takes."""

import unicodedata

LONGEST_WORDS = 72


def safe_words(text: str, most_bytes: int = LONGEST_WORDS) -> str:
    """The words of `text` joined by dashes, cut between words, or within the first, to `most_bytes` of UTF-8."""
    # Long prompts are common and only their beginning is used.
    start = unicodedata.normalize("NFC", text[: 4 * most_bytes])
    words = "".join(letter if _belongs_to_word(letter) else " " for letter in start).lower().split()
    if not words:
        return ""
    kept = _cut(words[0], most_bytes)
    for word in words[1:]:
        longer = f"{kept}-{word}"
        if len(longer.encode("utf-8")) > most_bytes:
            break
        kept = longer
    return kept


def _belongs_to_word(letter: str) -> bool:
    # Marks are parts of letters: without them Hindi or Thai cannot be read.
    return unicodedata.category(letter)[0] in "LNM"


def _cut(word: str, most_bytes: int) -> str:
    return word.encode("utf-8")[:most_bytes].decode("utf-8", "ignore")
