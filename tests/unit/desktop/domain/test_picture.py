"""What a finished picture says about itself."""

from sana_desktop.domain.picture import Timings


def test_the_total_is_the_sum_of_all_phases() -> None:
    assert Timings(load=1.0, encode=2.0, sample=4.0, decode=8.0).total == 15.0
