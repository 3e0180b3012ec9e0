"""What the slices of `benchmarks.gpu` measure with: clocks that wait for the card, rows that survive faults."""

import gc
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch

from sana_models.configs import DCAEConfig, DiTConfig

Row = dict[str, object]
MIB = 2**20
NOTE_LETTERS = 240

COLUMNS = (
    "name", "size", "dtype", "precision", "phase", "version", "reason", "without_check", "tokens", "error",
    "plain_error", "psnr", "levels", "plain_ms", "fused_ms", "call_ms", "torch_ms", "together_ms", "apart_ms", "ms",
    "compile_s", "ratio", "gb_per_s", "tops", "tflops", "gflops_ceiling", "gbs_ceiling", "share", "floor_ms",
    "over_floor", "peak_mib", "cap_gb", "plan", "forecast_mib", "learned_mib", "reserved_mib", "load_s", "encode_s",
    "sample_s", "decode_s", "seconds", "ladder", "note",
)  # fmt: skip


class OutOfTimeError(BaseException):
    """A slice took longer than it was given; no slice may take this for an error of what it measures."""


class DeviceLostError(BaseException):
    """After a fault of a kernel the card refuses everything that this process asks of it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a slice measures with, and until when. `faults` is a file for what went wrong in full length."""

    device: torch.device
    dtype: torch.dtype
    dit: DiTConfig
    dcae: DCAEConfig
    sizes: tuple[int, ...]
    rounds: int
    inner: int
    deadline: float
    faults: Path | None = None
    wait_for: Path | None = None
    packs: Path | None = None
    carried: Path | None = None

    @property
    def on_card(self) -> bool:
        """Whether this is a graphics card."""
        return self.device.type == "cuda"

    @property
    def middle(self) -> int:
        """The size that everything is compared at: 1024 px, or the second of those asked for."""
        return 1024 if 1024 in self.sizes else self.sizes[min(1, len(self.sizes) - 1)]

    def late(self) -> bool:
        """Whether the slice's time is used up."""
        return time.monotonic() > self.deadline

    def settle(self) -> None:
        """Wait until the card has done what it was told."""
        if self.on_card:
            torch.cuda.synchronize(self.device)

    def wait(self, seconds: float) -> None:
        """Until the others have left the card to us, at most so long: timing beside somebody is worthless."""
        until = time.monotonic() + seconds
        while self.wait_for is not None and not self.wait_for.exists() and time.monotonic() < until:
            time.sleep(0.1)

    def ms(self, run: Callable[[], object], inner: int = 1, rounds: int | None = None, *, warm: bool = False) -> float:
        """Milliseconds of one run: the median of some rounds of `inner` runs each.

        One run before does not count; there is none if the caller says that everything is `warm`.
        """
        if not warm:
            run()
        taken: list[float] = []
        for _ in range(rounds or self.rounds):
            self.settle()
            began = time.perf_counter()
            for _ in range(inner):
                run()
            self.settle()
            taken.append((time.perf_counter() - began) / inner)
        return round(1e3 * median(taken), 4)

    def card_ms(self, run: Callable[[], object]) -> float:
        """As `ms`, but without what the processor takes to launch: captured once, then replayed."""
        if not self.on_card:
            return self.ms(run, self.inner)
        run()
        self.settle()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for _ in range(self.inner):
                run()
        return round(self.ms(graph.replay) / self.inner, 4)

    def peak_mib(self, run: Callable[[], object], beside: int = 0) -> float:
        """Most memory that tensors held during a run, but for `beside` bytes; 0 on a processor."""
        if not self.on_card:
            return 0.0
        self.settle()
        torch.cuda.reset_peak_memory_stats(self.device)
        run()
        self.settle()
        return round((torch.cuda.max_memory_allocated(self.device) - beside) / MIB, 1)

    def held(self) -> int:
        """Bytes that tensors hold now; 0 on a processor."""
        gc.collect()
        return torch.cuda.memory_allocated(self.device) if self.on_card else 0

    def attempt(self, row: Row, measure: Callable[[], Row]) -> Row:
        """`row` and what `measure` adds; where it fails, the reason as a note, and all of it in `faults`."""
        try:
            return row | measure()
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one row, the next is measured
            self.keep_fault(row, error)
            note = f"{type(error).__name__}: {' '.join(str(error).split())}"[:NOTE_LETTERS]
        # What failed holds its tensors as long as its frames are known, which ends with the block above.
        gc.collect()
        if self.on_card:
            try:
                torch.cuda.synchronize(self.device)
                torch.cuda.empty_cache()
            except RuntimeError as error:
                raise DeviceLostError(note) from error
        return row | {"note": note}

    def keep_fault(self, row: Row, error: BaseException) -> None:
        """Write down where it went wrong."""
        if self.faults is not None:
            with self.faults.open("a", encoding="utf-8") as file:
                file.write(f"--- {row}\n{''.join(traceback.format_exception(error))}\n")


def left_out(size: int) -> Row:
    """The row of a slice that is out of time."""
    return {"name": f"{size} px and up", "note": "left out: the slice's time is used up"}


def name_of(dtype: torch.dtype) -> str:
    """`bfloat16` and the like."""
    return str(dtype).removeprefix("torch.")
