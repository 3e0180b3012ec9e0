import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sana_desktop.engine.weights.load import (
    load_autoencoder,
    load_linear_preview,
    load_tiny_decoder,
    load_transformer,
    read_scaling_factor,
    verify_autoencoder,
    verify_transformer,
)
from sana_desktop.engine.weights.save import save_autoencoder, save_transformer
from sana_desktop.errors import JobCancelledError, WeightsError
from sana_desktop.system.resources import resources_folder
from sana_models.configs import DC_AE_F32C32, SANA_0_6B, TAESANA, TinyDecoderConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from support.sources import REPOSITORY
from support.tiny_checkpoints import (
    original_autoencoder,
    original_transformer,
    random_like,
    write_booby_trap,
    write_pipeline_folder,
    write_pth,
)
from support.tiny_models import (
    TINY_DCAE,
    TINY_DCAE_LITE,
    TINY_DCAE_RESIDUAL,
    TINY_DIT,
    TINY_DIT_VARIANTS,
    TINY_TINY_DECODER,
    cancel_at_call,
    diffusers_dcae,
    diffusers_dit,
    diffusers_dit_settings,
    largest_error,
    noise,
    random_dcae,
    random_dit,
    random_tiny_decoder,
    randomise,
)

CPU = torch.device("cpu")
TOLERANCE = 1e-4
WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture
def transformer_folder(tmp_path: Path) -> Path:
    save_transformer(random_dit(), tmp_path / "transformer")
    return tmp_path / "transformer"


@torch.inference_mode()
def dit_error(ours: Any, oracle: Any) -> float:
    config = ours.config
    latents, text = noise(2, config.in_channels, 3, 4), noise(2, 5, config.caption_channels)
    mask = torch.tensor([[1, 1, 0, 0, 0], [1, 1, 1, 1, 1]])
    time = torch.tensor([0.97, 0.3]) if config.guidance_embeds else torch.tensor([999.0, 317.0])
    guidance = torch.tensor([0.45, 0.1]) if config.guidance_embeds else None
    expected = oracle(latents, text, time, guidance=guidance, encoder_attention_mask=mask, return_dict=False)[0]
    return largest_error(ours(latents, time, ours.prepare_text(text, mask), guidance), expected)


@pytest.mark.parametrize("variant", TINY_DIT_VARIANTS)
def test_a_transformer_saved_by_diffusers_computes_the_same(tmp_path: Path, variant: str):
    network = random_dit(TINY_DIT_VARIANTS[variant])
    oracle = diffusers_dit(network)
    oracle.save_pretrained(tmp_path)
    assert dit_error(load_transformer(tmp_path, dtype=torch.float32, device=CPU), oracle) <= TOLERANCE


@pytest.mark.parametrize("config", [TINY_DCAE, TINY_DCAE_LITE, TINY_DCAE_RESIDUAL], ids=["full", "lite", "residual"])
@torch.inference_mode()
def test_an_autoencoder_saved_by_diffusers_computes_the_same(tmp_path: Path, config: Any):
    oracle = diffusers_dcae(random_dcae(config))
    oracle.save_pretrained(tmp_path)
    ours = load_autoencoder(tmp_path, dtype=torch.float32, device=CPU)
    images = noise(1, 3, 64, 96).clamp(-1, 1)
    latents = oracle.encode(images, return_dict=False)[0]
    assert largest_error(ours.encode(images), latents) <= TOLERANCE
    assert largest_error(ours.decode(latents), oracle.decode(latents, return_dict=False)[0]) <= TOLERANCE
    assert read_scaling_factor(tmp_path) == config.scaling_factor


