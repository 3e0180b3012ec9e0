"""A pack of Sana 0.6B with random weights at the true shapes, made on the machine that measures it.

    python -m benchmarks.gpu_packs FOLDER --device cuda          (with PYTHONPATH=.:models:kernels:tests)

Four gigabytes that need not travel; a graphics card draws the numbers in seconds. The tokenizer knows the words of the
instruction and of the prompts below, one token each, which is about as many tokens as Gemma's makes of them.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu_caps import PROMPT
from sana_desktop.engine.prompt_tokens import read_instruction
from sana_desktop.engine.weights.write import write_json
from sana_desktop.system.resources import resources_folder
from sana_models.configs import SANA_0_6B
from support.true_checkpoints import (
    GEMMA_2_2B,
    write_true_autoencoder,
    write_true_gemma,
    write_true_pack,
    write_true_transformer,
)

SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>")


def main() -> int:
    """Write the parts, then the pack that links them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--tiny", action="store_true", help="a text encoder of two layers, to check this script")
    options = parser.parse_args()
    device, parts, began = torch.device(options.device), options.folder / "parts", time.perf_counter()
    bf16 = torch.bfloat16
    small = {"num_hidden_layers": 2, "vocab_size": 2000, "hidden_size": SANA_0_6B.caption_channels}
    write_true_transformer(parts / "transformer", SANA_0_6B, bf16, device)
    write_true_autoencoder(parts / "vae", bf16, device)
    write_true_gemma(parts / "text_encoder", bf16, {**GEMMA_2_2B, **(small if options.tiny else {})}, device)
    parts.joinpath("tokenizer").mkdir(exist_ok=True)
    words_tokenizer().save(str(parts / "tokenizer" / "tokenizer.json"))
    write_true_pack(
        options.folder / "pack",
        transformer=parts / "transformer",
        vae=parts / "vae",
        text_encoder=parts / "text_encoder",
        tokenizer=parts / "tokenizer" / "tokenizer.json",
    )
    special = {
        name: f"<{name.removesuffix('_token')}>" for name in ("pad_token", "eos_token", "bos_token", "unk_token")
    }
    write_json(
        options.folder / "pack" / "tokenizer" / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", **special},
    )
    (options.folder / "ready").touch()
    print(f"written in {time.perf_counter() - began:.1f} s")
    return 0


def words_tokenizer() -> Any:
    """A tokenizer of whole words and signs, with <bos> in front as Gemma's puts it."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors

    splitter = pre_tokenizers.Whitespace()
    text = read_instruction(resources_folder()) + " " + PROMPT
    words = dict.fromkeys([*SPECIAL, *(word for word, _ in splitter.pre_tokenize_str(text))])
    words.update(dict.fromkeys(word for word, _ in splitter.pre_tokenize_str(text.lower())))
    tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = splitter
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos>:0 $A:0", pair="<bos>:0 $A:0 <bos>:1 $B:1", special_tokens=[("<bos>", SPECIAL.index("<bos>"))]
    )
    return tokenizer


if __name__ == "__main__":
    raise SystemExit(main())
