"""Previews cost what was allowed, and the sharp ones come last."""

import pytest
import torch
from torch import Tensor

from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.engine.preview import Preview
from sana_desktop.engine.preview_plan import MakePreview, PreviewCosts, PreviewRun, Previews

LATENTS = torch.zeros(1, 32, 1, 1)
LINEAR = Preview(b"lin", 1, 1)
TINY = Preview(b"tin", 1, 1)


class Machine:
    """A clock that goes on when something is computed."""

    def __init__(self, *, step: float, linear: float = 0.0, tiny: float) -> None:
        self.now = 0.0
        self._step = step
        self.previews = Previews(self._maker(LINEAR, linear), self._maker(TINY, tiny))
        self.costs = PreviewCosts()

    def clock(self) -> float:
        return self.now

    def run(self, steps: int, wish: PreviewWish, previews: Previews | None = None) -> tuple[str, PreviewRun]:
        """Letters of the previews after each step: l, t, or - for none."""
        run = PreviewRun(self.previews if previews is None else previews, wish, self.costs, steps, self.clock)
        shown = ""
        for step in range(1, steps + 1):
            self.now += self._step
            preview = run.after_step(step, LATENTS)
            shown += "-" if preview is None else preview.rgb.decode()[0]
        return shown, run

    def _maker(self, preview: Preview, seconds: float) -> MakePreview:
        def make(clean: Tensor) -> Preview:
            assert clean is LATENTS
            self.now += seconds
            return preview

        return make


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (PreviewChoice.OFF, "------"),
        (PreviewChoice.LINEAR, "lllll-"),
        (PreviewChoice.TINY, "ttttt-"),
    ],
)
def test_what_was_chosen_is_shown_after_every_step_but_the_last(choice: PreviewChoice, expected: str) -> None:
    shown, _ = Machine(step=1.0, tiny=5.0).run(6, PreviewWish(choice))
    assert shown == expected


def test_an_affordable_tiny_decoder_has_the_last_steps() -> None:
    machine = Machine(step=1.0, tiny=0.25)
    # 5 % of 10 steps and a decode of 3.7 pay for two decodes of a quarter of a step; the last step shows none.
    shown, _ = machine.run(10, PreviewWish(budget=0.05))
    assert shown == "lllllll" + "tt" + "-"


def test_a_larger_budget_buys_more_of_them() -> None:
    shown, _ = Machine(step=1.0, tiny=0.25).run(10, PreviewWish(budget=1.0))
    assert shown == "ttttttttt-"


def test_a_tiny_decoder_that_turns_out_dear_is_not_asked_again() -> None:
    machine = Machine(step=0.02, tiny=0.03)
    first, _ = machine.run(20, PreviewWish(budget=0.03))
    assert first.count("t") == 1
    second, run = machine.run(20, PreviewWish(budget=0.03))
    assert "t" not in second
    assert run.seconds == 0.0


@pytest.mark.parametrize("tiny", [0.001, 0.01, 0.05, 0.26, 1.5])
@pytest.mark.parametrize("budget", [0.0, 0.01, 0.03, 0.1])
def test_once_costs_are_known_a_run_stays_within_the_budget(tiny: float, budget: float) -> None:
    machine = Machine(step=1.0, tiny=tiny)
    machine.run(20, PreviewWish(PreviewChoice.TINY))
    _, run = machine.run(20, PreviewWish(budget=budget))
    assert run.seconds <= budget * (20 + 3.7) + 1e-9


def test_a_pack_with_one_kind_of_preview_shows_that() -> None:
    machine = Machine(step=1.0, tiny=0.1)
    linear, tiny = machine.previews
    assert machine.run(3, PreviewWish(PreviewChoice.TINY), Previews(linear, None))[0] == "ll-"
    assert machine.run(3, PreviewWish(PreviewChoice.LINEAR), Previews(None, tiny))[0] == "tt-"
    assert machine.run(3, PreviewWish(), Previews())[0] == "---"


def test_the_time_of_previews_does_not_count_as_time_of_steps() -> None:
    machine = Machine(step=1.0, linear=9.0, tiny=0.25)
    machine.run(5, PreviewWish(PreviewChoice.LINEAR))
    assert machine.costs.affordable(20, 0.03) == 2
