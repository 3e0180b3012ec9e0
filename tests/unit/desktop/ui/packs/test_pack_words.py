from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.services.packs import PackOffer
from sana_desktop.system.fetch.checking import BadFile, Fault
from sana_desktop.system.fetch.remote import RemoteFile
from sana_desktop.system.pack_needs import fit_for
from sana_desktop.ui.packs.pack_words import PackWords
from support.pack_surveys import GIB, gpu_machine, processor_machine, survey
from support.packs import manifest

GB = "\u00a0GB"


def offer(tmp_path: Path, model: str) -> PackOffer:
    return next(offer for offer in survey(tmp_path).offers if offer.model.id == model)


@pytest.mark.parametrize(("size", "text"), [(int(2.34 * GIB), f"2.3{GB}"), (24 * GIB, f"24{GB}")])
def test_memory_is_counted_as_it_is_sold(size: int, text: str) -> None:
    assert PackWords().memory_text(size) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(43_000_000, "43\u00a0MB"), (10, "1\u00a0MB"), (999_600_000, f"1.0{GB}"), (7_700_000_000, f"7.7{GB}")],
)
def test_files_are_counted_as_they_are_downloaded(size: int, text: str) -> None:
    assert PackWords().disk_text(size) == text


def test_a_forecast_says_what_is_needed_what_is_there_and_what_to_do() -> None:
    words, card, plain = PackWords(), gpu_machine(8), processor_machine(24)
    for needed, machine, start in (
        (6 * GIB, card, f"Fits: needs about 6.0{GB}, and Card 4070 has 8.0{GB}."),
        (int(7.2 * GIB), card, f"Tight: needs about 7.2{GB} of the 8.0{GB} that Card 4070 has. Close other"),
        (9 * GIB, card, "Does not fit: needs about"),
        (2 * GIB, plain, f"Works on the processor: needs about 2.0{GB} of 24{GB} memory."),
        (9 * GIB, plain, "Works on the processor, slowly: needs"),
        (20 * GIB, plain, "Tight: needs about"),
        (40 * GIB, plain, f"Does not fit: needs about 40{GB} on the processor, and there are 24{GB}."),
    ):
        assert words.fit_text(fit_for(needed, machine), machine).startswith(start)


def test_what_is_given_up_for_it_is_said() -> None:
    words, card = PackWords(), gpu_machine(4)
    lean = MemoryPlan(resident=False, tile=16, text_on_cpu=True)
    text = words.fit_text(fit_for(3 * GIB, card, lean, Precision.NF4), card)
    assert text.endswith(
        "That is with 4-bit weights, one network in memory at a time, the text read on the processor, "
        "the picture decoded in tiles."
    )
    assert "8-bit weights" in words.fit_text(fit_for(GIB, card, stored=Precision.INT8), card)
    assert "That is with" not in words.fit_text(fit_for(GIB, card), card)


def test_the_machine_is_described_by_what_matters() -> None:
    words = PackWords()
    assert words.machine_line(gpu_machine(8)) == f"This computer: Card 4070 with 8.0{GB}, and 24{GB} of memory."
    assert "no graphics card" in words.machine_line(processor_machine())
    unused = replace(processor_machine(), unused_gpu="Card 4070")
    assert "Card 4070 is not used" in words.machine_line(unused)


def test_a_pack_is_described_in_a_line(tmp_path: Path) -> None:
    words, entry = PackWords(), survey(tmp_path).installed[0]
    assert words.pack_line(manifest(tmp_path)) == "128 px · MIT"
    assert words.pack_line(replace(manifest(tmp_path), licence="unknown")) == "128 px · licence unknown"
    assert words.installed_line(entry) == "128 px · 43\u00a0MB on disk · MIT"


def test_an_offer_says_what_it_draws_and_costs(tmp_path: Path) -> None:
    words, small = PackWords(), offer(tmp_path, "sana-600m-1024px")
    assert words.offer_line(small.model).startswith(
        "Pictures of 1024 × 1024 pixels in 20 steps, from prompts in several"
    )
    assert "English" in words.offer_line(offer(tmp_path, "sana-1600m-1024px").model)
    assert "1 to 4 steps" in words.offer_line(offer(tmp_path, "sana-sprint-0.6b-1024px").model)
    assert words.download_line(small).startswith(f"Download about 7.7{GB} · NVIDIA Open Model License")
    assert words.needs_line(small) == f"Memory: at least 4.5{GB} in 16 bit, 2.6{GB} in 8 bit, 1.9{GB} in 4 bit"


def test_the_steps_lead_to_an_installed_pack(tmp_path: Path) -> None:
    steps = PackWords().install_steps(offer(tmp_path, "sana-600m-1024px"), disk_free=10**12)
    commands = [text for text, is_command in steps if is_command]
    assert commands == [
        "hf download Efficient-Large-Model/Sana_600M_1024px_diffusers --local-dir Sana_600M_1024px_diffusers",
        "sana-desktop packs import Sana_600M_1024px_diffusers",
    ]
    text = " ".join(text for text, _ in steps)
    assert "Sana_600M_1024px_MultiLing.pth" in text
    assert "several copies" in text
    assert "not enough room" not in text


def test_a_full_disk_is_said_before_the_download(tmp_path: Path) -> None:
    steps = PackWords().install_steps(offer(tmp_path, "sana1.5-1.6b-1024px"), disk_free=10**9)
    assert steps[-1][0] == f"There is not enough room for it on this disk: 1.0{GB} are free."
    assert not any("several copies" in text for text, _ in steps)


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (FetchProgress(pack_id="a", phase=FetchPhase.ASKING), "Asking what there is…"),
        (FetchProgress(pack_id="a", phase=FetchPhase.WAITING, reason="busy", seconds=90), "Waiting 1 min 30 s: busy"),
        (FetchProgress(pack_id="a", phase=FetchPhase.CHECKING, file="vae/a"), "Checking vae/a"),
        (FetchProgress(pack_id="a", phase=FetchPhase.INSTALLING), "Installing…"),
        (
            FetchProgress(pack_id="a", phase=FetchPhase.FETCHING, done=10**9, total=2 * 10**9),
            "1.0\u00a0GB of 2.0\u00a0GB · 20\u00a0MB a second · 50 s left",
        ),
    ],
)
def test_a_fetch_says_what_it_is_doing(progress: FetchProgress, text: str) -> None:
    assert PackWords().fetch_text(progress, 2e7, 50.0) == text


def test_a_verdict_says_what_is_wrong_or_that_nothing_is(tmp_path: Path) -> None:
    pack = manifest(tmp_path)
    file = RemoteFile(path="vae/a", size=1, sha256="a" * 64)
    words = PackWords()
    bad = PackVerdict(pack=pack, recorded=True, bad=(BadFile(file, Fault.MISSING),))
    assert "1 of its files are not what was fetched (vae/a)" in words.verdict_text(bad)
    odd = PackVerdict(pack=pack, recorded=False, bad=(), problem="Odd.")
    assert words.verdict_text(odd) == "“Toy” cannot be used: Odd."
    assert "there are no hashes" in words.verdict_text(PackVerdict(pack=pack, recorded=False, bad=()))
