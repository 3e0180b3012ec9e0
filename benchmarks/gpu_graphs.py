"""Guided steps as CUDA graphs against the same steps launched one by one; cond and uncond in one batch or in two.

    python -m benchmarks.gpu_graphs --csv benchmarks/results/gpu_graphs.csv
    python -m benchmarks.gpu_graphs --device cpu --tiny      # checks this script without a GPU

Needs torch, triton, safetensors, transformers and numpy; PYTHONPATH=.:models:kernels where the project is not
installed. Weights are random at the published shapes. What goes wrong is a row with a note, and the rest goes on; after
`--seconds` no other part is begun.

`host_ms` is the processor's time until a step is queued, `ms` the time of a step with others queued behind it,
`first_ms` that of the first step of a kind, which is computed, recorded, replayed and compared. `error` is the largest
difference to the plain step over the largest value, 0 where all bits are the same.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.networks import fast_dtype, random_dit, worst_error
from benchmarks.record import append_row
from sana_desktop.engine.cuda_graphs import step_graphs
from sana_desktop.engine.graphs import OnBlock, StepGraphs
from sana_desktop.engine.guidance import denoiser
from sana_desktop.engine.kernel_record import kernels_used
from sana_desktop.engine.sampling import Denoise
from sana_desktop.engine.sampling.dpm_flow import sample_flow_dpm
from sana_desktop.engine.sampling.schedule import flow_sigmas
from sana_desktop.engine.text_features import TextFeatures
from sana_models.configs import SANA_0_6B, DiTConfig
from sana_models.dit import SanaTransformer, TextContext
from sana_models.dit_blocks import TextKeysValues

Row = dict[str, object]
STEPS, GUIDANCE, SHIFT, LEVEL = 20, 4.5, 3.0, 0.7
# Tokens of the prompt with its instruction, of another prompt, and of the empty negative one.
PROMPT, OTHER_PROMPT, NEGATIVE = 160, 171, 1
BUCKET = 64
# Of one round: as many steps as a picture has, if they are quick.
ROUND_MS = 200.0
TINY = DiTConfig(layers=2, heads=2, head_channels=16, cross_heads=2, cross_head_channels=16, caption_channels=12)
COLUMNS = (
    "name", "size", "dtype", "kernels", "ms", "host_ms", "first_ms", "picture_ms", "first_picture_ms", "together_ms",
    "apart_ms", "together_graph_ms", "apart_graph_ms", "error", "same_bits", "held_mib", "peak_mib", "words", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured with."""

    device: torch.device
    dtype: torch.dtype
    network: SanaTransformer
    rounds: int
    steps: int

    def graphs(self) -> StepGraphs:
        """Recordings of the device; on a processor, what passes for them."""
        return step_graphs(self.device) if self.device.type == "cuda" else StepGraphs(_Again())

    def denoise(self, graphs: StepGraphs | None = None, prompt: int = PROMPT) -> Denoise:
        """A guided step as the engine takes it."""
        cond, uncond = (_text(self.network.config, tokens) for tokens in (prompt, NEGATIVE))
        return denoiser(self.network, cond, uncond, GUIDANCE, dtype=self.dtype, device=self.device, graphs=graphs)

    def latents(self, size: int) -> Tensor:
        """Noise for a square picture."""
        noise = torch.randn(1, 32, size // 32, size // 32, generator=torch.Generator().manual_seed(0))
        return noise.to(self.device)

    def settle(self) -> None:
        """Wait until the GPU has done what it was told."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def once_ms(self, run: Callable[[], object]) -> float:
        """Milliseconds of one run, its work on the GPU included."""
        self.settle()
        began = time.perf_counter()
        run()
        self.settle()
        return round(1e3 * (time.perf_counter() - began), 3)

    def ms(self, run: Callable[[], object]) -> float:
        """Milliseconds of a run among others that are queued behind it, the median of some rounds."""
        run()
        count = max(2, min(self.steps, int(ROUND_MS / max(self.once_ms(run), 1e-3))))

        def many() -> None:
            for _ in range(count):
                run()

        return round(median(self.once_ms(many) for _ in range(self.rounds)) / count, 3)

    def host_ms(self, run: Callable[[], object]) -> float:
        """Milliseconds until a run is queued on an idle GPU, the median of some."""
        taken: list[float] = []
        for _ in range(self.steps):
            self.settle()
            began = time.perf_counter()
            run()
            taken.append(time.perf_counter() - began)
        self.settle()
        return round(1e3 * median(taken), 3)

    def peak_mib(self, run: Callable[[], object]) -> float:
        """Most memory that tensors took during a run, over what was there; 0 on a CPU."""
        if self.device.type != "cuda":
            return 0.0
        self.settle()
        torch.cuda.reset_peak_memory_stats(self.device)
        before = torch.cuda.memory_allocated(self.device)
        run()
        self.settle()
        return round((torch.cuda.max_memory_allocated(self.device) - before) / 2**20, 1)


def steps(bench: Bench, size: int) -> Iterator[Row]:
    """A guided step launched operation by operation and replayed; then with another prompt and text length."""
    latents = bench.latents(size)
    plain = bench.denoise()
    expected = plain(latents, LEVEL)
    run = partial(plain, latents, LEVEL)
    yield {
        "name": "plain step",
        "size": size,
        "ms": bench.ms(run),
        "host_ms": bench.host_ms(run),
        "peak_mib": bench.peak_mib(run),
    }
    graphs = bench.graphs()
    replayed = bench.denoise(graphs)
    first_ms = bench.once_ms(partial(replayed, latents, LEVEL))
    # Another level and then this one: a recording must not keep the numbers that it was made with.
    replayed(latents + 1, LEVEL / 2)
    yield _replay_row(bench, "graph step", size, replayed, expected, graphs, first_ms)
    other = bench.denoise(graphs, OTHER_PROMPT)
    first_ms = bench.once_ms(partial(other, latents, LEVEL))
    expected = bench.denoise(prompt=OTHER_PROMPT)(latents, LEVEL)
    yield _replay_row(bench, "graph step, another text length", size, other, expected, graphs, first_ms)
    graphs.forget()


def _replay_row(
    bench: Bench, name: str, size: int, replayed: Denoise, expected: Tensor, graphs: StepGraphs, first_ms: float
) -> Row:
    latents = bench.latents(size)
    run = partial(replayed, latents, LEVEL)
    found = run()
    row: Row = {"name": name, "size": size, "first_ms": first_ms} | _errors(found, expected)
    row["words"] = graphs.take_words()
    return row | {
        "ms": bench.ms(run),
        "host_ms": bench.host_ms(run),
        "held_mib": round(graphs.held_bytes / 2**20, 1),
        "peak_mib": bench.peak_mib(run),
    }


def pictures(bench: Bench, size: int) -> Iterator[Row]:
    """All steps of a picture: the first one of its kind, which records, and the next one."""
    noise, sigmas = bench.latents(size), flow_sigmas(bench.steps, SHIFT)

    def draw(graphs: StepGraphs | None) -> Tensor:
        return sample_flow_dpm(bench.denoise(graphs), noise, sigmas, lambda _: None)

    expected = draw(None)
    for name, graphs in (("plain picture", None), ("graph picture", bench.graphs())):
        first_ms = bench.once_ms(partial(draw, graphs))
        taken: float = median(bench.once_ms(partial(draw, graphs)) for _ in range(bench.rounds))
        row: Row = {"name": name, "size": size, "first_picture_ms": first_ms, "picture_ms": taken}
        yield row | _errors(draw(graphs), expected) | {"words": "" if graphs is None else graphs.take_words()}


def one_or_two(bench: Bench, size: int) -> Iterator[Row]:
    """The rows [uncond, cond] in one pass, which needs a mask, and in two passes, which need none."""
    latents = bench.latents(size)
    time_1 = torch.full((1,), 1000 * LEVEL, device=bench.device)
    both = _context(bench, [NEGATIVE, PROMPT])
    each = [_context(bench, [tokens]) for tokens in (NEGATIVE, PROMPT)]

    def together(inputs: Sequence[Tensor], on_block: OnBlock | None) -> Tensor:
        rows = inputs[0].to(bench.dtype).repeat(2, 1, 1, 1)
        return bench.network(rows, inputs[1], both, None, on_block).float()

    def apart(inputs: Sequence[Tensor], on_block: OnBlock | None) -> Tensor:
        row = inputs[0].to(bench.dtype)
        return torch.cat([bench.network(row, inputs[1], text, None, on_block).float() for text in each])

    inputs = [latents, time_1]
    row: Row = {"name": "one pass or two", "size": size} | _errors(apart(inputs, None), together(inputs, None))
    for name, program in (("together", together), ("apart", apart)):
        row[f"{name}_ms"] = bench.ms(partial(program, inputs, None))
        graphs = bench.graphs()
        row[f"{name}_graph_ms"] = bench.ms(partial(graphs.run, bench.network, name, program, inputs, None))
        row["words"] = graphs.take_words()
        graphs.forget()
    yield row


def padded(bench: Bench, size: int) -> Iterator[Row]:
    """Whether a text filled up to a round length, and masked, gives the same bits: then lengths need no keys."""
    latents = bench.latents(size).to(bench.dtype).repeat(2, 1, 1, 1)
    time_1 = torch.full((1,), 1000 * LEVEL, device=bench.device)
    text = _context(bench, [NEGATIVE, PROMPT])
    assert text.mask_B11L is not None
    more = -text.mask_B11L.shape[-1] % BUCKET
    blocks = tuple(TextKeysValues(*(functional.pad(part, (0, 0, 0, more)) for part in block)) for block in text.blocks)
    longer = TextContext(blocks, functional.pad(text.mask_B11L, (0, more), value=False))
    found, expected = (bench.network(latents, time_1, one).float() for one in (longer, text))
    yield {"name": f"text filled up to a multiple of {BUCKET}", "size": size} | _errors(found, expected)


def _errors(found: Tensor, expected: Tensor) -> Row:
    return {"error": worst_error(found, expected), "same_bits": torch.equal(found, expected)}


def _text(config: DiTConfig, tokens: int) -> TextFeatures:
    states = torch.randn(1, tokens, config.caption_channels, generator=torch.Generator().manual_seed(tokens))
    return TextFeatures(states, torch.ones(1, tokens))


def _context(bench: Bench, lengths: Sequence[int]) -> TextContext:
    """The texts of so many tokens, prepared; masked where their lengths differ."""
    config, longest = bench.network.config, max(lengths)
    states = torch.zeros(len(lengths), longest, config.caption_channels)
    mask = torch.zeros(len(lengths), longest, dtype=torch.bool)
    for row, tokens in enumerate(lengths):
        states[row, :tokens] = _text(config, tokens).states_1LE[0]
        mask[row, :tokens] = True
    return bench.network.prepare_text(states.to(bench.device, bench.dtype), mask.to(bench.device))


class _Again:
    """Passes for a recorder where there is no GPU: a replay computes again."""

    output: Tensor

    def rehearse(self, run: Callable[[], Tensor]) -> Tensor:
        """Run."""
        return run()

    def needed(self) -> int:
        """Nothing."""
        return 0

    def room(self) -> int:
        """Some."""
        return 1

    def held(self) -> int:
        """Nothing."""
        return 0

    def record(self, run: Callable[[], Tensor]) -> "_Again":
        """A copy of this that runs when it is replayed."""
        made = _Again()
        made._run, made.output = run, run()
        return made

    def replay(self) -> None:
        """Run again."""
        self.output.copy_(self._run())

    def release(self) -> None:
        """Nothing to release."""

    _run: Callable[[], Tensor]


def parts(tiny: bool) -> list[tuple[Callable[[Bench, int], Iterator[Row]], int]]:
    """What is measured, the most important first."""
    small, middle, large = (64, 96, 128) if tiny else (512, 1024, 2048)
    return [
        (steps, small),
        (steps, middle),
        (pictures, small),
        (pictures, middle),
        (one_or_two, small),
        (one_or_two, middle),
        (one_or_two, large),
        (padded, middle),
    ]


@torch.inference_mode()
def measure(bench: Bench, tiny: bool, seconds: float) -> Iterator[Row]:
    """All rows; what fails is one that says so."""
    began = time.monotonic()
    yield {"name": "kernels", "kernels": kernels_used(bench.device, bench.dtype)}
    for part, size in parts(tiny):
        if time.monotonic() - began > seconds:
            yield {"name": part.__name__, "size": size, "note": "left out: the time is used up"}
            continue
        try:
            yield from part(bench, size)
        except Exception as error:  # noqa: BLE001  # whatever a machine's libraries do, the other rows are wanted
            yield {"name": part.__name__, "size": size, "note": f"{type(error).__name__}: {error}"[:300]}


def main() -> int:
    """Print the rows, and keep them if a table is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=25.0)
    parser.add_argument("--tiny", action="store_true", help="a small network and sizes, to check this script")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    device = torch.device(options.device, 0) if options.device == "cuda" else torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("torch finds no CUDA device here; --device cpu --tiny checks the script without one")
        return 2
    dtype = fast_dtype(device)
    network = random_dit(TINY if options.tiny else SANA_0_6B, dtype, device)
    bench = Bench(device, dtype, network, 1 if options.tiny else options.rounds, 3 if options.tiny else STEPS)
    gpu = torch.cuda.get_device_name(device) if device.type == "cuda" else "none"
    for row in measure(bench, options.tiny, options.seconds):
        row["dtype"] = str(dtype).removeprefix("torch.")
        assert set(row) <= set(COLUMNS), f"columns nobody planned: {set(row) - set(COLUMNS)}"
        print("  ".join(f"{column}={row[column]}" for column in COLUMNS if column in row), flush=True)
        if options.csv is not None:
            append_row(options.csv, {"gpu": gpu} | {column: row.get(column, "") for column in COLUMNS})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