@pytest.mark.parametrize(
    "options",
    [{}, {"variant": "fp16"}, {"max_shard_size": "20KB"}, {"variant": "bf16", "max_shard_size": "20KB"}],
    ids=str,
)
def test_a_whole_pipeline_folder_loads_in_every_form_that_diffusers_writes(tmp_path: Path, options: dict[str, Any]):
    transformer, autoencoder = random_dit(), random_dcae()
    folder = write_pipeline_folder(tmp_path / "p", transformer, autoencoder, **options)
    assert (folder / "transformer" / WEIGHTS).exists() is (not options)
    loaded = load_transformer(folder / "transformer", dtype=torch.float32, device=CPU)
    assert dit_error(loaded, diffusers_dit(transformer)) <= TOLERANCE
    latents = noise(1, 32, 2, 2)
    with torch.inference_mode():
        found = load_autoencoder(folder / "vae", dtype=torch.float32, device=CPU).decode(latents)
        # Not bit for bit: sums over mapped weights start at another alignment.
        assert largest_error(found, autoencoder.decode(latents)) <= TOLERANCE


def test_a_loaded_network_is_frozen_and_whole(transformer_folder: Path):
    loaded = load_transformer(transformer_folder, dtype=torch.bfloat16, device=CPU)
    assert not loaded.training
    for tensor in loaded.state_dict().values():
        assert not tensor.is_meta
        assert not tensor.requires_grad
        assert tensor.dtype == torch.bfloat16


def test_the_starter_pack_loads_and_makes_a_picture_of_the_right_size():
    starter = resources_folder() / "starter"
    transformer = load_transformer(starter / "transformer", dtype=torch.float32, device=CPU)
    autoencoder = load_autoencoder(starter / "vae", dtype=torch.float32, device=CPU)
    latents = noise(1, 32, 1, 2)
    with torch.inference_mode():
        text = transformer.prepare_text(noise(1, 3, 640), torch.ones(1, 3))
        velocity = transformer(latents, torch.tensor([999.0]), text)
        picture = autoencoder.decode(velocity / autoencoder.config.scaling_factor)
    assert picture.shape == (1, 3, 32, 64)
    assert picture.isfinite().all()


def test_without_a_cast_the_weights_are_the_mapped_file(transformer_folder: Path):
    loaded = load_transformer(transformer_folder, dtype=torch.float32, device=CPU)
    content = (transformer_folder / WEIGHTS).read_bytes()
    bias = loaded.patch_embed.proj.bias
    assert bias is not None
    place = content.index(bias.detach().numpy().tobytes())
    with (transformer_folder / WEIGHTS).open("r+b") as file:
        file.seek(place)
        file.write(torch.tensor([42.0]).numpy().tobytes())
    assert bias[0] == 42.0


def test_loading_stops_where_it_is_cancelled(transformer_folder: Path):
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1

    load_transformer(transformer_folder, dtype=torch.float32, device=CPU, check=count)
    # Once at the start, once for the file, once for every tensor.
    assert calls == 2 + len(random_dit().state_dict())
    for call in (0, 1, calls - 1):
        with pytest.raises(JobCancelledError):
            load_transformer(transformer_folder, dtype=torch.float32, device=CPU, check=cancel_at_call(call))


Change = Callable[[dict[str, Tensor]], dict[str, Tensor]]


def without(*names: str) -> Change:
    return lambda tensors: {name: tensor for name, tensor in tensors.items() if name not in names}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (without("proj_out.bias"), r"1 weights are missing \(proj_out\.bias\)"),
        (lambda tensors: tensors | {"extra.weight": torch.zeros(1)}, r"1 weights are not known to this model \(extra"),
        (
            lambda tensors: tensors | {"proj_out.bias": torch.zeros(31)},
            r"1 weights are of the wrong shape \(proj_out\.bias \(expected 32, found 31\)\)",
        ),
        (
            lambda tensors: tensors | {"patch_embed.proj.weight": torch.zeros(32, 32)},
            r"expected 32x32x1x1, found 32x32\)",
        ),
        (
            lambda tensors: {f"model.{name}": tensor for name, tensor in tensors.items()},
            r"weights are missing \((\S+, ){5}\.\.\.\); \d+ weights are not known to this model \((\S+, ){5}\.\.\.\)",
        ),
    ],
    ids=["missing", "extra", "shape", "flat-pointwise", "all-renamed"],
)
def test_weights_that_do_not_fit_are_listed_and_counted(transformer_folder: Path, change: Change, complaint: str):
    path = transformer_folder / WEIGHTS
    save_file(change(load_file(path)), path)
    with pytest.raises(WeightsError, match=complaint):
        load_transformer(transformer_folder, dtype=torch.float32, device=CPU)
    with pytest.raises(WeightsError, match=complaint):
        verify_transformer(transformer_folder, torch.float32)


