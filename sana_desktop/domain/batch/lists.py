"""What is said of a prompt list as a whole."""

from enum import StrEnum

# Seeds that nobody gives are below this, as every picture tool understands them.
SEEDS = 2**32


class ListFormat(StrEnum):
    """How a list is written; `auto` goes by the ending of its name."""

    AUTO = "auto"
    TEXT = "text"
    CSV = "csv"
    JSONL = "jsonl"
