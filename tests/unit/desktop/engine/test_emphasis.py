import torch
from torch import Tensor

from sana_desktop.engine.emphasis import weighted_states

NEUTRAL = 7


class Sums:
    """A causal “encoder”: every state is the sum of the tokens so far."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        self.asked: list[tuple[int, ...]] = []
        self.dtype = dtype

    def __call__(self, tokens: tuple[int, ...]) -> Tensor:
        self.asked.append(tokens)
        return torch.tensor(tokens, dtype=self.dtype).cumsum(0)[:, None]


def test_without_weights_the_states_are_the_encoder_s_own() -> None:
    encoder = Sums()
    states_LE = weighted_states(encoder, (1, 2, 3), (), NEUTRAL)
    assert torch.equal(states_LE, torch.tensor([[1.0], [3.0], [6.0]]))
    assert encoder.asked == [(1, 2, 3)]


def test_a_weight_moves_the_word_s_share_in_it_and_in_all_that_follows() -> None:
    encoder = Sums()
    # Token 20 instead of 7 is worth 13 from its place on; half of that goes, and half as much again comes.
    half = weighted_states(encoder, (1, 20, 3), (1.0, 0.5, 1.0), NEUTRAL)
    assert half.flatten().tolist() == [1.0, 21.0 - 6.5, 24.0 - 6.5]
    more = weighted_states(encoder, (1, 20, 3), (1.0, 1.5, 1.0), NEUTRAL)
    assert more.flatten().tolist() == [1.0, 21.0 + 6.5, 24.0 + 6.5]


def test_at_zero_the_text_is_as_if_the_word_were_not_there() -> None:
    encoder = Sums()
    assert torch.equal(weighted_states(encoder, (1, 20, 3), (1.0, 0.0, 1.0), NEUTRAL), encoder((1, NEUTRAL, 3)))


def test_every_different_weight_costs_one_pass_more() -> None:
    encoder = Sums()
    weighted_states(encoder, (1, 2, 3, 4), (0.5, 1.0, 1.5, 0.5), NEUTRAL)
    assert encoder.asked == [(1, 2, 3, 4), (NEUTRAL, 2, 3, NEUTRAL), (1, 2, NEUTRAL, 4)]


def test_the_dtype_stays_and_the_states_that_were_given_too() -> None:
    given_LE = torch.ones(2, 3, dtype=torch.bfloat16)
    moved_LE = weighted_states(lambda tokens: given_LE if tokens == (1, 2) else given_LE * 3, (1, 2), (1.0, 1.5), 0)
    assert moved_LE.dtype == torch.bfloat16
    assert torch.equal(moved_LE, torch.zeros(2, 3, dtype=torch.bfloat16))
    assert torch.equal(given_LE, torch.ones(2, 3, dtype=torch.bfloat16))