def test_buffers_of_older_files_are_dropped(transformer_folder: Path):
    path = transformer_folder / WEIGHTS
    save_file(load_file(path) | {"patch_embed.pos_embed": torch.zeros(1, 4, 32)}, path)
    load_transformer(transformer_folder, dtype=torch.float32, device=CPU)
    assert verify_transformer(transformer_folder, torch.float32) == TINY_DIT


@pytest.mark.parametrize("keep", [0, 7, 100, 5000, -1])
def test_a_truncated_file_is_refused(transformer_folder: Path, keep: int):
    path = transformer_folder / WEIGHTS
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(WeightsError, match="not a complete safetensors file") as caught:
        load_transformer(transformer_folder, dtype=torch.float32, device=CPU)
    assert "Download it again" in caught.value.hint


def test_an_autoencoder_of_other_weights_is_refused(tmp_path: Path):
    save_autoencoder(random_dcae(), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"decoder_layers_per_block": [1, 1, 1, 1, 1, 1]}))
    with pytest.raises(WeightsError, match="weights are not known to this model"):
        verify_autoencoder(tmp_path, torch.float32)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@torch.inference_mode()
def test_a_tiny_decoder_is_read_without_a_config(tmp_path: Path, suffix: str):
    network = random_tiny_decoder(TINY_TINY_DECODER)
    path = tmp_path / f"decoder{suffix}"
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    torch.save(state, path) if suffix == ".pth" else save_file(state, path)
    loaded = load_tiny_decoder(path, dtype=torch.float32, device=CPU)
    latents = noise(1, 32, 2, 3)
    assert largest_error(loaded(latents), network(latents)) <= TOLERANCE
    assert not loaded.training


def test_the_published_decoder_would_be_read_in_half_precision(tmp_path: Path):
    from sana_models.tiny_decoder import TinyDecoder

    torch.save(randomise(TinyDecoder(TAESANA)).half().state_dict(), tmp_path / "taesana_decoder.pth")
    loaded = load_tiny_decoder(tmp_path / "taesana_decoder.pth", dtype=torch.bfloat16, device=CPU)
    assert sum(parameter.numel() for parameter in loaded.parameters()) == 8_301_763


def test_a_tiny_decoder_with_a_missing_weight_or_code_is_refused(tmp_path: Path):
    state = dict(random_tiny_decoder(TinyDecoderConfig(widths=(8, 4))).state_dict())
    state.pop("1.bias")
    torch.save(state, tmp_path / "x.pth")
    with pytest.raises(WeightsError, match=r"1 weights are missing \(1\.bias\)"):
        load_tiny_decoder(tmp_path / "x.pth", dtype=torch.float32, device=CPU)
    write_booby_trap(tmp_path / "y.pth", tmp_path / "victim")
    with pytest.raises(WeightsError, match="nothing in it was run"):
        load_tiny_decoder(tmp_path / "y.pth", dtype=torch.float32, device=CPU)
    assert not (tmp_path / "victim").exists()


def test_a_linear_preview_is_a_matrix_and_a_bias(tmp_path: Path):
    save_file({"weight": noise(3, 32).half(), "bias": noise(3)}, tmp_path / "linear.safetensors")
    weight, bias = load_linear_preview(tmp_path / "linear.safetensors")
    assert (weight.shape, bias.shape, weight.dtype) == ((3, 32), (3,), torch.float32)


