import json
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.events import Phase, PictureSaved
from sana_desktop.domain.memory_plan import PLANS
from sana_desktop.domain.picture import MemoryUse
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PackError
from sana_desktop.services.memory_book import LIBRARIES, MemoryBook, MemoryForecast
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from support.fake_engine import fake_picture
from support.pack_surveys import GIB, gpu_machine, processor_machine
from support.recipes import recipe

MIB = 2**20
SMALL, LARGE = Size(256, 256), Size(4096, 4096)


@pytest.fixture(scope="module")
def pack() -> PackManifest:
    return read_pack(resources_folder() / "starter")


def looked(path: Path | None = None, machine: Hardware | None = None) -> MemoryBook:
    book = MemoryBook(path, lambda: machine or processor_machine())
    book.look()
    return book


def told(book: MemoryBook, pack: PackManifest, size: Size = SMALL, **changes: object) -> MemoryForecast:
    found = book.forecast(pack, recipe(size=size, pack=pack.id), idle=200 * MIB, **changes)  # pyright: ignore[reportArgumentType]
    assert found is not None
    return found


def test_before_the_machine_was_looked_at_nothing_is_claimed(pack: PackManifest) -> None:
    assert MemoryBook(None, processor_machine).forecast(pack, recipe()) is None


def test_a_pack_that_cannot_be_understood_has_no_forecast(pack: PackManifest, tmp_path: Path) -> None:
    assert looked().forecast(replace(pack, folder=tmp_path), recipe()) is None


def test_larger_pictures_need_more_and_say_where(pack: PackManifest) -> None:
    small, large = told(looked(), pack), told(looked(), pack, LARGE, plan=PLANS[0])
    assert large.needed > small.needed
    assert large.phase is Phase.DECODE
    assert small.level is FitLevel.FITS


def test_without_a_wish_the_plan_is_the_one_that_fits(pack: PackManifest) -> None:
    assert told(looked(), pack).plan == PLANS[0]
    card = gpu_machine(1)
    assert card.gpu is not None
    tiny = replace(card, gpu=replace(card.gpu, memory_free=200 * MIB))
    assert not told(looked(machine=tiny), pack, LARGE).plan.resident


def test_what_a_machine_does_not_have_is_too_large(pack: PackManifest) -> None:
    card = gpu_machine(1)
    assert card.gpu is not None
    assert told(looked(machine=card), pack, LARGE, plan=PLANS[0]).level is FitLevel.NO
    full = replace(card, gpu=replace(card.gpu, memory_total=64 * GIB))
    assert told(looked(machine=full), pack, LARGE, plan=PLANS[0]).level is FitLevel.TIGHT


def test_a_picture_puts_the_forecast_right(pack: PackManifest) -> None:
    book = looked()
    before = told(book, pack)
    peak = before.needed - LIBRARIES + 900 * MIB
    used = MemoryUse(plan=before.plan, idle=200 * MIB, encode=peak - MIB, sample=peak - MIB, decode=peak)
    book.learn(pack, recipe(size=SMALL, pack=pack.id), used, idle=200 * MIB)
    assert told(book, pack).needed == peak
    # Another precision is told by what is known of this one.
    other = book.forecast(pack, recipe(size=SMALL, pack=pack.id, precision=Precision.NF4), idle=200 * MIB)
    assert other is not None
    assert other.needed < peak


def test_what_was_learned_of_one_phase_is_not_held_against_another(pack: PackManifest) -> None:
    book, plan = looked(), PLANS[1]
    small, large = told(book, pack, plan=plan), told(book, pack, LARGE, plan=plan)
    assert (small.phase, large.phase) == (Phase.ENCODE, Phase.DECODE)
    # Reading the prompt took 900 MiB more than its arithmetic says, the decode less than 500.
    encode = small.needed - LIBRARIES + 900 * MIB
    used = MemoryUse(plan=plan, idle=200 * MIB, encode=encode, sample=300 * MIB, decode=700 * MIB)
    book.learn(pack, recipe(size=SMALL, pack=pack.id), used, idle=200 * MIB)
    assert told(book, pack, plan=plan).needed == encode
    assert told(book, pack, LARGE, plan=plan).needed < large.needed - LIBRARIES + 500 * MIB


def test_a_phase_that_did_not_run_teaches_nothing(pack: PackManifest) -> None:
    book = looked()
    before = told(book, pack, plan=PLANS[1])
    used = MemoryUse(plan=PLANS[1], idle=200 * MIB, encode=0, sample=300 * MIB, decode=400 * MIB)
    book.learn(pack, recipe(size=SMALL, pack=pack.id), used, idle=200 * MIB)
    assert told(book, pack, plan=PLANS[1]) == before


def test_a_picture_that_was_gone_on_with_teaches_nothing(pack: PackManifest) -> None:
    book = looked()
    before = told(book, pack)
    book.learn(pack, recipe(size=SMALL, pack=pack.id), MemoryUse(idle=1, decode=9 * GIB))
    assert told(book, pack) == before


def test_what_was_learned_is_there_at_the_next_start(pack: PackManifest, tmp_path: Path) -> None:
    path = tmp_path / "data" / "memory.json"
    first = looked(path)
    saved = replace(
        fake_picture(recipe(size=SMALL, pack=pack.id)), memory=MemoryUse(idle=1, encode=1, sample=1, decode=3 * GIB)
    )
    first.listener(PictureSaved(1, tmp_path / "a.png", saved), lambda name: pack)
    assert told(looked(path), pack) == told(first, pack) != told(looked(), pack)


def test_a_fake_picture_a_pack_that_is_gone_is_passed_over(pack: PackManifest, tmp_path: Path) -> None:
    def gone(name: str) -> PackManifest:
        raise PackError(f"no {name}")

    book = looked()
    saved = replace(fake_picture(recipe()), memory=MemoryUse(sample=1, decode=GIB))
    book.listener(PictureSaved(1, tmp_path / "a.png", saved), gone)
    assert told(book, pack) == told(looked(), pack)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 1, "kinds": [{"pack": "starter", "precision": "auto", "beyond": [900000000]}]}',
        '{"format": 2, "kinds": 3}',
        json.dumps(
            {"format": 2, "kinds": [3, {}, {"pack": "starter", "precision": "auto", "beyond": {"decode": "x"}}]}
        ),
    ],
)
def test_a_file_that_is_not_understood_counts_as_none(pack: PackManifest, tmp_path: Path, text: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(text)
    assert told(looked(path), pack) == told(looked(), pack)


def test_a_disk_that_refuses_is_only_logged(
    pack: PackManifest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    book = looked(tmp_path / "file" / "memory.json")
    book.learn(pack, recipe(size=SMALL, pack=pack.id), MemoryUse(sample=1, decode=GIB))
    assert "cannot be written" in caplog.text
