import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.engine.weights import detect
from sana_desktop.engine.weights import import_checkpoint as module
from sana_desktop.engine.weights.import_checkpoint import import_checkpoint
from sana_desktop.engine.weights.load import load_autoencoder, load_transformer, verify_autoencoder
from sana_desktop.engine.weights.save import save_autoencoder, save_transformer
from sana_desktop.errors import JobCancelledError, PackError, WeightsError
from sana_desktop.system.catalog import Catalog
from sana_desktop.system.pack_manifest import PackManifest, TextSource
from sana_models.configs import SANA_1_6B_4K, DiTConfig
from support.packs import write_pack_file
from support.tiny_checkpoints import original_autoencoder, original_transformer, write_booby_trap, write_pth
from support.tiny_models import (
    SHALLOW_DCAE,
    TINY_DCAE,
    TINY_DIT,
    TINY_DIT_VARIANTS,
    cancel_at_call,
    largest_error,
    noise,
    random_dcae,
    random_dit,
)

CPU = torch.device("cpu")
# Small enough for a test, and recognised as a 0.6B checkpoint with few blocks would be.
RECOGNISED = DiTConfig(layers=1, heads=36, cross_heads=16, cross_head_channels=72, caption_channels=8, mlp_ratio=0.25)


def installed(folder: Path, config: DiTConfig = TINY_DIT) -> PackManifest:
    """A complete pack, of which the text parts are only claimed."""
    from sana_desktop.system.packs import read_pack

    write_pack_file(folder, folder.name)
    save_transformer(random_dit(config, seed=5), folder / "transformer")
    save_autoencoder(random_dcae(seed=5), folder / "vae")
    for part in ("text_encoder", "tokenizer"):
        (folder / part).mkdir()
        (folder / part / "config.json").write_text("{}")
    return read_pack(folder)


@pytest.fixture
def base(tmp_path: Path) -> PackManifest:
    return installed(tmp_path / "packs" / "base")


@pytest.mark.parametrize("variant", ["plain", "qk-norm", "sprint"])
def test_a_checkpoint_and_a_base_make_a_complete_pack(base: PackManifest, tmp_path: Path, variant: str):
    network = random_dit(TINY_DIT_VARIANTS[variant])
    source = write_pth(tmp_path / "Fine_Tune.pth", original_transformer(network))
    pack = import_checkpoint(source, tmp_path / "packs", base=base, config=network.config)
    assert (pack.id, pack.name, pack.family, pack.licence) == ("fine-tune", "Fine_Tune", "custom", "unknown")
    assert pack.default_solver is (Solver.SPRINT if variant == "sprint" else Solver.FLOW_DPM)
    assert pack.default_steps == (2 if variant == "sprint" else 20)
    assert pack.flow_shift == (1.0 if variant == "sprint" else 3.0)
    assert pack.base_size == 128
    pack.require_parts()
    loaded = load_transformer(pack.transformer_folder, dtype=torch.float32, device=CPU)
    assert loaded.config == network.config
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
    vae = Path("vae") / "diffusion_pytorch_model.safetensors"
    assert (pack.folder / vae).samefile(base.folder / vae)


def test_without_a_base_the_pack_says_what_drawing_lacks(tmp_path: Path):
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit()))
    pack = import_checkpoint(source, tmp_path / "packs", config=TINY_DIT)
    assert pack.missing_parts() == ("vae", "text_encoder", "tokenizer")
    assert pack.text.source is TextSource.FOLDER
    with pytest.raises(PackError, match="it has no vae"):
        pack.require_parts()


def test_an_original_autoencoder_can_come_along(base: PackManifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # Only the two published shapes are recognised; here a small one takes the place of the full one.
    monkeypatch.setattr(detect, "DC_AE_F32C32", TINY_DCAE)
    network = random_dcae(TINY_DCAE, seed=9)
    weights = {name: tensor.contiguous() for name, tensor in original_autoencoder(network).items()}
    save_file(weights, tmp_path / "model.safetensors")
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit()))
    pack = import_checkpoint(source, tmp_path / "packs", base=base, vae=tmp_path / "model.safetensors", config=TINY_DIT)
    pack.require_parts()
    latents = noise(1, 32, 2, 2)
    with torch.inference_mode():
        found = load_autoencoder(pack.vae_folder, dtype=torch.float32, device=CPU).decode(latents)
        assert largest_error(found, network.decode(latents)) <= 1e-4


def test_a_known_shape_is_recognised_and_named(tmp_path: Path):
    source = write_pth(tmp_path / "mine.pth", original_transformer(random_dit(RECOGNISED)))
    pack = import_checkpoint(source, tmp_path / "packs", pack_id="named")
    assert pack.id == "named"
    assert load_transformer(pack.transformer_folder, dtype=torch.float32, device=CPU).config == RECOGNISED


@pytest.mark.parametrize(
    ("dtype", "first"),
    [(torch.float16, Precision.FP16), (torch.bfloat16, Precision.BF16), (torch.float32, Precision.BF16)],
)
def test_an_unknown_model_runs_in_what_it_is_stored_in(tmp_path: Path, dtype: torch.dtype, first: Precision):
    weights = {name: tensor.to(dtype) for name, tensor in original_transformer(random_dit()).items()}
    pack = import_checkpoint(write_pth(tmp_path / "x.pth", weights), tmp_path / "packs", config=TINY_DIT)
    assert pack.precisions.transformer == (first, Precision.FP32)


