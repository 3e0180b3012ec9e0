from pathlib import Path

from support.tiny_training import write_tiny_data, write_tiny_styles
from training.styles import styled_pictures


def test_what_a_style_lacks_is_left_out_and_the_order_is_kept(tmp_path: Path) -> None:
    write_tiny_styles(write_tiny_data(tmp_path))
    keys = ["2600", "1f408", "1f34e"]
    assert list(styled_pictures(tmp_path, "flat", keys)) == ["1f408", "1f34e"]
    assert list(styled_pictures(tmp_path, "line", keys)) == ["1f34e"]
    assert all(path.is_file() for path in styled_pictures(tmp_path, "flat", keys).values())
