"""Steps of the network recorded once and then replayed: one launch where a small network needs hundreds.

A recording reads and writes tensors of its own and knows no other shapes, so there is one for every kind of step, a few
at a time. The first step of a kind is computed plainly and is the answer; it is then recorded, replayed with the same
numbers and compared. What cannot be recorded, or does not come out the same, is computed plainly from then on, and
`words` says why: a recording is never a reason for a picture to fail, and none changes a picture silently.
"""

import logging
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

WISH = "SANA_GRAPHS"
# Kinds of steps: with and without guidance, and those of the size and the prompt before.
MOST = 4
# Recordings hold the memory that a step works in, also while others work: they may take this part of what is free.
SHARE_OF_FREE = 1 / 4
# Of the largest value. The same operations on the same numbers should agree to the bit.
TOLERANCE = 1e-3

_log = logging.getLogger(__name__)

OnBlock = Callable[[], None]
# From tensors to one tensor, and nothing else: no number, length or flag that might be another one next time.
Program = Callable[[Sequence[Tensor], OnBlock | None], Tensor]


class Recording(Protocol):
    """A program that was recorded."""

    output: Tensor

    def replay(self) -> None:
        """Compute `output` anew from what the inputs hold now."""
        ...


class Recorder(Protocol):
    """What records on a device."""

    def rehearse(self, run: Callable[[], Tensor]) -> Tensor:
        """Run plainly what is to be recorded, so that nothing happens for the first time in the recording."""
        ...

    def needed(self) -> int:
        """Bytes that the rehearsal worked in, which a recording keeps."""
        ...

    def room(self) -> int:
        """Bytes that are free."""
        ...

    def record(self, run: Callable[[], Tensor]) -> Recording:
        """Record `run`, whose tensors stay where they are as long as the recording lasts."""
        ...

    def held(self) -> int:
        """Bytes that recordings keep."""
        ...

    def release(self) -> None:
        """Give the memory of forgotten recordings back."""
        ...


@dataclass(slots=True, eq=False)
class _Kept:
    """A recording, the network whose weights and the inputs that it reads, and whose values these hold."""

    recording: Recording
    network: object
    inputs: tuple[Tensor, ...]
    sources: list[weakref.ref[Tensor]]

    def load(self, inputs: Sequence[Tensor]) -> None:
        """Copy what is not there yet: of a step with the same text, little."""
        for place, source in enumerate(inputs):
            if self.sources[place]() is not source:
                self.inputs[place].copy_(source)
                self.sources[place] = weakref.ref(source)


class StepGraphs:
    """The recordings of a pack's network; for one thread, as the network is."""

    def __init__(self, recorder: Recorder | None, refusal: str = "", most: int = MOST) -> None:
        """Without a `recorder` all is computed plainly, and `refusal` is why, empty where nobody would ask."""
        self._recorder = recorder
        self._refusal = refusal
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._refused: dict[Hashable, str] = {}
        self._replayed = False
        self._why_not = ""

    def run(
        self,
        network: object,
        kind: Hashable,
        program: Program,
        inputs: Sequence[Tensor],
        on_block: OnBlock | None,
    ) -> Tensor:
        """`program(inputs, on_block)`, replayed where it was recorded before.

        `kind` is what decides about the program beside `network`, whose weights it reads, and the inputs' shapes.
        Inputs must not be written to between calls. A replay calls `on_block` once, before it begins.
        """
        if self._recorder is None:
            self._why_not = self._refusal
            return program(inputs, on_block)
        key = (id(network), kind, tuple((one.shape, one.dtype) for one in inputs))
        with torch.inference_mode():
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                if on_block is not None:
                    on_block()
                kept.load(inputs)
                kept.recording.replay()
                self._replayed = True
                return _lasting(kept.recording.output)
            if key in self._refused:
                self._why_not = self._refused[key]
                return program(inputs, on_block)
            own = tuple(one.clone() for one in inputs)
            answer = self._recorder.rehearse(lambda: program(own, on_block))
            recording = self._recorded(self._recorder, key, program, own, answer)
            if recording is not None:
                self._kept[key] = _Kept(recording, network, own, [weakref.ref(one) for one in inputs])
        return _lasting(answer)

    @property
    def held_bytes(self) -> int:
        """What the recordings keep of the device's memory."""
        return 0 if self._recorder is None else self._recorder.held()

    def forget(self) -> bool:
        """Drop all recordings; says whether there were any. They are made again when their steps come again."""
        held = bool(self._kept)
        self._kept.clear()
        self._refused.clear()
        if held and self._recorder is not None:
            self._recorder.release()
        return held

    def give_up(self, reason: str) -> bool:
        """Drop all recordings and make no more; says whether there were any."""
        if self._recorder is None:
            return False
        held = self.forget()
        self._recorder, self._refusal = None, reason
        return held

    def take_words(self) -> str:
        """How steps were computed since this was asked last, where there is anything to say."""
        words = "steps replayed as CUDA graphs" if self._replayed else ""
        if not words and self._why_not:
            words = f"no CUDA graphs: {self._why_not}"
        self._replayed, self._why_not = False, ""
        return words

    def _recorded(
        self, recorder: Recorder, key: Hashable, program: Program, own: tuple[Tensor, ...], answer: Tensor
    ) -> Recording | None:
        """A recording that gave `answer` again, or None with a reason in `_why_not`."""
        while len(self._kept) >= self._most:
            self._kept.popitem(last=False)
        if recorder.needed() > SHARE_OF_FREE * recorder.room():
            # Perhaps next time: this is about now.
            self._why_not = "memory is short"
            return None
        try:
            recording = recorder.record(lambda: program(own, None))
            recording.replay()
            refusal = _difference(recording.output, answer)
        except Exception as error:  # noqa: BLE001  # drivers and libraries refuse to be recorded in ways nobody can list
            refusal = f"{type(error).__name__}: {error}".strip().splitlines()[0][:100]
        else:
            if not refusal:
                return recording
        self._refused[key] = self._why_not = refusal
        _log.warning("steps are computed plainly, without CUDA graphs: %s", refusal)
        return None


def _lasting(answer: Tensor) -> Tensor:
    """A copy that the next replay leaves alone, and that may be used outside of inference mode."""
    with torch.inference_mode(mode=False):
        return torch.empty_like(answer).copy_(answer)


def _difference(replayed: Tensor, computed: Tensor) -> str:
    """Why a replay is not what was computed; empty where it is."""
    if torch.equal(replayed, computed):
        return ""
    error = float((replayed - computed).abs().max() / computed.abs().max())
    # A comparison with something that is not a number is false, so it is written the way that refuses.
    return "" if error <= TOLERANCE else f"a replay is off by {error:.2g} of the largest value"
