import subprocess
import sys

import pytest

from sana_desktop.engine.quantize.tables import late_blocks


@pytest.mark.parametrize(
    ("blocks", "late"), [(28, range(21, 28)), (20, range(15, 20)), (8, range(6, 8)), (3, range(3, 3))]
)
def test_late_blocks_are_the_last_quarter(blocks: int, late: range) -> None:
    assert late_blocks(blocks) == late


def test_forecasts_can_read_the_tables_without_torch() -> None:
    code = "import sys, sana_desktop.engine.quantize.tables; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
