"""Gemma's tokenizer rebuilt from the vocabulary of a GGUF file.

The file lists tokens and their kinds but not the merges of the byte-pair encoding. They follow from the
vocabulary: a token may be made of any two others that spell it, tokens made first carry lower numbers,
and among several ways to make one, the pair of the lowest numbers was merged first.
"""

from typing import TYPE_CHECKING

import numpy as np

from sana_desktop.engine.gguf.file import GgufFile
from sana_desktop.errors import WeightsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPACE = "\u2581"
LONGEST_TOKEN = 1024
_CONTROL, _USER_DEFINED = 3, 4


def gemma_tokenizer(file: GgufFile) -> "Tokenizer":
    """A `tokenizers.Tokenizer` that reads text as Gemma's own does and puts <bos> in front.

    Raises `WeightsError` for a vocabulary that is incomplete or names a token twice.
    """
    # Imported here because only the first start ever converts.
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokens = _tokens(file)
    vocabulary = {token: index for index, token in enumerate(tokens)}
    if len(vocabulary) != len(tokens):
        raise WeightsError("The GGUF vocabulary names a token twice.")
    kinds = file.metadata.get("tokenizer.ggml.token_type")
    if not isinstance(kinds, np.ndarray) or len(kinds) != len(tokens):
        raise WeightsError("The GGUF vocabulary lacks the kinds of its tokens (tokenizer.ggml.token_type).")
    bos = _named_token(file, tokens, "tokenizer.ggml.bos_token_id")
    unknown = _named_token(file, tokens, "tokenizer.ggml.unknown_token_id")

    model = models.BPE(
        vocab=vocabulary,
        merges=_merges(tokens, vocabulary),
        unk_token=unknown,
        fuse_unk=True,
        byte_fallback=True,
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Replace(" ", SPACE)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    control = [tokens[index] for index in np.flatnonzero(kinds == _CONTROL)]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in control])
    defined = [tokens[index] for index in np.flatnonzero(kinds == _USER_DEFINED)]
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in defined])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos}:0 $A:0", pair=f"{bos}:0 $A:0 {bos}:1 $B:1", special_tokens=[(bos, vocabulary[bos])]
    )
    return tokenizer


def _tokens(file: GgufFile) -> list[str]:
    tokens = file.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, list) or not tokens:
        raise WeightsError("The GGUF file lacks its vocabulary (tokenizer.ggml.tokens).")
    if max(map(len, tokens)) > LONGEST_TOKEN:
        raise WeightsError(f"The GGUF vocabulary holds a token of more than {LONGEST_TOKEN} letters.")
    # llama.cpp writes runs of spaces as spaces; the normalizer above makes them SPACE before they are looked up.
    return [SPACE * len(token) if token and not token.strip(" ") else token for token in tokens]


def _named_token(file: GgufFile, tokens: list[str], key: str) -> str:
    index = file.metadata.get(key)
    if not isinstance(index, int) or not 0 <= index < len(tokens):
        raise WeightsError(f"GGUF metadata “{key}”: expected the number of a token, found {index}.")
    return tokens[index]


def _merges(tokens: list[str], vocabulary: dict[str, int]) -> list[tuple[str, str]]:
    merges: list[tuple[str, str]] = []
    for token in tokens:
        ways: list[tuple[int, int, str, str]] = []
        for cut in range(1, len(token)):
            left, right = token[:cut], token[cut:]
            if left in vocabulary and right in vocabulary:
                ways.append((vocabulary[left], vocabulary[right], left, right))
        ways.sort()
        merges.extend((left, right) for _, _, left, right in ways)
    return merges
