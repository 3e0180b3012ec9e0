import pytest

from sana_desktop.domain.token_count import TokenCount


@pytest.mark.parametrize(("used", "over"), [(0, 0), (19, 0), (20, 1), (300, 281)])
def test_what_goes_beyond_the_limit_is_too_much(used: int, over: int) -> None:
    assert TokenCount(used, 19).over == over
