"""Gemma as a text encoder: the last hidden state, after the final norm, of a decoder-only language model.

SANA (arXiv 2410.10629, section 2.3) conditions on Gemma-2-2B; the starter pack on Gemma 3 270M. The
language-model head is never built and nothing is generated. Shapes: L tokens, E width.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from sana_desktop.engine.freed_memory import give_back_freed
from sana_desktop.engine.gemma_files import gemma_fingerprint, read_gemma_config
from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.text_tokenizer import MakeTokenizer, TextTokenizer, load_tokenizer, tokenizer_folder
from sana_desktop.errors import PackError

if TYPE_CHECKING:
    from sana_desktop.engine.gemma_model import GemmaModel


LoadModel = Callable[[Path, torch.dtype, torch.device, Callable[[], None]], "GemmaModel"]


class GemmaEncoder:
    """A loaded Gemma and its tokenizer. Owned by one thread at a time."""

    def __init__(self, model: "GemmaModel", tokenizer: TextTokenizer, fingerprint: str) -> None:
        self._model = model.eval().requires_grad_(False)
        self.tokenizer = tokenizer
        self.fingerprint = fingerprint

    @property
    def width(self) -> int:
        """Width E of the states."""
        return self._model.config.hidden_size

    def states(
        self, tokens: Sequence[int], length: int | None = None, check: Callable[[], None] | None = None
    ) -> Tensor:
        """States [L, E] of `tokens`, in the encoder's dtype, on the CPU.

        With `length`, padding follows the tokens up to it and the states there are returned too: attention
        is causal and never reads padding, so the states of the tokens are the same either way. `check` is
        called before every layer; what it raises ends the pass.
        """
        (states_LE,) = self._run([list(tokens)], length or len(tokens), check)
        return states_LE.cpu()

    def states_of_many(
        self, texts: Sequence[Sequence[int]], length: int | None = None, check: Callable[[], None] | None = None
    ) -> list[Tensor]:
        """States [L, E] of each text, in one padded batch: faster, and equal to `states` up to rounding.

        With `length`, all texts are padded up to it and the states there are returned too. `check` as for `states`.
        """
        batch_BLE = self._run([list(tokens) for tokens in texts], length or max(map(len, texts)), check).cpu()
        if length is not None:
            return list(batch_BLE)
        return [states_LE[: len(tokens)] for states_LE, tokens in zip(batch_BLE, texts, strict=True)]

    def _run(self, texts: list[list[int]], length: int, check: Callable[[], None] | None) -> Tensor:
        padding = self.tokenizer.padding_token
        rows = [tokens + [padding] * (length - len(tokens)) for tokens in texts]
        tokens_BL = torch.tensor(rows, device=self._model.device)
        lengths_B = torch.tensor([len(tokens) for tokens in texts], device=self._model.device)
        mask_BL = torch.arange(length, device=self._model.device) < lengths_B[:, None]
        # Without a mask where none is needed, attention takes its faster causal path.
        mask = None if bool(mask_BL.all()) else mask_BL.long()
        with torch.no_grad(), _called_before_layers(self._model, check):
            return self._model(input_ids=tokens_BL, attention_mask=mask, use_cache=False).last_hidden_state


class TextEncoder:
    """A Gemma on disk that is loaded when a prompt needs it, which one found in a cache does not.

    Tokenizer and fingerprint come without the weights; `release` gives their memory back. Errors are
    those of `load_gemma`, raised when the part is first needed. `make_tokenizer` reads the tokenizer's folder,
    in this process unless it is told otherwise. `load_model` reads the weights, and `variant` names it where it makes
    other states of them.
    """

    def __init__(
        self,
        folder: Path,
        dtype: torch.dtype,
        device: torch.device,
        tokenizer_at: Path | None = None,
        make_tokenizer: MakeTokenizer = load_tokenizer,
        load_model: "LoadModel" = load_gemma_model,
        variant: str = "",
    ) -> None:
        _refuse_narrow(dtype)
        self._folder = folder
        self._dtype = dtype
        self._device = device
        self._tokenizer_at = tokenizer_at
        self._make_tokenizer = make_tokenizer
        self._load_model = load_model
        self._variant = variant
        self._tokenizer: TextTokenizer | None = None
        self._fingerprint: str | None = None
        self._encoder: GemmaEncoder | None = None

    @property
    def tokenizer(self) -> TextTokenizer:
        """The tokenizer, read at first use and kept."""
        if self._tokenizer is None:
            self._tokenizer = self._make_tokenizer(self._tokenizer_at or tokenizer_folder(self._folder))
        return self._tokenizer

    @property
    def fingerprint(self) -> str:
        """As `GemmaEncoder.fingerprint`, from a look at the files."""
        if self._fingerprint is None:
            read_gemma_config(self._folder)
            fingerprint = gemma_fingerprint(self._folder, self._dtype, self._device)
            self._fingerprint = f"{fingerprint}-{self._variant}" if self._variant else fingerprint
        return self._fingerprint

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._encoder is not None

    def load(self, check: Callable[[], None]) -> GemmaEncoder:
        """Load the weights unless they are, calling `check` per tensor."""
        if self._encoder is None:
            tokenizer = self.tokenizer
            # Reading it leaves two hundred megabytes behind, and the weights come on top.
            give_back_freed()
            model = self._load_model(self._folder, self._dtype, self._device, check)
            self._encoder = GemmaEncoder(model, tokenizer, self.fingerprint)
        return self._encoder

    def states(
        self, tokens: Sequence[int], length: int | None = None, check: Callable[[], None] | None = None
    ) -> Tensor:
        """As `GemmaEncoder.states`, loading the weights first if need be."""
        return self.load(check or _nothing).states(tokens, length, check)

    def release(self) -> None:
        """Forget the weights; the next prompt that needs them loads them again."""
        self._encoder = None


def load_gemma(
    folder: Path,
    dtype: torch.dtype,
    device: torch.device,
    check: Callable[[], None],
    tokenizer_at: Path | None = None,
) -> GemmaEncoder:
    """Load a Gemma-2 or Gemma-3 folder as transformers saves it, with or without a language-model head.

    `dtype` is bfloat16 or float32. The tokenizer is found in `folder`, or beside it in `tokenizer/`, or
    at `tokenizer_at`. `check` is called per file and tensor. On the CPU, weights stored in `dtype` stay
    mapped from disk. Raises `WeightsError` for missing, unknown or misshapen tensors and files that
    cannot be read, `PackError` for another dtype. Nothing is ever fetched.
    """
    return TextEncoder(folder, dtype, device, tokenizer_at).load(check)


def _refuse_narrow(dtype: torch.dtype) -> None:
    if dtype not in (torch.bfloat16, torch.float32):
        raise PackError(
            f"Gemma runs in bfloat16 or float32, found {dtype}: its activations exceed the largest float16 number."
        )


def _nothing() -> None:
    """No one asked to be asked."""


@contextmanager
def _called_before_layers(model: "GemmaModel", check: Callable[[], None] | None) -> Generator[None]:
    if check is None:
        yield
        return

    def before_layer(module: nn.Module, inputs: object) -> None:
        del module, inputs
        check()

    hooks = [layer.register_forward_pre_hook(before_layer) for layer in model.layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
