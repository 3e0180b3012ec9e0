import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.errors import PackError, WeightsError
from sana_desktop.system.diffusers_folder import display_name, pack_id_from, stored_precisions
from sana_desktop.system.pack_manifest import PackManifest, PreviewKind
from sana_desktop.system.packs import read_pack
from support.tiny_checkpoints import write_pipeline_folder
from support.tiny_models import TINY_DIT, TINY_DIT_VARIANTS, random_dcae, random_dit

SHAPE_0_6B = {"num_layers": 28, "num_attention_heads": 36, "sample_size": 32}
SHAPE_1_6B = {"num_layers": 20, "num_attention_heads": 70, "sample_size": 32}


def describe(
    folder: Path,
    config: dict[str, Any],
    *,
    dtype: torch.dtype = torch.float32,
    scheduler: dict[str, Any] | None = None,
    **index: Any,
) -> PackManifest:
    """Read a folder that has everything a pipeline has but the weights, of which there is one number."""
    (folder / "transformer").mkdir(parents=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "SanaPipeline", **index}))
    (folder / "transformer" / "config.json").write_text(json.dumps(config))
    save_file({"a": torch.zeros(1, dtype=dtype)}, folder / "transformer" / "diffusion_pytorch_model.safetensors")
    if scheduler is not None:
        (folder / "scheduler").mkdir()
        (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    return read_pack(folder)


def test_a_folder_saved_by_diffusers_is_a_pack(tmp_path: Path):
    folder = write_pipeline_folder(tmp_path / "My Model", random_dit(), random_dcae(), flow_shift=2.5)
    pack = read_pack(folder)
    assert (pack.folder, pack.id, pack.name, pack.family) == (folder, "my-model", "My Model", "custom")
    assert (pack.default_solver, pack.default_steps, pack.default_guidance) == (Solver.FLOW_DPM, 20, 4.5)
    assert (pack.flow_shift, pack.base_size) == (2.5, 32 * TINY_DIT.sample_size)
    assert (pack.text.instruction, pack.text.max_tokens) == (True, 300)
    assert pack.missing_parts() == ("text_encoder", "tokenizer")


def test_a_sprint_folder_saved_by_diffusers_takes_the_sprint_solver(tmp_path: Path):
    pack = read_pack(write_pipeline_folder(tmp_path / "p", random_dit(TINY_DIT_VARIANTS["sprint"]), random_dcae()))
    assert (pack.default_solver, pack.default_steps, pack.flow_shift) == (Solver.SPRINT, 2, 1.0)


def test_a_published_model_is_known_by_its_folder(tmp_path: Path):
    pack = describe(tmp_path / "Sana_1600M_1024px_BF16_diffusers", SHAPE_1_6B, scheduler={"flow_shift": 3.0})
    assert (pack.id, pack.name) == ("sana-1600m-1024px-bf16", "Sana 1.6B, 1024 px, bfloat16")
    assert pack.precisions.transformer == (Precision.BF16, Precision.FP32)
    assert "NVIDIA" in pack.licence


def test_a_published_model_is_known_by_where_it_came_from(tmp_path: Path):
    origin = "Efficient-Large-Model/Sana_1600M_1024px_diffusers"
    pack = describe(tmp_path / "abc", SHAPE_1_6B, _name_or_path=origin)
    assert pack.precisions.transformer == (Precision.FP16, Precision.FP32)
    assert pack.id == "abc"


def test_a_shape_that_only_one_rule_fits_is_enough(tmp_path: Path):
    pack = describe(tmp_path / "abc", SHAPE_0_6B, scheduler={"flow_shift": 3.0})
    assert pack.precisions.transformer == (Precision.FP16, Precision.FP32)
    assert (pack.family, pack.flow_shift, pack.official_flow_shift) == ("sana-0.6b", 3.0, 4.0)


def test_a_name_counts_only_with_the_shape_that_belongs_to_it(tmp_path: Path):
    pack = describe(tmp_path / "Sana_600M_1024px_diffusers", SHAPE_1_6B)
    assert pack.family == "sana-1.6b"
    assert pack.name == "Sana_600M_1024px_diffusers"
    assert pack.precisions.transformer == (Precision.BF16, Precision.FP32)


def test_the_models_for_large_pictures_are_told_apart_by_their_positions(tmp_path: Path):
    large = SHAPE_1_6B | {"sample_size": 128, "interpolation_scale": 2.0}
    pack = describe(tmp_path / "abc", large, scheduler={"flow_shift": 6.0})
    assert (pack.base_size, pack.flow_shift) == (4096, 6.0)
    assert pack.precisions.transformer == (Precision.BF16, Precision.FP32)


@pytest.mark.parametrize(
    ("dtype", "first"),
    [(torch.float32, Precision.BF16), (torch.bfloat16, Precision.BF16), (torch.float16, Precision.FP16)],
)
def test_an_unknown_model_runs_in_what_it_is_stored_in(tmp_path: Path, dtype: torch.dtype, first: Precision):
    pack = describe(tmp_path / "abc", SHAPE_1_6B | {"num_layers": 7}, dtype=dtype)
    assert pack.precisions.transformer == (first, Precision.FP32)


def test_the_shift_of_an_euler_scheduler_is_the_same_number(tmp_path: Path):
    assert describe(tmp_path / "abc", SHAPE_1_6B, scheduler={"shift": 2.0}).flow_shift == 2.0


def test_the_linear_preview_is_only_for_latents_like_those_of_the_published_autoencoder(tmp_path: Path):
    assert describe(tmp_path / "a", SHAPE_1_6B).preview.kind is PreviewKind.LINEAR
    assert describe(tmp_path / "b", SHAPE_1_6B | {"in_channels": 16}).preview.kind is PreviewKind.NONE


def test_another_pipeline_is_not_a_pack(tmp_path: Path):
    with pytest.raises(PackError, match="is not a Sana model: .* says 'StableDiffusionPipeline'"):
        describe(tmp_path / "abc", SHAPE_1_6B, _class_name="StableDiffusionPipeline")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"num_layers": None}, "“num_layers” must be a whole number"),
        ({"num_layers": True}, "“num_layers” must be a whole number"),
        ({"sample_size": 10**9}, "“sample_size” must be a whole number"),
        ({"interpolation_scale": "big"}, "“interpolation_scale” must be a number"),
    ],
)
def test_a_configuration_without_sense_is_named(tmp_path: Path, change: dict[str, Any], complaint: str):
    with pytest.raises(PackError, match=complaint):
        describe(tmp_path / "abc", SHAPE_1_6B | change)


