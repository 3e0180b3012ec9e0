"""Text to Gemma's tokens and back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.errors import PackError, WeightsError
from sana_desktop.system.small_files import read_json_object

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Gemma's is 34 MB.
LARGEST_TOKENIZER_BYTES = 256 * 2**20
_FILES = ("tokenizer.json", "tokenizer.model")


class TextTokenizer(Protocol):
    """What reading prompts needs of a tokenizer: `PromptTokenizer`, or one that asks another process."""

    padding_token: int

    def encode(self, text: str) -> list[int]:
        """Tokens of `text`, <bos> first; the empty text is <bos> alone."""
        ...

    def encode_with_spans(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Tokens as `encode` gives them, and the characters of `text` that each stands for; <bos> for none.

        A character that takes several tokens is in the span of each.
        """
        ...

    def decode(self, tokens: Sequence[int]) -> str:
        """Text that `tokens` stand for, special tokens spelled out."""
        ...


# From the folder of a tokenizer to one that is ready; raises `WeightsError` if there is none that can be read.
MakeTokenizer = Callable[[Path], TextTokenizer]


class PromptTokenizer:
    """Encodes with <bos> in front, as Gemma was trained, and decodes for messages; in this process."""

    def __init__(self, tokenizer: "Tokenizer", padding_token: int) -> None:
        # A saved tokenizer may ask for both; how long a prompt is must be known before it is cut.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.padding_token = padding_token

    def encode(self, text: str) -> list[int]:
        """As `TextTokenizer.encode`."""
        return self._tokenizer.encode(text).ids

    def encode_with_spans(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """As `TextTokenizer.encode_with_spans`."""
        encoding = self._tokenizer.encode(text)
        return encoding.ids, encoding.offsets

    def decode(self, tokens: Sequence[int]) -> str:
        """As `TextTokenizer.decode`."""
        return self._tokenizer.decode(list(tokens), skip_special_tokens=False)


def tokenizer_folder(encoder_folder: Path) -> Path:
    """Where an encoder's tokenizer lies: with its weights, or beside them in `tokenizer/` as diffusers saves it."""
    for folder in (encoder_folder, encoder_folder.parent / "tokenizer"):
        if any((folder / name).is_file() for name in _FILES):
            return folder
    raise WeightsError(f"Expected a tokenizer.json in {encoder_folder} or beside it in `tokenizer/`, found none.")


def load_tokenizer(folder: Path) -> PromptTokenizer:
    """Read the tokenizer in `folder`; raises `WeightsError` if there is none that can be read.

    `tokenizer.json` is parsed as it stands (a second for Gemma's, holding Python's global lock) if it
    puts <bos> in front by itself; transformers, slower, interprets whatever is older or configured otherwise.
    """
    path = folder / "tokenizer.json"
    settings = _settings(folder)
    with gc_paused():
        if path.is_file():
            tokenizer = _read(path)
            bos = tokenizer.token_to_id(_token(settings, "bos_token", "<bos>"))
            if settings.get("add_bos_token", True) and tokenizer.encode("").ids == [bos]:
                return PromptTokenizer(tokenizer, _padding(tokenizer, settings))
        tokenizer = _interpret(folder)
    return PromptTokenizer(tokenizer, _padding(tokenizer, settings))


def _read(path: Path) -> "Tokenizer":
    # Imported here to keep it off the start of commands that encode no prompt.
    from tokenizers import Tokenizer

    if path.stat().st_size > LARGEST_TOKENIZER_BYTES:
        raise WeightsError(f"{path} has {path.stat().st_size} bytes; no tokenizer is larger than 256 MiB.")
    try:
        return Tokenizer.from_buffer(path.read_bytes())
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} is not a readable tokenizer ({error}).") from error


def _interpret(folder: Path) -> "Tokenizer":
    # Imported here because it takes a second and nearly every pack does without.
    from transformers import AutoTokenizer

    try:
        wrapped = AutoTokenizer.from_pretrained(  # pyright: ignore[reportUnknownVariableType]
            folder, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise WeightsError(f"The tokenizer in {folder} cannot be read ({error}).") from error
    tokenizer: object = getattr(cast(object, wrapped), "backend_tokenizer", None)
    if tokenizer is None:
        raise WeightsError(f"The tokenizer in {folder} has no tokenizer.json and none can be made from it.")
    return cast("Tokenizer", tokenizer)


def _settings(folder: Path) -> dict[str, object]:
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return {}
    try:
        return read_json_object(path)
    except PackError as error:
        raise WeightsError(f"The tokenizer in {folder} cannot be read: {error}") from error


def _token(settings: dict[str, object], key: str, default: str) -> str:
    """A special token's text: older files hold it bare, newer ones as an object with `content`."""
    value = settings.get(key, default)
    if isinstance(value, dict):
        value = cast(dict[str, object], value).get("content")
    return value if isinstance(value, str) else default


def _padding(tokenizer: "Tokenizer", settings: dict[str, object]) -> int:
    return tokenizer.token_to_id(_token(settings, "pad_token", "<pad>")) or 0