@pytest.mark.parametrize(
    "content",
    [
        {"weight": torch.zeros(4, 32), "bias": torch.zeros(3)},
        {"bias": torch.zeros(3)},
        {"weight": torch.zeros(()), "bias": torch.zeros(3)},
    ],
)
def test_a_linear_preview_of_another_form_is_refused(tmp_path: Path, content: dict[str, Tensor]):
    save_file(content, tmp_path / "linear.safetensors")
    with pytest.raises(WeightsError):
        load_linear_preview(tmp_path / "linear.safetensors")


def measure(*arguments: object) -> dict[str, int]:
    """Run support/measure_loading.py, whose process holds nothing else."""
    roots = [REPOSITORY, REPOSITORY / "models", REPOSITORY / "kernels", REPOSITORY / "tests"]
    done = subprocess.run(
        [sys.executable, REPOSITORY / "tests" / "support" / "measure_loading.py", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def write_large_checkpoints(part: str, folder: Path) -> tuple[Path, Path]:
    """Random bf16 weights of the published size, in diffusers' layout and in the original one."""
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    oracle: Any
    with torch.device("meta"):
        if part == "transformer":
            oracle = SanaTransformer2DModel(**diffusers_dit_settings(SANA_0_6B))
            network = SanaTransformer(SANA_0_6B)
        else:
            oracle = AutoencoderDC(**asdict(DC_AE_F32C32))
            network = DCAutoencoder(DC_AE_F32C32)
    weights = random_like({name: tuple(tensor.shape) for name, tensor in oracle.state_dict().items()}, torch.bfloat16)
    oracle.save_config(folder / "saved")
    save_file(weights, folder / "saved" / WEIGHTS, metadata={"format": "pt"})
    ours = network.state_dict()
    network.load_state_dict({name: tensor.view(ours[name].shape) for name, tensor in weights.items()}, assign=True)
    original = original_transformer(network) if isinstance(network, SanaTransformer) else original_autoencoder(network)
    return folder / "saved", write_pth(folder / "original.pth", original)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured by Linux's account")
@pytest.mark.parametrize(("part", "parameters"), [("transformer", 591_747_872), ("vae", 312_250_275)])
def test_the_published_sizes_load_and_convert_within_their_own_weight_in_memory(
    tmp_path: Path, part: str, parameters: int
):
    try:
        saved, original = write_large_checkpoints(part, tmp_path)
        converting = measure(f"convert-{part}", original, tmp_path / "converted")
        original.unlink()
        mapped = measure(f"load-{part}", saved, "bf16")
        first = measure(f"load-{part}", saved, "fp32", tmp_path / "first.safetensors")
        second = measure(f"load-{part}", tmp_path / "converted", "fp32", tmp_path / "second.safetensors")
        print(json.dumps({"converting": converting, "mapped": mapped, "cast": first}))  # noqa: T201 - see docs
        assert (mapped["weights"], first["weights"]) == (2 * parameters, 4 * parameters)
        # What is mapped costs nothing until it is used; what is cast costs its new size and little more.
        assert mapped["peak"] <= 0.1 * mapped["weights"]
        for cast in (first, second):
            assert cast["private"] >= 0.9 * cast["weights"]
            assert cast["peak"] <= 1.3 * cast["weights"]
        # The mapped original passes through memory once; private copies are of single tensors.
        assert converting["peak"] <= 1.3 * mapped["weights"]
        outputs = load_file(tmp_path / "first.safetensors"), load_file(tmp_path / "second.safetensors")
        for name, tensor in outputs[0].items():
            assert tensor.isfinite().all()
            assert tensor.std() > 1e-3
            assert torch.equal(tensor, outputs[1][name])
    finally:
        # Gigabytes, which the temporary folder would keep for three runs.
        shutil.rmtree(tmp_path)
