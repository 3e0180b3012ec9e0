import mmap
from pathlib import Path

import pytest
import torch

from sana_desktop.engine import peak_meter
from sana_desktop.engine.peak_meter import PeakMeter

CPU = torch.device("cpu")
MANY = 80 * 2**20


@pytest.mark.skipif(not peak_meter.FORGET.exists(), reason="only Linux keeps a peak that can be reset")
def test_what_was_given_back_counts_until_the_meter_begins_anew() -> None:
    meter = PeakMeter(CPU)
    meter.begin()
    before = meter.now()
    # Pages of its own: what the allocator had left over from other tests would be in use already.
    with mmap.mmap(-1, MANY) as held:
        # Byte by byte of every page: a text of that length would come out of the allocator, too.
        for page in range(0, MANY, mmap.PAGESIZE):
            held[page] = 1
    assert meter.peak() > before + 0.9 * MANY
    meter.begin()
    assert meter.peak() < before + 0.5 * MANY


def test_where_no_peak_is_kept_what_is_in_use_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak_meter, "STATUS", tmp_path / "status")
    monkeypatch.setattr(peak_meter, "FORGET", tmp_path / "no" / "such" / "file")
    meter = PeakMeter(CPU)
    meter.begin()
    assert meter.peak() > 0
    (tmp_path / "status").write_text("VmHWM: nonsense\n")
    assert meter.peak() > 0
