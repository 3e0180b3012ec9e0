"""Blend a DiT that was trained further with the one that it began from: some of what was lost on the way comes back.

    python -m training.blend build/training/dit/transformer resources/starter/transformer build/training/blend \\
        --share 0.85

Every weight is the mean of both, `share` of it the new one's: between a network and what it became, the loss is
mostly low all the way (WiSE-FT, arXiv 2109.01903). Writes `transformer/` in the output folder, as `training.dit` does.
"""

import argparse
from pathlib import Path

import torch

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.engine.weights.load import load_transformer
from sana_desktop.engine.weights.save import save_transformer
from sana_models.dit import SanaTransformer


def blend(new: SanaTransformer, old: SanaTransformer, share: float) -> SanaTransformer:
    """`new` with weights of which `share` are its own and the rest those of `old`, which has the same shape.

    Raises ValueError for networks of different shapes and for a share outside of [0, 1].
    """
    if new.config != old.config:
        raise ValueError(f"expected networks of one shape, found {new.config} and {old.config}")
    if not 0 <= share <= 1:
        raise ValueError(f"expected a share from 0 to 1, found {share}")
    before = old.state_dict()
    new.load_state_dict({name: (1 - share) * before[name] + share * value for name, value in new.state_dict().items()})
    return new


def main() -> None:
    """Read the command line, blend, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("new", type=Path)
    parser.add_argument("old", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=0.85, help="of the new one")
    options = parser.parse_args()
    check, cpu = CancelToken().check, torch.device("cpu")
    new, old = (
        load_transformer(folder, dtype=torch.float32, device=cpu, check=check) for folder in (options.new, options.old)
    )
    save_transformer(blend(new, old, options.share), options.out / "transformer", dtype=torch.bfloat16)


if __name__ == "__main__":
    main()
