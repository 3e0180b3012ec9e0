"""The slice of `benchmarks.gpu` about memory: a whole picture by the product's engine on a card that has less of it.

    python -m benchmarks.gpu_caps PACK --cap 8 --sizes 1024 --steps 4 [--peer] [--plan lean] [--precision nf4]

A process per cap, because the limit is a process's own. The engine chooses plan and precision for so much memory as it
always does; nothing is told to it. `--peer` draws with diffusers' pipeline under the same limit instead, in bf16, with
its model offload where the whole pipeline does not fit.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu_bench import MIB, Bench, Row

GIB = 2**30
PROMPT = "a red apple on a wooden table beside a window, in the light of an early morning"
STEPS = 4
# Gigabytes of the card, sides of the pictures, precision, and whether diffusers draws; all at once, on one card.
OURS = (
    (16, (1024, 2048), "auto", False),
    (8, (1024, 4096), "auto", False),
    (6, (1024,), "auto", False),
    (4, (1024,), "auto", False),
    (4, (1024,), "nf4", False),
)
PEERS = (
    (16, (1024, 2048), "bf16", True),
    (8, (1024,), "bf16", True),
    (6, (1024,), "bf16", True),
    (4, (1024,), "bf16", True),
)
SECONDS = 38.0


def caps(bench: Bench) -> Iterator[Row]:
    """Whole pictures by the product's engine, and by diffusers, where 16, 8, 6 or 4 GB of the card are usable."""
    if bench.packs is None or not (bench.packs / "pack").is_dir():
        yield {"name": "caps", "note": "needs --packs FOLDER, made by python -m benchmarks.gpu_packs FOLDER"}
        return
    for group in (OURS, PEERS):
        yield from _at_once(bench, group)


