from pathlib import Path

import pytest

from sana_desktop.system.pack_needs import FitLevel, fit_for, folder_bytes
from support.pack_surveys import GIB, gpu_machine, processor_machine


@pytest.mark.parametrize(("gib", "level"), [(6, FitLevel.FITS), (7.2, FitLevel.TIGHT), (7.9, FitLevel.NO)])
def test_what_is_free_fits_what_is_there_is_tight_and_the_rest_does_not(gib: float, level: FitLevel) -> None:
    assert fit_for(int(gib * GIB), gpu_machine(8)).level is level


def test_the_memory_that_counts_is_the_cards_where_there_is_one() -> None:
    on_card, on_processor = fit_for(1, gpu_machine(8)), fit_for(1, processor_machine(24))
    assert (on_card.on_gpu, on_card.memory_total) == (True, 8 * GIB)
    assert (on_processor.on_gpu, on_processor.memory_total) == (False, 24 * GIB)


def test_the_size_on_disk_is_that_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"12345")
    (tmp_path / "c").write_bytes(b"123")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert folder_bytes(tmp_path) == 8
