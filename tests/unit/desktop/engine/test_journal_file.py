import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load, save

from sana_desktop.engine.journal_file import Stamp, Work, work_from_bytes, work_to_bytes
from sana_desktop.engine.sampling import SamplerState

STAMP = Stamp(recipes='[{"prompt": "a “red” apple"}]', made_by='{"torch": "2"}', shape=(2, 4, 3, 5))


def some_work(step: int = 3, notices: tuple[str, ...] = ("The prompt is too long.",)) -> Work:
    generator = torch.Generator().manual_seed(step)
    x, clean = torch.randn(2, *STAMP.shape, generator=generator)
    return Work(SamplerState(step, x, clean), (notices,) * len(x))


def test_work_comes_back_bit_for_bit() -> None:
    work = some_work()
    again = work_from_bytes(work_to_bytes(work, STAMP), STAMP)
    assert (again.state.step, again.notices) == (3, work.notices)
    assert torch.equal(again.state.x, work.state.x)
    assert torch.equal(again.state.clean, work.state.clean)


def test_latents_and_prediction_may_be_one_tensor_as_after_the_last_step() -> None:
    x = some_work().state.x
    again = work_from_bytes(work_to_bytes(Work(SamplerState(20, x, x), ((),) * len(x)), STAMP), STAMP)
    assert torch.equal(again.state.x, x)
    assert torch.equal(again.state.clean, x)


def test_no_entry_is_larger_than_its_stamp_says() -> None:
    quotes = Stamp(recipes='"\\' * 50_000, made_by="{}", shape=STAMP.shape)
    assert len(work_to_bytes(some_work(), quotes)) <= quotes.most_bytes


@pytest.mark.parametrize(
    ("stamp", "reason"),
    [
        (Stamp("[]", STAMP.made_by, STAMP.shape), "other recipes"),
        (Stamp(STAMP.recipes, "{}", STAMP.shape), "another version"),
        (Stamp(STAMP.recipes, STAMP.made_by, (2, 4, 5, 3)), "latents of this size"),
    ],
)
def test_an_entry_with_another_stamp_is_refused(stamp: Stamp, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        work_from_bytes(work_to_bytes(some_work(), STAMP), stamp)


@given(st.data())
def test_an_entry_with_a_flipped_bit_or_a_lost_end_is_refused(data: st.DataObject) -> None:
    whole = work_to_bytes(some_work(), STAMP)
    position = data.draw(st.integers(0, len(whole) - 1))
    broken = bytearray(whole)
    broken[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        again = work_from_bytes(bytes(broken), STAMP)
    except ValueError:
        pass
    else:
        # Only where the bit means nothing: in the spaces that pad the header.
        assert torch.equal(again.state.x, some_work().state.x)
    with pytest.raises(ValueError, match=r"."):
        work_from_bytes(whole[:position], STAMP)


@given(st.binary(max_size=400))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        work_from_bytes(data, STAMP)


def test_a_header_that_claims_to_be_endless_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        work_from_bytes(b"\xff" * 8 + b"{}", STAMP)


def test_a_deep_header_is_refused() -> None:
    deep = b"[" * 100_000
    with pytest.raises(ValueError, match="not readable"):
        work_from_bytes(len(deep).to_bytes(8, "little") + deep, STAMP)


@pytest.mark.parametrize("said", [{}, {"recipes": STAMP.recipes}, {"recipes": STAMP.recipes, "made_by": STAMP.made_by}])
def test_an_entry_that_does_not_say_enough_is_refused(said: dict[str, str]) -> None:
    tensors = load(work_to_bytes(some_work(), STAMP))
    with pytest.raises(ValueError, match=r"."):
        work_from_bytes(save(tensors, said), STAMP)