def _at_once(bench: Bench, group: tuple[tuple[int, tuple[int, ...], str, bool], ...]) -> Iterator[Row]:
    """All of a group in processes side by side: what memory they take does not depend on it, what time does."""
    assert bench.packs is not None
    children: list[tuple[Row, Any, Any]] = []
    for cap, sizes, precision, peer in group:
        command = [sys.executable, "-m", "benchmarks.gpu_caps", str(bench.packs / "pack"), "--cap", str(cap)]
        command += ["--sizes", *(str(size) for size in sizes), "--precision", precision, "--device", str(bench.device)]
        log = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed below, when the child has ended
        child = subprocess.Popen([*command, *(["--peer"] if peer else [])], stdout=log, stderr=subprocess.STDOUT)
        who = "diffusers" if peer else "ours"
        children.append(({"name": who, "cap_gb": cap, "precision": precision}, child, log))
    until = time.monotonic() + SECONDS
    for row, child, log in children:
        try:
            child.wait(max(1.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        log.seek(0)
        said = log.read()
        log.close()
        found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        yield from (row | one for one in found)
        if child.returncode != 0:
            bench.keep_fault(row, RuntimeError(said[-6000:]))
            last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
            yield row | {"note": f"ended with {child.returncode}: {last[:200]}"}


def main() -> int:
    """Draw under one cap and print a line of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--cap", type=float, required=True, help="gigabytes (2^30) of the card that may be used")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1024])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    if options.device.startswith("cuda"):
        total = torch.cuda.mem_get_info(0)[1]
        torch.cuda.set_per_process_memory_fraction(min(1.0, options.cap * GIB / total), 0)
    if options.peer:
        _draw_by_diffusers(options)
    else:
        _draw(options)
    return 0


def _say(row: Row) -> None:
    print(json.dumps(row), flush=True)


def _draw(options: argparse.Namespace) -> None:
    # Imported here because diffusers' side needs none of it.
    from sana_desktop.domain.cancel import CancelToken
    from sana_desktop.domain.choices import Precision, PreviewChoice, PreviewWish
    from sana_desktop.domain.events import MemoryShort, Notice
    from sana_desktop.domain.sizes import Size
    from sana_desktop.engine.engine import Engine
    from sana_desktop.services.memory_book import MemoryBook
    from sana_desktop.services.usual_recipe import usual_recipe
    from sana_desktop.system.hardware import Gpu, Hardware
    from sana_desktop.system.packs import read_pack
    from sana_desktop.system.resources import resources_folder

    manifest, cap = read_pack(options.pack), int(options.cap * GIB)
    on_card = options.device.startswith("cuda")
    gpu = Gpu(name="capped", memory_total=cap, memory_free=cap) if on_card else None
    hardware = Hardware(memory_total=2**36, memory_free=2**36, gpu=gpu, processor="", fast_bf16=True)
    book = MemoryBook(read=lambda: hardware)
    book.look()
    with tempfile.TemporaryDirectory(dir=options.pack.parent, prefix="home-") as temporary:
        home = Path(temporary)
        engine = Engine(
            lambda _: manifest,
            home / "cache",
            home / "journal",
            resources_folder(),
            preview_wish=lambda: PreviewWish(PreviewChoice.LINEAR),
        )
        for place, size in enumerate(options.sizes):
            recipe = replace(
                usual_recipe(manifest),
                # Another one for each, so that every picture reads its prompt.
                prompt=" ".join(PROMPT.split()[place:]),
                size=Size(size, size),
                steps=options.steps,
                seed=place,
                precision=Precision(options.precision),
            )
            forecast = book.forecast(manifest, recipe)
            said: list[Any] = []
            if on_card:
                torch.cuda.reset_peak_memory_stats(0)
            (picture,) = engine.generate(place, (recipe,), said.append, CancelToken())
            engine.forget((recipe,))
            ladder = [f"{event.phase}: {event.plan}" for event in said if isinstance(event, MemoryShort)]
            notices = [event.text for event in said if isinstance(event, Notice)]
            used, times = picture.memory, picture.timings
            known = book.forecast(manifest, recipe, plan=used.plan)
            _say(
                {
                    "size": size,
                    "plan": used.plan.words,
                    "forecast_mib": "" if forecast is None else round(forecast.needed / MIB),
                    "learned_mib": "" if known is None else round(known.needed / MIB),
                    # Of the last phase: statistics begin anew with each.
                    "reserved_mib": round(torch.cuda.max_memory_reserved(0) / MIB) if on_card else 0,
                    "peak_mib": round(used.peak / MIB),
                    "phase": f"{used.encode / MIB:.0f}/{used.sample / MIB:.0f}/{used.decode / MIB:.0f}",
                    "load_s": round(times.load, 2),
                    "encode_s": round(times.encode, 2),
                    "sample_s": round(times.sample, 2),
                    "decode_s": round(times.decode, 2),
                    "ladder": "; ".join(ladder) or "not used",
                    "reason": picture.provenance.precision,
                    "note": " ".join(notices)[:200],
                    "version": picture.provenance.kernels,
                }
            )
            book.learn(manifest, recipe, used)
        engine.close()


def _draw_by_diffusers(options: argparse.Namespace) -> None:
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel
    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline
    from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
    from transformers import Gemma2Model, PreTrainedTokenizerFast

    kinds: Any = (Gemma2Model, SanaTransformer2DModel, AutoencoderDC)
    folders, bf16 = ("text_encoder", "transformer", "vae"), torch.bfloat16
    parts = [
        kind.from_pretrained(options.pack / folder, **{"dtype" if kind is kinds[0] else "torch_dtype": bf16})
        for kind, folder in zip(kinds, folders, strict=True)
    ]
    special: dict[str, Any] = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    tokenizer: Any = PreTrainedTokenizerFast(
        tokenizer_file=str(options.pack / "tokenizer" / "tokenizer.json"), **special
    )
    scheduler: Any = DPMSolverMultistepScheduler
    solver = scheduler(use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=3.0)
    kind: Any = SanaPipeline
    pipeline = kind(tokenizer=tokenizer, text_encoder=parts[0], transformer=parts[1], vae=parts[2], scheduler=solver)
    pipeline.set_progress_bar_config(disable=True)
    weights = sum(tensor.nbytes for part in parts for tensor in part.parameters())
    for size in options.sizes:
        for offload in (False, True):
            if not offload and weights > options.cap * GIB:
                continue
            row: Row = {"size": size, "plan": "model offload" if offload else "all networks stay in memory"}
            if _peer_drew(pipeline, row, size, options, offload=offload):
                break


def _peer_drew(pipeline: Any, row: Row, size: int, options: argparse.Namespace, *, offload: bool) -> bool:
    """Say what a picture by diffusers took; whether there was memory enough."""
    try:
        torch.cuda.reset_peak_memory_stats(0)
        if offload:
            pipeline.enable_model_cpu_offload()
        else:
            pipeline.to(options.device)
        began = time.perf_counter()
        pipeline(
            PROMPT, height=size, width=size, num_inference_steps=options.steps, guidance_scale=4.5,
            use_resolution_binning=False, generator=torch.Generator("cpu").manual_seed(0),
        )  # fmt: skip
        row["seconds"] = round(time.perf_counter() - began, 2)
    except torch.OutOfMemoryError as error:
        row["note"] = f"out of memory: {' '.join(str(error).split())[:120]}"
    row["peak_mib"] = round(torch.cuda.max_memory_allocated(0) / MIB)
    row["reserved_mib"] = round(torch.cuda.max_memory_reserved(0) / MIB)
    _say(row)
    if "note" in row:
        if not offload:
            pipeline.to("cpu")
        gc.collect()
        torch.cuda.empty_cache()
    return "note" not in row


if __name__ == "__main__":
    raise SystemExit(main())
