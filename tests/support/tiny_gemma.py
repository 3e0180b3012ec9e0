"""A Gemma of a few thousand weights and a tokenizer that behaves like Gemma's, as folders of transformers."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
BOS, UNKNOWN = 2, 3
SPACE = "\u2581"
WORDS = (f"{SPACE}cat", f"{SPACE}red", "Prompt", f"{SPACE}{SPACE}")
WIDTH = 12


def tiny_vocabulary() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Every byte, every printable letter, and words made letter by letter; and the merges that make them."""
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), SPACE, *map(chr, range(33, 127)), "\n", "é"]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        for end in range(2, len(word) + 1):
            merges.append((word[: end - 1], word[end - 1]))
            tokens.append(word[:end])
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}, merges


def tiny_tokenizer() -> Tokenizer:
    """Byte-pair encoding with Gemma's normalizer, byte fallback and <bos>; a space joins the word after it."""
    vocabulary, merges = tiny_vocabulary()
    tokenizer = Tokenizer(
        models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    tokenizer.normalizer = normalizers.Replace(" ", SPACE)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos>:0 $A:0", pair="<bos>:0 $A:0 <bos>:1 $B:1", special_tokens=[("<bos>", BOS)]
    )
    return tokenizer


def wrapped_tokenizer() -> Any:
    """The same tokenizer as transformers wraps it, for the oracle and for saving."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=tiny_tokenizer(), bos_token="<bos>", eos_token="<eos>", unk_token="<unk>", pad_token="<pad>"
    )


def tiny_gemma(kind: str = "Gemma2Model", seed: int = 0, **changes: Any) -> Any:
    """A random transformers model of class `kind`, in fp32, attention of both kinds; `changes` are of the shape."""
    import transformers

    shape: dict[str, Any] = {
        "vocab_size": len(tiny_vocabulary()[0]),
        "hidden_size": WIDTH,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "query_pre_attn_scalar": 8,
        "layer_types": ["sliding_attention", "full_attention"],
        "pad_token_id": 0,
        "max_position_embeddings": 4096,
        **changes,
    }
    config = transformers.Gemma2Config(**shape) if "2" in kind else transformers.Gemma3TextConfig(**shape)
    generator = torch.Generator().manual_seed(seed)
    model = getattr(transformers, kind)(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # Wide enough that prompts differ plainly, norms included, which a fresh model would leave at zero.
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.4)
    return model


def save_tiny_gemma(folder: Path, kind: str = "Gemma2Model", dtype: torch.dtype = torch.float32) -> Any:
    """Save model and tokenizer into `folder`, as transformers does; return the model in fp32 that was saved."""
    model = tiny_gemma(kind).to(dtype)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    wrapped_tokenizer().save_pretrained(folder)
    return model.float()
