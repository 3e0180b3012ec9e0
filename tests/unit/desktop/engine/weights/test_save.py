from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.engine.weights import save as save_module
from sana_desktop.engine.weights.load import load_autoencoder, load_transformer
from sana_desktop.engine.weights.save import save_autoencoder, save_transformer
from support.tiny_models import (
    TINY_DCAE,
    TINY_DCAE_LITE,
    TINY_DCAE_RESIDUAL,
    TINY_DIT_VARIANTS,
    diffusers_dcae,
    diffusers_dit,
    random_dcae,
    random_dit,
)

CPU = torch.device("cpu")


def assert_equal_states(found: dict[str, Any], expected: dict[str, Any], dtype: torch.dtype = torch.float32) -> None:
    assert set(found) == set(expected)
    for name in expected:
        assert found[name].dtype == dtype
        assert torch.equal(found[name], expected[name].to(dtype)), name


@pytest.mark.parametrize("variant", TINY_DIT_VARIANTS)
def test_diffusers_reads_what_we_save(tmp_path: Path, variant: str):
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    network = random_dit(TINY_DIT_VARIANTS[variant])
    save_transformer(network, tmp_path)
    oracle = SanaTransformer2DModel.from_pretrained(tmp_path)
    assert_equal_states(oracle.state_dict(), diffusers_dit(network).state_dict())
    assert dict(oracle.config)["interpolation_scale"] == network.config.interpolation_scale


@pytest.mark.parametrize("config", [TINY_DCAE, TINY_DCAE_LITE, TINY_DCAE_RESIDUAL], ids=["full", "lite", "residual"])
def test_diffusers_reads_autoencoders_that_we_save(tmp_path: Path, config: Any):
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

    network = random_dcae(config)
    save_autoencoder(network, tmp_path)
    oracle: Any = AutoencoderDC.from_pretrained(tmp_path)
    assert_equal_states(oracle.state_dict(), diffusers_dcae(network).state_dict())
    assert oracle.config.scaling_factor == config.scaling_factor


def test_what_is_saved_loads_back_the_same(tmp_path: Path):
    transformer, autoencoder = random_dit(), random_dcae()
    save_transformer(transformer, tmp_path / "transformer")
    save_autoencoder(autoencoder, tmp_path / "vae")
    loaded = load_transformer(tmp_path / "transformer", dtype=torch.float32, device=CPU)
    assert loaded.config == transformer.config
    assert_equal_states(loaded.state_dict(), transformer.state_dict())
    decoder = load_autoencoder(tmp_path / "vae", dtype=torch.float32, device=CPU)
    assert decoder.config == autoencoder.config
    assert_equal_states(decoder.state_dict(), autoencoder.state_dict())


def test_half_precision_on_disk_is_a_matter_of_asking(tmp_path: Path):
    network = random_dit()
    save_transformer(network, tmp_path, dtype=torch.bfloat16)
    loaded = load_transformer(tmp_path, dtype=torch.bfloat16, device=CPU)
    assert_equal_states(loaded.state_dict(), network.state_dict(), torch.bfloat16)
    size = (tmp_path / "diffusion_pytorch_model.safetensors").stat().st_size
    assert size < 2.2 * sum(parameter.numel() for parameter in network.parameters())


def test_a_failed_save_leaves_the_older_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    old = random_dit(seed=1)
    save_transformer(old, tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(save_module, "write_json", fail)
    with pytest.raises(OSError, match="No space"):
        save_transformer(random_dit(seed=2), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "diffusion_pytorch_model.safetensors"]
    loaded = load_transformer(tmp_path, dtype=torch.float32, device=CPU)
    assert_equal_states(loaded.state_dict(), old.state_dict())
