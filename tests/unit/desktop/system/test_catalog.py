import dataclasses
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.errors import PackError
from sana_desktop.system.catalog import Catalog, plain_name, read_catalog
from sana_desktop.system.resources import resources_folder
from sana_models.configs import (
    SANA_0_6B,
    SANA_1_5_1_6B,
    SANA_1_5_4_8B,
    SANA_1_6B,
    SANA_1_6B_2K,
    SANA_1_6B_4K,
    SPRINT_0_6B,
    SPRINT_1_6B,
    DiTConfig,
)
from sana_models.dit import SanaTransformer


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(resources_folder() / "catalog.toml")


@pytest.mark.parametrize(
    ("family", "config"),
    [
        ("sana-0.6b", SANA_0_6B),
        ("sana-0.6b-teacher", dataclasses.replace(SANA_0_6B, qk_norm=True)),
        ("sana-1.6b", SANA_1_6B),
        ("sana-1.5-1.6b", SANA_1_5_1_6B),
        ("sana-1.5-4.8b", SANA_1_5_4_8B),
        ("sprint-0.6b", SPRINT_0_6B),
        ("sprint-1.6b", SPRINT_1_6B),
    ],
)
def test_shapes_and_parameter_counts_are_those_of_the_networks(catalog: Catalog, family: str, config: DiTConfig):
    import torch

    entry = next(entry for entry in catalog.families if entry.id == family)
    with torch.device("meta"):
        network = SanaTransformer(config)
    assert entry.parameters == sum(parameter.numel() for parameter in network.parameters())
    shape = (entry.shape.layers, entry.shape.heads, entry.shape.qk_norm, entry.shape.guidance_embeds)
    assert shape == (config.layers, config.heads, config.qk_norm, config.guidance_embeds)


def test_the_numbers_that_change_pictures_are_the_published_ones(catalog: Catalog):
    models = {model.id: model for model in catalog.models}
    small = models["sana-600m-1024px"]
    assert (small.flow_shift, small.official_flow_shift) == (3.0, 4.0)
    assert small.precisions == (Precision.FP16, Precision.FP32)
    assert (small.steps, small.guidance, small.solver) == (20, 4.5, Solver.FLOW_DPM)
    for model, config, shift in (
        (models["sana-1600m-2kpx-bf16"], SANA_1_6B_2K, 3.0),
        (models["sana-1600m-4kpx-bf16"], SANA_1_6B_4K, 6.0),
    ):
        assert (model.sample_size, model.interpolation_scale) == (config.sample_size, config.interpolation_scale)
        assert model.flow_shift == shift
    sprint = models["sana-sprint-0.6b-1024px"]
    assert (sprint.steps, sprint.solver, sprint.timestep_scale) == (2, Solver.SPRINT, 1.0)
    assert models["sana-sprint-0.6b-1024px-teacher"].timestep_scale == 0.001


def test_no_model_may_leave_its_training_precision(catalog: Catalog):
    for model in catalog.models:
        half = [precision for precision in model.precisions if precision is not Precision.FP32]
        wanted = Precision.FP16 if model.family.id in ("sana-0.6b", "sana-1.6b") else Precision.BF16
        if "bf16" in model.id:
            wanted = Precision.BF16
        assert half == [wanted], model.id


def test_every_published_model_names_terms_that_can_be_read(catalog: Catalog):
    for model in catalog.models:
        assert [terms.id for terms in model.terms] == ["nvidia-open-model", "gemma"]
        assert all(terms.url.startswith("https://") for terms in model.terms)
        assert all(terms.name in model.licence for terms in model.terms)


def test_what_is_fetched_covers_every_part_of_a_pack(catalog: Catalog):
    assert set(catalog.fetch.networks) == {"transformer", "vae", "text_encoder"}
    assert "tokenizer/tokenizer.json" in catalog.fetch.files


def test_ids_are_unique_and_named_after_the_repositories(catalog: Catalog):
    assert len({model.id for model in catalog.models}) == len(catalog.models) == 15
    for model in catalog.models:
        assert model.id == plain_name(model.checkpoint_repository)


@pytest.mark.parametrize(
    "name",
    [
        "sana-600m-1024px",
        "Sana_600M_1024px_diffusers",
        "Efficient-Large-Model/Sana_600M_1024px_diffusers",
        "Sana_600M_1024px_MultiLing.pth",
        "C:\\packs\\Sana_600M_1024px\\",
    ],
)
def test_a_model_is_known_by_every_name_it_goes_by(catalog: Catalog, name: str):
    found = catalog.named(name)
    assert found is not None
    assert found.id == "sana-600m-1024px"


def test_a_name_that_only_resembles_a_model_is_not_one(catalog: Catalog):
    assert catalog.named("sana-600m") is None
    assert catalog.named("") is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('family = "sana-1.6b"', 'family = "sana-9b"', "must be one of sana-0.6b"),
        ('terms = ["nvidia-open-model", "gemma"]', 'terms = ["none"]', "“terms” must be some of nvidia-open-model"),
        ("steps = 20", "step = 20", "“steps” is missing"),
        ("guidance = 4.5", "guidance = 4.5\ncolour = 1", "“colour” is not a known key"),
        ("format = 1", "format = 2", "“format” must be"),
        ('"fp16", "fp32"', '"fp15"', "“precisions” must be"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, complaint: str):
    text = (resources_folder() / "catalog.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "catalog.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=complaint):
        read_catalog(tmp_path / "catalog.toml")


def test_a_download_is_one_copy_of_everything(catalog: Catalog):
    # The size of the whole SANA1.5_1.6B_1024px_diffusers repository, which holds one copy.
    entry = catalog.named("sana1.5-1.6b-1024px")
    assert entry is not None
    assert catalog.download_bytes(entry) == pytest.approx(9.73e9, rel=0.001)


def test_two_models_know_english_alone(catalog: Catalog):
    assert [model.id for model in catalog.models if model.english_only] == ["sana-1600m-512px", "sana-1600m-1024px"]
