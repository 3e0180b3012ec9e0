import pytest

from sana_desktop.errors import FetchError
from sana_desktop.system.catalog import Catalog
from sana_desktop.system.fetch.choice import choose_files
from sana_desktop.system.fetch.remote import read_listing
from sana_desktop.system.packs import shipped_catalog
from support.listings import PUBLISHED, REPOSITORY, listing_json


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return shipped_catalog()


def chosen(catalog: Catalog, sizes: dict[str, int], variant: str | None) -> dict[str, int]:
    files = choose_files(read_listing(listing_json(sizes), REPOSITORY), catalog.fetch, variant)
    return {file.path: file.size for file in files}


def without(*names: str) -> dict[str, int]:
    return {path: size for path, size in PUBLISHED.items() if not any(name in path for name in names)}


def test_one_copy_of_everything_is_fetched_of_a_repository_with_three(catalog: Catalog) -> None:
    files = chosen(catalog, PUBLISHED, "bf16")
    assert set(files) == {
        "model_index.json",
        "scheduler/scheduler_config.json",
        "text_encoder/config.json",
        "text_encoder/model-00001-of-00002.safetensors",
        "text_encoder/model-00002-of-00002.safetensors",
        "text_encoder/model.safetensors.index.json",
        "tokenizer/special_tokens_map.json",
        "tokenizer/tokenizer.json",
        "tokenizer/tokenizer_config.json",
        "transformer/config.json",
        "transformer/diffusion_pytorch_model.bf16.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
    }


def test_what_is_chosen_weighs_what_the_catalog_promises(catalog: Catalog) -> None:
    model = catalog.named(REPOSITORY)
    assert model is not None
    fetched = sum(chosen(catalog, PUBLISHED, model.variant).values())
    assert fetched == pytest.approx(catalog.download_bytes(model), rel=0.002)
    assert fetched < 0.45 * sum(PUBLISHED.values())


def test_small_files_come_first_so_that_mistakes_show_early(catalog: Catalog) -> None:
    sizes = list(chosen(catalog, PUBLISHED, "bf16").values())
    assert sizes == sorted(sizes)


def test_a_model_without_copies_gets_its_plain_weights(catalog: Catalog) -> None:
    sizes = without("bf16", "int4", "-of-0000", "index")
    sizes["transformer/diffusion_pytorch_model.safetensors"] = 3_220_000_000
    sizes["text_encoder/model.safetensors"] = 5_230_000_000
    files = chosen(catalog, sizes, None)
    assert "transformer/diffusion_pytorch_model.safetensors" in files
    assert "text_encoder/model.safetensors" in files


def test_where_the_half_copy_is_missing_the_plain_one_is_taken(catalog: Catalog) -> None:
    files = chosen(catalog, without("transformer/diffusion_pytorch_model.bf16"), "bf16")
    assert sorted(path for path in files if path.startswith("transformer/diff")) == [
        "transformer/diffusion_pytorch_model-00001-of-00002.safetensors",
        "transformer/diffusion_pytorch_model-00002-of-00002.safetensors",
        "transformer/diffusion_pytorch_model.safetensors.index.json",
    ]


@pytest.mark.parametrize(
    "lost", ["text_encoder/model-00002", "text_encoder/model.safetensors.index.json", "text_encoder/model-00001"]
)
def test_a_copy_that_lacks_a_shard_or_its_index_is_passed_over(catalog: Catalog, lost: str) -> None:
    files = chosen(catalog, without(lost), "bf16")
    assert "text_encoder/model.bf16-00001-of-00002.safetensors" in files
    assert "text_encoder/model.safetensors.index.bf16.json" in files
    assert not any("text_encoder/model-" in path for path in files)


@pytest.mark.parametrize(
    ("lost", "complaint"),
    [
        ("vae/diffusion", "no weights in vae/"),
        ("vae/config", "no vae/config.json"),
        ("tokenizer/tokenizer.json", "no tokenizer/tokenizer.json"),
    ],
)
def test_a_repository_that_lacks_a_part_is_refused(catalog: Catalog, lost: str, complaint: str) -> None:
    with pytest.raises(FetchError, match=complaint):
        chosen(catalog, without(lost), "bf16")


def test_copies_in_formats_of_others_are_never_taken(catalog: Catalog) -> None:
    sizes = without("transformer/diffusion")
    sizes["transformer/diffusion_pytorch_model.int4.safetensors"] = 1_280_000_000
    with pytest.raises(FetchError, match="no weights in transformer/"):
        chosen(catalog, sizes, "bf16")
