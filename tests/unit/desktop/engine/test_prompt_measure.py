from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.engine import starter_text
from sana_desktop.engine.prompt_measure import PromptMeasure
from sana_desktop.engine.text_tokenizer import TextTokenizer, load_tokenizer
from sana_desktop.errors import WeightsError
from sana_desktop.system.pack_manifest import PackManifest, PackText, TextSource
from support.packs import manifest
from support.tiny_gemma import wrapped_tokenizer

LITERAL = (Conditioning.DIFFUSERS, Emphasis.LITERAL)


@pytest.fixture
def pack(tmp_path: Path) -> PackManifest:
    pack = replace(manifest(tmp_path / "pack"), text=PackText(instruction=False, max_tokens=6))
    pack.tokenizer_folder.mkdir(parents=True)
    wrapped_tokenizer().save_pretrained(pack.tokenizer_folder)
    return pack


@pytest.fixture
def measure(tmp_path: Path, repository: Path) -> PromptMeasure:
    return PromptMeasure(load_tokenizer, tmp_path / "cache", repository / "resources")


def test_it_counts_against_the_pack_s_limit_and_says_where_the_cut_is(
    measure: PromptMeasure, pack: PackManifest
) -> None:
    assert measure("a red cat", pack, *LITERAL) == TokenCount(3, 5)
    assert measure("a red cat xyz", pack, *LITERAL) == TokenCount(7, 5, 11)


def test_weights_are_counted_only_where_they_are_letters(measure: PromptMeasure, pack: PackManifest) -> None:
    weighted = measure("a (red:1.3) cat", pack, Conditioning.DIFFUSERS, Emphasis.WEIGHTED)
    assert weighted == TokenCount(3, 5)
    literal = measure("a (red:1.3) cat", pack, *LITERAL)
    assert literal is not None
    assert literal.used > 5


def test_the_instruction_is_not_counted(measure: PromptMeasure, pack: PackManifest) -> None:
    instructed = replace(pack, text=PackText(instruction=True, max_tokens=6))
    assert measure("cat", instructed, *LITERAL) == TokenCount(1, 5)


def test_the_tokenizer_is_made_once_for_each_pack(tmp_path: Path, repository: Path, pack: PackManifest) -> None:
    made: list[Path] = []

    def make(folder: Path) -> TextTokenizer:
        made.append(folder)
        return load_tokenizer(folder)

    measure = PromptMeasure(make, tmp_path / "cache", repository / "resources")
    for text in ("a", "cat"):
        measure(text, pack, *LITERAL)
    assert made == [pack.tokenizer_folder]


def test_nobody_knows_while_the_starter_pack_s_encoder_is_not_made(
    measure: PromptMeasure, pack: PackManifest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starter = replace(pack, text=replace(pack.text, source=TextSource.GEMMA3_270M_GGUF))
    assert measure("cat", starter, *LITERAL) is None
    made = tmp_path / "cache" / starter_text._NAME
    made.mkdir(parents=True)
    wrapped_tokenizer().save_pretrained(made)
    (made / "made.json").write_text(f'{{"bytes": {{"tokenizer.json": {(made / "tokenizer.json").stat().st_size}}}}}')
    assert measure("cat", starter, *LITERAL) == TokenCount(3, 5)


def test_nobody_knows_for_a_pack_without_a_tokenizer(measure: PromptMeasure, tmp_path: Path) -> None:
    assert measure("cat", manifest(tmp_path / "other"), *LITERAL) is None


def test_a_broken_tokenizer_is_a_known_error(measure: PromptMeasure, pack: PackManifest) -> None:
    (pack.tokenizer_folder / "tokenizer.json").write_text("{}")
    with pytest.raises(WeightsError):
        measure("cat", pack, *LITERAL)


def test_half_a_character_counts_as_one_and_moves_nothing(measure: PromptMeasure, pack: PackManifest) -> None:
    assert measure("x\ud83dyzklmn", pack, *LITERAL) == TokenCount(8, 5, 5)
