from pathlib import Path

import pytest
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.quantize.gemma import WordTable, load_quantized_gemma
from sana_desktop.errors import WeightsError
from support.tiny_gemma import tiny_gemma

CPU = torch.device("cpu")
FAMILIES = ["Gemma2Model", "Gemma3TextModel"]
SHAPE = {"hidden_size": 64, "intermediate_size": 128, "head_dim": 32, "query_pre_attn_scalar": 32}
TOKENS = torch.tensor([[2, 40, 41, 300, 7, 9]])


def _save(folder: Path, family: str, dtype: torch.dtype = torch.bfloat16) -> Path:
    model = tiny_gemma(family, **SHAPE)
    with torch.no_grad():
        for parameter in model.parameters():
            # As wide as a trained network's: prompts differ, attention is not all on one word.
            parameter.mul_(0.3)
    model.to(dtype).save_pretrained(folder)
    return folder


def _load(folder: Path, kind: Precision, dtype: torch.dtype = torch.float32):
    return load_quantized_gemma(folder, folder / "kept", kind, dtype, CPU, lambda: None)


@torch.inference_mode()
def _states(model) -> torch.Tensor:
    return model(input_ids=TOKENS, use_cache=False).last_hidden_state


@pytest.mark.parametrize("kind", [Precision.INT8, Precision.NF4])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_quantized_encoder_reads_nearly_the_same(tmp_path: Path, family: str, kind: Precision):
    folder = _save(tmp_path, family)
    plain = _states(load_gemma_model(folder, torch.float32, CPU, lambda: None))
    found = _states(_load(folder, kind))
    assert found.shape == plain.shape
    similar = torch.nn.functional.cosine_similarity(found, plain, dim=-1)
    assert similar.min() > (0.99 if kind is Precision.INT8 else 0.9)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_not_quantized_is_what_transformers_loads(tmp_path: Path, family: str):
    folder = _save(tmp_path, family)
    plain, quantized = load_gemma_model(folder, torch.float32, CPU, lambda: None), _load(folder, Precision.NF4)
    for name, buffer in plain.named_buffers():
        if not name.startswith("embed_tokens"):
            assert torch.equal(quantized.get_buffer(name), buffer), name
    assert torch.equal(quantized.embed_tokens(TOKENS), plain.embed_tokens(TOKENS))
    assert torch.equal(quantized.norm.weight, plain.norm.weight)


def test_the_table_of_words_stays_in_the_file_in_the_type_it_has_there(tmp_path: Path):
    model = _load(_save(tmp_path, "Gemma2Model"), Precision.NF4)
    assert isinstance(model.embed_tokens, WordTable)
    assert all("embed_tokens" not in name for name in model.state_dict())
    assert model.embed_tokens(TOKENS).dtype is torch.float32


def test_rows_of_a_table_are_scaled_in_the_type_of_the_network():
    table = torch.arange(12.0).reshape(4, 3).bfloat16()
    rows = WordTable(table, torch.tensor(2.5), torch.float32, CPU)(torch.tensor([[3, 0]]))
    assert torch.equal(rows, table[torch.tensor([[3, 0]])].float() * 2.5)


def test_the_second_load_is_the_first_to_the_bit(tmp_path: Path):
    folder = _save(tmp_path, "Gemma3TextModel")
    first = _states(_load(folder, Precision.NF4))
    assert torch.equal(_states(_load(folder, Precision.NF4)), first)


def test_weights_of_another_shape_are_refused_and_nothing_is_written(tmp_path: Path):
    folder = _save(tmp_path, "Gemma2Model")
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"intermediate_size": 128', '"intermediate_size": 192'))
    with pytest.raises(WeightsError, match="another shape"):
        _load(folder, Precision.NF4)
    assert not (folder / "kept").exists()
