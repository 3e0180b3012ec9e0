import dataclasses
from pathlib import Path

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.pack_manifest import TextSource
from support.packs import manifest


def test_parts_are_the_folders_of_the_diffusers_layout(tmp_path: Path):
    pack = manifest(tmp_path)
    parts = (pack.transformer_folder, pack.vae_folder, pack.text_encoder_folder, pack.tokenizer_folder)
    assert [part.relative_to(tmp_path).as_posix() for part in parts] == [
        "transformer",
        "vae",
        "text_encoder",
        "tokenizer",
    ]


def test_what_drawing_lacks_is_named_with_the_way_to_get_it(tmp_path: Path):
    pack = manifest(tmp_path)
    (tmp_path / "transformer").mkdir()
    assert pack.missing_parts() == ("vae", "text_encoder", "tokenizer")
    with pytest.raises(PackError, match="it has no vae and no text_encoder and no tokenizer") as caught:
        pack.require_parts()
    assert "--base" in caught.value.hint


def test_a_pack_whose_text_encoder_is_a_package_needs_no_folder_for_it(tmp_path: Path):
    pack = manifest(tmp_path)
    pack = dataclasses.replace(pack, text=dataclasses.replace(pack.text, source=TextSource.GEMMA3_270M_GGUF))
    (tmp_path / "transformer").mkdir()
    (tmp_path / "vae").mkdir()
    assert pack.missing_parts() == ()
    pack.require_parts()
