"""Gemma with weights in 8 or 4 bit, and its table of words left in the file.

Shapes: B texts, L tokens, V words of the table, E width.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.engine.gemma_files import bare_name, check_gemma_shapes, weight_files
from sana_desktop.engine.gemma_model import GemmaPlan, plan_gemma
from sana_desktop.engine.quantize.rules import text_encoder_layers
from sana_desktop.engine.quantize.store import Store, fill_from_store, is_made, make_store, source_fingerprint
from sana_desktop.engine.weights.files import FLOATS, StoredTensor, read_tensors
from sana_desktop.system.tensor_header import read_tensor_header

if TYPE_CHECKING:
    from sana_desktop.engine.gemma_model import GemmaModel

TABLE = "embed_tokens.weight"


class WordTable(nn.Module):
    """Gemma's table of words, in the type and place that it is stored in: a prompt reads a few rows of half a gigabyte.

    Rows come as `dtype` on `device`, times `scale` for the families whose table does that.
    """

    def __init__(self, table_VE: Tensor, scale: Tensor | None, dtype: torch.dtype, device: torch.device) -> None:
        super().__init__()
        # In a tuple, which modules do not look into: nothing that moves the network moves the table.
        self._table = (table_VE,)
        self._scale = scale
        self._dtype = dtype
        self._device = device

    @property
    def table(self) -> Tensor:
        """The whole table [V, E], where and as it is stored."""
        return self._table[0]

    def forward(self, tokens_BL: Tensor) -> Tensor:
        """Rows [B, L, E] of these tokens."""
        table_VE = self._table[0]
        rows_BLE = table_VE[tokens_BL.to(table_VE.device)].to(self._device, self._dtype)
        return rows_BLE if self._scale is None else rows_BLE * self._scale.to(rows_BLE)


def load_quantized_gemma(
    folder: Path, kept_in: Path, kind: Precision, dtype: torch.dtype, device: torch.device, check: Callable[[], None]
) -> "GemmaModel":
    """The text encoder in `folder` with its layers' weights as `kind` and everything else in `dtype` on `device`.

    Quantized weights come from `kept_in`, where they are written first if they are not there yet. `check` and errors
    are those of `load_gemma_model`, and `MachineError`.
    """
    plan = plan_gemma(folder, check)
    weights = {
        bare: StoredTensor(name, path, info)
        for path in weight_files(folder)
        for name, info in read_tensor_header(path).items()
        if (bare := bare_name(name))
    }
    check_gemma_shapes(folder, plan.shapes, {name: stored.info.shape for name, stored in weights.items()})
    with gc_paused():
        with torch.device("meta"):
            model: Any = plan.model_class(plan.config)
        layers = text_encoder_layers(model, kind)
        store = Store(kept_in, "text_encoder", kind, source_fingerprint(weights, layers))
        table = weights.pop(TABLE)
        if not is_made(store):
            shapes = {name: tuple(shape) for name, shape in plan.shapes.items()}
            make_store(store, weights, layers, shapes, check, device)
        scale = _fill_buffers(model, plan, device)
        ((_, table_VE),) = read_tensors(
            [table], dtype=FLOATS[table.info.dtype], device=torch.device("cpu"), check=check
        )
        model.embed_tokens = WordTable(table_VE, scale, dtype, device)
        fill_from_store(model, store, layers, dtype=dtype, device=device, check=check, whole_inputs=True)
    return model


def _fill_buffers(model: Any, plan: GemmaPlan, device: torch.device) -> Tensor | None:
    """Give `model` what it computes instead of storing, such as rotary frequencies; returns the scale of its table.

    These buffers depend on the configuration only, and not on how many layers and words there are: a small network of
    the same kind computes them.
    """
    config = deepcopy(plan.config)
    config.layer_types = sorted(set(config.layer_types))
    config.num_hidden_layers = len(config.layer_types)
    config.intermediate_size, config.vocab_size = 8, 1 + max(0, config.pad_token_id or 0)
    small: Any = plan.model_class(config)
    for name, buffer in small.named_buffers():
        owner, _, leaf = name.rpartition(".")
        model.get_submodule(owner).register_buffer(leaf, buffer.to(device), persistent=False)
    return getattr(model.embed_tokens, "embed_scale", None)