def published_as(monkeypatch: pytest.MonkeyPatch, config: DiTConfig) -> None:
    """Let the catalog believe that every published family has the small shape of `config`."""
    real = module.shipped_catalog()
    shape = module.NetworkShape(
        layers=config.layers, heads=config.heads, qk_norm=config.qk_norm, guidance_embeds=config.guidance_embeds
    )
    models = tuple(
        dataclasses.replace(model, family=dataclasses.replace(model.family, shape=shape)) for model in real.models
    )
    catalog: Catalog = dataclasses.replace(real, models=models)
    monkeypatch.setattr(module, "shipped_catalog", lambda: catalog)


def test_a_published_file_takes_the_rules_of_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    published_as(monkeypatch, TINY_DIT)
    source = write_pth(tmp_path / "Sana_600M_1024px_MultiLing.pth", original_transformer(random_dit()))
    pack = import_checkpoint(source, tmp_path / "packs", config=TINY_DIT)
    assert pack.name == "Sana 0.6B, 1024 px"
    # NVlabs' own shift for NVlabs' own file; diffusers ships 3.0.
    assert pack.flow_shift == 4.0
    assert pack.precisions.transformer == (Precision.FP16, Precision.FP32)
    assert pack.base_size == 1024


def test_what_the_weights_cannot_tell_comes_from_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    published_as(monkeypatch, TINY_DIT)
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit()))
    for model, sample_size, interpolation, time_scale in (
        ("sana-1600m-4kpx-bf16", SANA_1_6B_4K.sample_size, SANA_1_6B_4K.interpolation_scale, 1.0),
        ("Sana_Sprint_0.6B_1024px_teacher", 32, None, 0.001),
    ):
        pack = import_checkpoint(
            source, tmp_path / "packs", model=model, pack_id=model.lower().replace("_", "-"), config=TINY_DIT
        )
        config = load_transformer(pack.transformer_folder, dtype=torch.float32, device=CPU).config
        assert (config.sample_size, config.interpolation_scale, config.timestep_scale) == (
            sample_size,
            interpolation,
            time_scale,
        )


def test_a_file_called_after_a_model_that_it_is_not_counts_by_its_weights(tmp_path: Path):
    source = write_pth(tmp_path / "Sana_600M_1024px.pth", original_transformer(random_dit()))
    assert import_checkpoint(source, tmp_path / "packs", config=TINY_DIT).family == "custom"


@pytest.mark.parametrize(
    ("model", "complaint"),
    [("sana-9b", "“sana-9b” is not a published model"), ("sana-600m-1024px", "the network has another shape")],
)
def test_a_model_that_does_not_exist_or_fit_is_refused(tmp_path: Path, model: str, complaint: str):
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit()))
    with pytest.raises(PackError, match=complaint):
        import_checkpoint(source, tmp_path / "packs", model=model, config=TINY_DIT)


def test_a_model_for_large_pictures_must_be_named(tmp_path: Path):
    weights = original_transformer(random_dit(RECOGNISED)) | {"pos_embed": torch.zeros(1, 64 * 64, 1)}
    with pytest.raises(PackError, match="looks like a model for 2K or 4K pictures") as caught:
        import_checkpoint(write_pth(tmp_path / "x.pth", weights), tmp_path / "packs")
    assert "--model sana-1600m-2kpx-bf16" in caught.value.hint


def test_a_base_that_does_not_fit_is_refused(base: PackManifest, tmp_path: Path):
    wide = dataclasses.replace(TINY_DIT, caption_channels=13)
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit(wide)))
    with pytest.raises(PackError, match=r"text encoder of pack “base” does not fit .* expected width 13, found 12"):
        import_checkpoint(source, tmp_path / "packs", base=base, config=wide)
    save_autoencoder(random_dcae(SHALLOW_DCAE), base.vae_folder)
    with pytest.raises(PackError, match="autoencoder of pack “base” does not fit"):
        import_checkpoint(source, tmp_path / "packs", base=base, config=wide)


def extra(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return weights | {"unknown.weight": torch.zeros(1)}


def missing(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in weights.items() if name != "t_block.1.bias"}


@pytest.mark.parametrize("change", [extra, missing])
def test_nothing_is_installed_when_weights_do_not_fit(base: PackManifest, tmp_path: Path, change: object):
    weights = (extra if change is extra else missing)(original_transformer(random_dit()))
    with pytest.raises(WeightsError):
        import_checkpoint(write_pth(tmp_path / "x.pth", weights), tmp_path / "packs", base=base, config=TINY_DIT)
    assert [entry.name for entry in (tmp_path / "packs").iterdir()] == ["base"]


def test_nothing_is_installed_from_a_pickle_with_code(base: PackManifest, tmp_path: Path):
    write_booby_trap(tmp_path / "x.pth", tmp_path / "victim")
    with pytest.raises(WeightsError, match="nothing in it was run"):
        import_checkpoint(tmp_path / "x.pth", tmp_path / "packs", base=base)
    assert not (tmp_path / "victim").exists()
    assert [entry.name for entry in (tmp_path / "packs").iterdir()] == ["base"]


@pytest.mark.parametrize("call", [0, 20, 56])
def test_nothing_is_left_of_an_import_that_was_cancelled(base: PackManifest, tmp_path: Path, call: int):
    source = write_pth(tmp_path / "x.pth", original_transformer(random_dit()))
    with pytest.raises(JobCancelledError):
        import_checkpoint(source, tmp_path / "packs", base=base, config=TINY_DIT, check=cancel_at_call(call))
    assert [entry.name for entry in (tmp_path / "packs").iterdir()] == ["base"]
    verify_autoencoder(base.vae_folder, torch.float32)
