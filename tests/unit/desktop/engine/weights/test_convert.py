from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from sana_desktop.engine.weights.checkpoint import read_checkpoint
from sana_desktop.engine.weights.convert import write_autoencoder, write_transformer
from sana_desktop.engine.weights.load import load_autoencoder, load_transformer
from sana_desktop.errors import JobCancelledError, WeightsError
from sana_models.configs import DCAEConfig
from support.tiny_checkpoints import original_autoencoder, original_transformer, write_pth
from support.tiny_models import (
    TINY_DCAE,
    TINY_DCAE_LITE,
    TINY_DIT,
    TINY_DIT_VARIANTS,
    cancel_at_call,
    diffusers_dit,
    largest_error,
    noise,
    random_dcae,
    random_dit,
)

CPU = torch.device("cpu")
TOLERANCE = 1e-4


def never() -> None:
    pass


@pytest.mark.parametrize("variant", TINY_DIT_VARIANTS)
@torch.inference_mode()
def test_a_converted_checkpoint_computes_what_diffusers_does(tmp_path: Path, variant: str):
    network = random_dit(TINY_DIT_VARIANTS[variant])
    weights = read_checkpoint(write_pth(tmp_path / "x.pth", original_transformer(network)))
    write_transformer(weights, network.config, tmp_path / "transformer", check=never)
    ours = load_transformer(tmp_path / "transformer", dtype=torch.float32, device=CPU)
    assert ours.config == network.config
    latents, text, mask = noise(2, 32, 3, 4), noise(2, 5, 12), torch.ones(2, 5)
    time, guidance = torch.tensor([0.9, 0.3]), torch.tensor([0.45, 0.1])
    oracle = diffusers_dit(network)
    given = guidance if network.config.guidance_embeds else None
    expected = oracle(latents, text, time, guidance=given, encoder_attention_mask=mask, return_dict=False)[0]
    assert largest_error(ours(latents, time, ours.prepare_text(text, mask), given), expected) <= TOLERANCE


@pytest.mark.parametrize("config", [TINY_DCAE, TINY_DCAE_LITE], ids=["full", "lite"])
@torch.inference_mode()
def test_a_converted_autoencoder_computes_the_same(tmp_path: Path, config: DCAEConfig):
    network = random_dcae(config)
    weights = read_checkpoint(write_pth(tmp_path / "x.pth", original_autoencoder(network), key=None))
    write_autoencoder(weights, config, tmp_path / "vae", check=never)
    ours = load_autoencoder(tmp_path / "vae", dtype=torch.float32, device=CPU)
    images, latents = noise(1, 3, 64, 96), noise(1, 32, 2, 3)
    assert largest_error(ours.encode(images), network.encode(images)) <= TOLERANCE
    assert largest_error(ours.decode(latents), network.decode(latents)) <= TOLERANCE


def test_the_folder_is_complete_for_diffusers(tmp_path: Path):
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    network = random_dit(TINY_DIT_VARIANTS["sprint"])
    write_transformer(original_transformer(network), network.config, tmp_path, check=never)
    oracle = SanaTransformer2DModel.from_pretrained(tmp_path)
    expected = diffusers_dit(network).state_dict()
    assert set(oracle.state_dict()) == set(expected)
    assert all(torch.equal(tensor, expected[name]) for name, tensor in oracle.state_dict().items())


def test_weights_keep_their_type_unless_another_is_asked_for(tmp_path: Path):
    weights = {name: tensor.half() for name, tensor in original_transformer(random_dit()).items()}
    write_transformer(weights, TINY_DIT, tmp_path / "a", check=never)
    write_transformer(weights, TINY_DIT, tmp_path / "b", dtype=torch.float32, check=never)
    for folder, dtype in (("a", torch.float16), ("b", torch.float32)):
        found = load_file(tmp_path / folder / "diffusion_pytorch_model.safetensors")
        assert {tensor.dtype for tensor in found.values()} == {dtype}


Change = Callable[[dict[str, Tensor]], object]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda weights: weights.pop("t_block.1.bias"), r"1 weights are missing \(time_embed\.linear\.bias\)"),
        (lambda weights: weights.update({"extra": torch.zeros(1)}), r"1 weights are not known to this model \(extra\)"),
        (
            lambda weights: weights.update({"blocks.0.attn.qkv.weight": torch.zeros(95, 32)}),
            "cannot be cut into 3",
        ),
        (
            lambda weights: weights.update({"blocks.0.attn.qkv.weight": torch.zeros(48, 32)}),
            r"3 weights are of the wrong shape .*expected 32x32, found 16x32",
        ),
        (
            lambda weights: weights.update({"blocks.1.cross_attn.kv_linear.bias": torch.tensor(1.0)}),
            "cannot be cut into 2",
        ),
        (
            lambda weights: weights.update({"blocks.2.attn.proj.bias": torch.zeros(32)}),
            "1 weights are not known",
        ),
    ],
)
def test_weights_that_do_not_fit_are_listed_and_nothing_is_written(tmp_path: Path, change: Change, complaint: str):
    weights = original_transformer(random_dit())
    change(weights)
    with pytest.raises(WeightsError, match=complaint):
        write_transformer(weights, TINY_DIT, tmp_path / "transformer", check=never)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_is_possible_before_every_tensor(tmp_path: Path):
    with pytest.raises(JobCancelledError):
        write_transformer(original_transformer(random_dit()), TINY_DIT, tmp_path, check=cancel_at_call(3))
    assert not (tmp_path / "config.json").exists()
