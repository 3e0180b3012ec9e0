"""A reader of A1111's "parameters" text, written from its grammar alone; it shares no line with the product's.

Programs that read the text use such a regular expression. It is an oracle: slow for hostile lines, which no test
gives to it.
"""

import json
import re
from dataclasses import dataclass, field

_PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


@dataclass
class Parameters:
    """What the three parts of the text say."""

    prompt: str = ""
    negative: str = ""
    pairs: dict[str, str] = field(default_factory=dict[str, str])


def read_parameters(text: str) -> Parameters:
    """The last line is settings if it has three pairs; what follows "Negative prompt:" is what is not wanted."""
    *lines, last = text.strip().split("\n")
    found = _PAIR.findall(last)
    if len(found) < 3:
        lines, found = [*lines, last], []
    parts = Parameters()
    into_negative = False
    for line in (line.strip() for line in lines):
        if line.startswith("Negative prompt:"):
            into_negative = True
            line = line.removeprefix("Negative prompt:").strip()
        if into_negative:
            parts.negative += ("\n" if parts.negative else "") + line
        else:
            parts.prompt += ("\n" if parts.prompt else "") + line
    for name, value in found:
        parts.pairs[name] = json.loads(value) if value.startswith('"') and value.endswith('"') else value
    return parts
