from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sana_desktop.domain.choices import Conditioning, Emphasis, Precision
from sana_desktop.domain.sizes import Size
from sana_desktop.engine import pack_loader
from sana_desktop.engine.device import choose_for_pack, find_device
from sana_desktop.engine.pack_loader import PUBLISHED_TINY, LoadedPack
from sana_desktop.engine.quantize.store import FORMAT
from sana_desktop.engine.token_server import ServedTokenizer, TokenServer
from sana_desktop.system.pack_manifest import PackManifest, PackPreview, PreviewKind
from sana_desktop.system.packs import read_pack
from sana_desktop.system.paths import quantized_folder
from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_models import random_tiny_decoder
from support.tiny_pack import tiny_recipe, write_tiny_pack


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> PackManifest:
    return read_pack(write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny"))


def loaded(manifest: PackManifest, cache: Path, resources: Path) -> LoadedPack:
    device = find_device()
    return LoadedPack(manifest, device, choose_for_pack(device, manifest, Precision.FP32), cache, resources)


def test_a_network_is_loaded_once(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    pack = loaded(manifest, tmp_path, repository / "resources")
    assert pack.transformer(lambda: None) is pack.transformer(lambda: None)
    assert pack.vae(lambda: None) is pack.vae(lambda: None)
    assert pack.text_encoder(print, lambda: None) is pack.text_encoder(print, lambda: None)


def test_networks_are_ready_to_run_and_not_to_train(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    transformer = loaded(manifest, tmp_path, repository / "resources").transformer(lambda: None)
    assert not transformer.training
    assert not any(parameter.requires_grad for parameter in transformer.parameters())


def test_the_text_encoder_brings_no_weights_until_a_prompt_needs_them(
    manifest: PackManifest, tmp_path: Path, repository: Path
) -> None:
    assert not loaded(manifest, tmp_path, repository / "resources").text_encoder(print, lambda: None).loaded


def test_another_precision_is_another_load(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    pack = loaded(manifest, tmp_path, repository / "resources")
    assert pack.serves(manifest, choose_for_pack(pack.device, manifest, Precision.FP32))
    assert not pack.serves(manifest, choose_for_pack(pack.device, manifest, Precision.BF16))


def test_few_bits_are_another_load_with_a_fingerprint_of_its_own(
    manifest: PackManifest, tmp_path: Path, repository: Path
) -> None:
    plain, device = loaded(manifest, tmp_path, repository / "resources"), find_device()
    choices = choose_for_pack(device, manifest, Precision.NF4)
    assert not plain.serves(manifest, choices)
    pack = LoadedPack(manifest, device, choices, tmp_path, repository / "resources")
    pack.transformer(lambda: None)
    pack.text_encoder(print, lambda: None).load(lambda: None)
    made = quantized_folder(tmp_path, manifest.id)
    assert sorted(path.name for path in made.glob("*.safetensors")) == [
        "text_encoder-nf4.safetensors",
        "transformer-nf4.safetensors",
    ]
    # States of a prompt in another precision must not be taken from the cache.
    fingerprint = pack.text_encoder(print, lambda: None).fingerprint
    assert fingerprint != plain.text_encoder(print, lambda: None).fingerprint
    assert fingerprint.endswith(f"-nf4-{FORMAT}")


def test_the_instruction_is_used_where_the_pack_asks_for_it(
    manifest: PackManifest, tmp_path: Path, repository: Path
) -> None:
    assert manifest.text.instruction
    with_it = loaded(manifest, tmp_path, repository / "resources").text_rules(tiny_recipe())
    assert (with_it.instruction or "").endswith("User Prompt: ")
    bare = replace(manifest, text=replace(manifest.text, instruction=False))
    assert loaded(bare, tmp_path, repository / "resources").text_rules(tiny_recipe()).instruction is None


@pytest.mark.parametrize(
    ("kind", "file", "tiny", "linear_size", "tiny_size"),
    [
        (PreviewKind.LINEAR, None, None, (3, 2), None),
        (PreviewKind.LINEAR, "linear.safetensors", "tiny.safetensors", (3, 2), (96, 64)),
        (PreviewKind.TINY, "tiny.safetensors", None, None, (96, 64)),
        (PreviewKind.TAESANA, "tiny.safetensors", None, (3, 2), (96, 64)),
        (PreviewKind.TAESANA, None, None, (3, 2), None),
        (PreviewKind.LINEAR, None, "tiny.safetensors", (3, 2), (96, 64)),
        (PreviewKind.NONE, None, None, None, None),
    ],
)
def test_every_kind_of_preview_shows_the_latents(
    manifest: PackManifest,
    tmp_path: Path,
    repository: Path,
    kind: PreviewKind,
    file: str | None,
    tiny: str | None,
    linear_size: tuple[int, int] | None,
    tiny_size: tuple[int, int] | None,
) -> None:
    save_file({"weight": torch.randn(3, 32), "bias": torch.zeros(3)}, tmp_path / "linear.safetensors")
    save_file(random_tiny_decoder().state_dict(), tmp_path / "tiny.safetensors")
    preview = PackPreview(kind=kind, file=tmp_path / file if file else None, tiny=tmp_path / tiny if tiny else None)
    pack = loaded(replace(manifest, folder=tmp_path, preview=preview), tmp_path, tmp_path / "no-resources")
    assert preview_sizes(pack) == [linear_size, tiny_size]


@pytest.mark.parametrize(
    ("kind", "file", "tiny_size"),
    [
        (PreviewKind.LINEAR, None, (48, 32)),
        (PreviewKind.TAESANA, None, (48, 32)),
        (PreviewKind.TAESANA, "own.safetensors", (96, 64)),
        # A map of the pack's own stands for latents of its own.
        (PreviewKind.LINEAR, "linear.safetensors", None),
        (PreviewKind.NONE, None, None),
    ],
)
def test_a_pack_on_the_published_latents_without_a_tiny_decoder_takes_the_one_that_ships(
    manifest: PackManifest, tmp_path: Path, kind: PreviewKind, file: str | None, tiny_size: tuple[int, int] | None
) -> None:
    save_file({"weight": torch.randn(3, 32), "bias": torch.zeros(3)}, tmp_path / "linear.safetensors")
    save_file(random_tiny_decoder().state_dict(), tmp_path / "own.safetensors")
    shipped = PatchDecoder(PatchDecoderConfig(width=8))
    (tmp_path / "resources/preview").mkdir(parents=True)
    save_file(shipped.state_dict(), tmp_path / "resources" / PUBLISHED_TINY)
    preview = PackPreview(kind=kind, file=tmp_path / file if file else None)
    pack = loaded(replace(manifest, folder=tmp_path, preview=preview), tmp_path, tmp_path / "resources")
    assert preview_sizes(pack)[1] == tiny_size


def preview_sizes(pack: LoadedPack) -> list[tuple[int, int] | None]:
    found = []
    for make in pack.previews():
        shown = None if make is None else make(torch.randn(1, 32, 2, 3))
        found.append(shown and (shown.width, shown.height))
    return found


def test_what_previews_cost_is_remembered_by_size(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    pack = loaded(manifest, tmp_path, repository / "resources")
    costs = pack.preview_costs(Size(64, 64))
    assert pack.preview_costs(Size(64, 64)) is costs
    assert pack.preview_costs(Size(64, 96)) is not costs


def test_the_tokenizer_may_be_read_in_another_process(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    device = find_device()
    choices = choose_for_pack(device, manifest, Precision.FP32)
    with TokenServer() as server:
        pack = LoadedPack(manifest, device, choices, tmp_path, repository / "resources", server.tokenizer)
        served = pack.text_encoder(print, lambda: None).tokenizer
        assert isinstance(served, ServedTokenizer)
        here = loaded(manifest, tmp_path, repository / "resources").text_encoder(print, lambda: None).tokenizer
        assert served.encode("a red cat") == here.encode("a red cat")


def test_prompts_are_read_in_the_way_of_their_recipe(manifest: PackManifest, tmp_path: Path, repository: Path) -> None:
    pack = loaded(manifest, tmp_path, repository / "resources")
    assert pack.text_rules(tiny_recipe()).emphasis is Emphasis.LITERAL
    rules = pack.text_rules(tiny_recipe(emphasis=Emphasis.WEIGHTED, conditioning=Conditioning.OFFICIAL))
    assert (rules.emphasis, rules.conditioning) == (Emphasis.WEIGHTED, Conditioning.OFFICIAL)


def test_what_the_gpu_cannot_run_is_told_once(
    manifest: PackManifest, tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = loaded(manifest, tmp_path, repository / "resources")
    monkeypatch.setattr(pack_loader, "kernel_notice", lambda device, dtype: "slower")
    assert [pack.kernel_notice(), pack.kernel_notice()] == ["slower", None]
