"""Gemma's weights into transformers' networks: no language-model head, no download, no noise."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from sana_desktop.engine.gc_pause import gc_paused, lasting_imports, without_callers
from sana_desktop.engine.gemma_files import read_gemma_config, read_gemma_weights
from sana_desktop.errors import WeightsError

if TYPE_CHECKING:
    from transformers import Gemma2Model, Gemma3TextModel

    GemmaModel = Gemma2Model | Gemma3TextModel

# What a config.json may decide. Others of transformers' keys choose how to compute, and some fetch code for it.
_SHAPING = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "hidden_act",
    "hidden_activation",
    "max_position_embeddings",
    "rms_norm_eps",
    "rope_parameters",
    "rope_theta",
    "rope_scaling",
    "rope_local_base_freq",
    "attention_bias",
    "query_pre_attn_scalar",
    "sliding_window",
    "sliding_window_pattern",
    "layer_types",
    "attn_logit_softcapping",
    "final_logit_softcapping",
    "pad_token_id",
    "bos_token_id",
    "eos_token_id",
)


def load_gemma_model(folder: Path, dtype: torch.dtype, device: torch.device, check: Callable[[], None]) -> "GemmaModel":
    """Build the encoder that `folder` describes, with its weights, in `dtype` on `device`.

    `check` is called per file and tensor. On the CPU, weights stored in `dtype` stay mapped from disk.
    Raises `WeightsError` where configuration and tensors do not make a Gemma-2 or Gemma-3.
    """
    plan = plan_gemma(folder, check)
    with gc_paused(), _quiet():
        weights = read_gemma_weights(folder, plan.shapes, dtype, check)
        model: Any = plan.model_class.from_pretrained(None, config=plan.config, state_dict=weights, dtype=dtype)
        # Loading leaves cycles behind that hold this table; what was cast would keep its whole file in memory.
        weights.clear()
    check()
    return model.to(device)


@dataclass(frozen=True, slots=True)
class GemmaPlan:
    """A text encoder that could be built: its class and configuration in transformers, and its tensors by name.

    Any: the two families share no typed base that builds and loads.
    """

    model_class: Any
    config: Any
    shapes: dict[str, torch.Size]


def plan_gemma(folder: Path, check: Callable[[], None]) -> GemmaPlan:
    """What `config.json` of `folder` describes; nothing is allocated. Raises `WeightsError` if it is no Gemma."""
    values = read_gemma_config(folder)
    check()
    families = without_callers(_families)
    check()
    config_class, model_class, attention = families[values["model_type"]]
    with gc_paused(), _quiet():
        return GemmaPlan(model_class, *_plan(folder, config_class, model_class, values, attention))


def _families() -> dict[object, tuple[Any, Any, str]]:
    """Configuration, network and kind of attention of each type, from transformers."""
    with lasting_imports():
        # Imported here because it takes two seconds, and a prompt that the cache knows does without.
        from transformers import Gemma2Config, Gemma2Model, Gemma3TextConfig, Gemma3TextModel

    # Gemma-2 caps its attention scores, which only the eager path does.
    return {
        "gemma2": (Gemma2Config, Gemma2Model, "eager"),
        "gemma3_text": (Gemma3TextConfig, Gemma3TextModel, "sdpa"),
    }


def _plan(
    folder: Path, config_class: Any, model_class: Any, values: dict[str, object], attention: str
) -> tuple[Any, dict[str, torch.Size]]:
    """The configuration of these values, and what tensors a network of it has; nothing is allocated."""
    # Imported here because it comes with transformers.
    from huggingface_hub.errors import StrictDataclassError

    try:
        config = config_class.from_dict({key: values[key] for key in _SHAPING if key in values})
        config._attn_implementation = attention
        with torch.device("meta"):
            return config, {name: value.shape for name, value in model_class(config).state_dict().items()}
    except (
        StrictDataclassError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RuntimeError,
    ) as e:
        raise WeightsError(f"{folder / 'config.json'} does not describe a text encoder ({e}).") from e


@contextmanager
def _quiet() -> Generator[None]:
    """Keep transformers' report and progress bar off the terminal; whatever is wrong is raised by us."""
    # Imported here, after transformers itself.
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