@pytest.mark.parametrize("shift", [0, -1, 1e9, "3", float("inf")])
def test_a_flow_shift_without_sense_is_named(tmp_path: Path, shift: Any):
    with pytest.raises(PackError, match="“flow_shift” must be a number"):
        describe(tmp_path / "abc", SHAPE_1_6B, scheduler={"flow_shift": shift})


def test_damaged_weights_are_noticed_when_the_pack_is_read(tmp_path: Path):
    describe(tmp_path / "abc", SHAPE_1_6B | {"num_layers": 7})
    (tmp_path / "abc" / "transformer" / "diffusion_pytorch_model.safetensors").write_bytes(b"\0" * 20)
    with pytest.raises(WeightsError):
        read_pack(tmp_path / "abc")


def test_no_weights_at_all_leave_the_conservative_rule(tmp_path: Path):
    assert stored_precisions(tmp_path) == (Precision.BF16, Precision.FP32)


@pytest.mark.parametrize(
    ("name", "pack_id"),
    [
        ("Sana_600M_512px_diffusers", "sana-600m-512px"),
        ("Ma Ville É!.pth", "ma-ville"),
        ("...", "pack"),
        ("x" * 99, "x" * 64),
    ],
)
def test_any_name_becomes_an_id(name: str, pack_id: str):
    assert pack_id_from(name) == pack_id


def test_any_name_can_be_shown_and_written():
    assert display_name("a\udce9") == "a?"
    assert display_name("") == "Pack"
