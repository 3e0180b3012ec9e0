"""Which tokens of a prompt are read, by a pack's rules, and how much each of them counts.

Nothing here needs torch, so the counter beside the prompt cuts a text exactly where the encoder will.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.emphasis import Emphasised, parse_emphasis
from sana_desktop.engine.text_tokenizer import TextTokenizer
from sana_desktop.errors import MachineError
from sana_desktop.system.pack_manifest import PackText

INSTRUCTION_FILE = "instruction.txt"
WEIGHTS_PER_UNIT = 20

# The official program reads the picture's shape from these and cuts the prompt at the first of them.
_OFFICIAL_FLAG = re.compile(r"--aspect_ratio|--ar|--hw")


@dataclass(frozen=True, slots=True)
class TextRules:
    """How a pack wants its prompts: after which `instruction` (None: bare), how many tokens, by whose rules."""

    instruction: str | None
    max_tokens: int
    conditioning: Conditioning = Conditioning.DIFFUSERS
    emphasis: Emphasis = Emphasis.LITERAL

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"expected room for at least one token, found {self.max_tokens}")

    @property
    def lowercase(self) -> bool:
        """Whether letters lose their case and text its outer spaces, in the prompt and the negative alike."""
        return self.conditioning is Conditioning.DIFFUSERS


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as the encoder reads it.

    `tokens` are what it reads, <bos> and the instruction included, and `weights` how much each counts, empty
    where all count alike. The states of the first and of those from `kept_from` on are kept. `left_out` are the
    tokens beyond the pack's limit. `used` and `limit` count what the user's words take, <bos> not among it;
    `cut_at` is where in the text as it was written the left-out part begins, None if nothing was left out.
    `flags` is what official rules refuse to read.
    """

    tokens: tuple[int, ...]
    weights: tuple[float, ...]
    kept_from: int
    left_out: tuple[int, ...]
    used: int
    limit: int
    cut_at: int | None
    flags: str = ""


def read_instruction(resources: Path) -> str:
    """The complex human instruction that ships in `resources`; its last letter is a space that belongs to it."""
    path = resources / INSTRUCTION_FILE
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MachineError(f"{path} cannot be read ({error}).", hint="Install the program again.") from error


def rules_for(text: PackText, resources: Path, conditioning: Conditioning, emphasis: Emphasis) -> TextRules:
    """How a pack that says `text` about itself wants prompts read that were written in these ways."""
    instruction = read_instruction(resources) if text.instruction else None
    return TextRules(instruction, text.max_tokens, conditioning, emphasis)


def read_prompt(tokenizer: TextTokenizer, text: str, rules: TextRules) -> ReadText:
    """Read a prompt, after the instruction if there is one."""
    parsed = _parsed(text, rules)
    plain, flags = parsed.plain, ""
    if not rules.lowercase and (match := _OFFICIAL_FLAG.search(plain)):
        plain, flags = plain[: match.start()], plain[match.start() :].strip()
    before = rules.instruction or ""
    # The two that are taken off are <bos> and the instruction's last space, which joins the prompt's first word.
    room_before = len(tokenizer.encode(before)) - 2 if before else 0
    return _read(tokenizer, before, _Words.of(plain, rules.lowercase, stripped=True), parsed, room_before, rules, flags)


def read_negative(tokenizer: TextTokenizer, text: str, rules: TextRules) -> ReadText:
    """Read a negative prompt, which no instruction goes before."""
    parsed = _parsed(text, rules)
    words = _Words.of(parsed.plain, rules.lowercase, stripped=rules.lowercase)
    return _read(tokenizer, "", words, parsed, 0, rules)


@dataclass(frozen=True, slots=True)
class _Words:
    """What goes to the tokenizer, and from which character of the plain text each of its characters comes."""

    read: str
    origins: Sequence[int]

    @classmethod
    def of(cls, plain: str, lowercase: bool, *, stripped: bool) -> "_Words":
        words = plain.strip() if stripped else plain
        begin = len(plain) - len(plain.lstrip()) if stripped else 0
        read = words.lower() if lowercase else words
        if len(read) == len(words):
            return cls(read, range(begin, begin + len(words)))
        # A few capitals are several small letters.
        return cls(read, [begin + at for at, letter in enumerate(words) for _ in letter.lower()])


def _parsed(text: str, rules: TextRules) -> Emphasised:
    return parse_emphasis(text) if rules.emphasis is Emphasis.WEIGHTED else Emphasised(text, ())


def _read(
    tokenizer: TextTokenizer,
    before: str,
    words: _Words,
    parsed: Emphasised,
    room_before: int,
    rules: TextRules,
    flags: str = "",
) -> ReadText:
    tokens, spans = tokenizer.encode_with_spans(before + words.read)
    most = room_before + rules.max_tokens
    places = [(max(start - len(before), 0), max(end - len(before), 0)) for start, end in spans]
    weights = tuple(_weight(words, parsed, place) for place in places[:most]) if parsed.spans else ()
    return ReadText(
        tokens=tuple(tokens[:most]),
        weights=weights if any(weight != 1.0 for weight in weights) else (),
        kept_from=room_before + 1,
        left_out=tuple(tokens[most:]),
        used=len(tokens) - room_before - 1 if words.read else 0,
        limit=rules.max_tokens - 1,
        cut_at=parsed.written(words.origins[places[most][0]]) if len(tokens) > most else None,
        flags=flags,
    )


def _weight(words: _Words, parsed: Emphasised, place: tuple[int, int]) -> float:
    """How much a token counts: as its letters do on average; the space in front of them has no say."""
    start, end = place
    letters = [at for at in range(start, end) if not words.read[at].isspace()] or range(start, end)
    weights = [parsed.weight(words.origins[at]) for at in letters]
    if not weights:
        return 1.0
    # Each different weight costs a pass of the encoder, and nobody sees a finer one.
    return round(sum(weights) / len(weights) * WEIGHTS_PER_UNIT) / WEIGHTS_PER_UNIT
