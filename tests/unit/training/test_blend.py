from dataclasses import replace

import pytest
import torch

from support.tiny_models import TINY_DIT, random_dit
from training.blend import blend


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_every_weight_is_the_mean_of_both(share: float) -> None:
    new, old = random_dit(TINY_DIT, seed=1), random_dit(TINY_DIT, seed=2)
    expected = {name: share * value + (1 - share) * old.state_dict()[name] for name, value in new.state_dict().items()}
    found = blend(new, old, share).state_dict()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value)


def test_networks_of_other_shapes_and_impossible_shares_are_refused() -> None:
    other = random_dit(replace(TINY_DIT, layers=TINY_DIT.layers + 1))
    with pytest.raises(ValueError, match="one shape"):
        blend(random_dit(TINY_DIT), other, 0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        blend(random_dit(TINY_DIT), random_dit(TINY_DIT), 1.5)
