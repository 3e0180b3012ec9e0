"""What a Ray cluster costs for each picture: the same list drawn here and on a local cluster, by an instant engine.

Run it from the checkout: `.venv/bin/python -m benchmarks.cluster_overhead` (Ray must be installed). The engine draws a
gradient in no time, so what is measured is everything else: here, saving; on the cluster, also handing out and taking
back. The machine that runs the command has to do this for every picture of all others, so its seconds for a picture
say how many engines it can keep busy. A round is one measurement of each, in turn; the figures are medians.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.record import ROOT, append_row
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.metadata import PictureKind
from sana_desktop.services.batch.cluster import ClusterJobs
from sana_desktop.services.batch.jobs import OpenJobs
from sana_desktop.services.batch.manifest import Manifest, RunHead
from sana_desktop.services.batch.prompt_list import Item
from sana_desktop.services.batch.ray_workers import QUIET, RayWorkers
from sana_desktop.services.batch.running import BatchRun, ItemSaved, RunEvent, jobs_here

RESULTS = ROOT / "benchmarks" / "results" / "cluster_overhead.csv"
TESTS = ROOT / "tests"
# Until then engines are started.
WARM = 8


def main() -> int:
    """Measure, print, and with --record add rows."""
    parser = argparse.ArgumentParser(description="What does a cluster cost for each picture?")
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 1024], help="sides (%(default)s)")
    parser.add_argument("--pictures", type=int, default=100, help="of each measurement (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each (%(default)s)")
    parser.add_argument("--nodes", type=int, default=2, help="of the cluster, all on this machine (%(default)s)")
    parser.add_argument("--record", action="store_true", help="add a row for each to the results")
    arguments = parser.parse_args()
    # Workers would give way to everything else on this machine, and measure that.
    os.environ.update({**QUIET, "RAY_worker_niceness": "0"})
    # Imported here because --help needs none of it.
    from ray.cluster_utils import Cluster

    memory: dict[str, Any] = {"object_store_memory": 300 * 2**20}
    cluster: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, **memory})
    try:
        for _ in range(arguments.nodes):
            cluster.add_node(num_cpus=1, **memory)
        cluster.wait_for_nodes()
        there: OpenJobs = partial(ClusterJobs, partial(RayWorkers, str(cluster.address), paper_engine, QUIET))
        for side in arguments.sizes:
            here: list[float] = []
            away: list[float] = []
            for _ in range(arguments.rounds):
                here.append(seconds(jobs_here(paper_engine), side, arguments.pictures))
                away.append(seconds(there, side, arguments.pictures))
            row = {
                "side": side,
                "pictures": arguments.pictures,
                "nodes": arguments.nodes,
                "plain_ms": round(1000 * median(here), 2),
                "cluster_ms": round(1000 * median(away), 2),
                "overhead_ms": round(1000 * (median(away) - median(here)), 2),
            }
            print(row, flush=True)
            if arguments.record:
                append_row(RESULTS, row)
    finally:
        cluster.shutdown()
    return 0


def seconds(open_jobs: OpenJobs, side: int, pictures: int) -> float:
    """For each picture, once the first ones are there."""
    times: list[float] = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, ItemSaved):
            times.append(time.perf_counter())

    with tempfile.TemporaryDirectory(prefix="sana-desktop-cluster-") as folder:
        book = Manifest.begin(Path(folder) / "manifest.jsonl", RunHead(base_seed=1))
        run = BatchRun(
            open_jobs, book, Path(folder), PictureKind.PNG, ".png", listen,
            free_bytes=lambda path: 10**12, batch=1, ahead=64,
        )  # fmt: skip
        run.draw(items(side, pictures + WARM))
        book.close()
    return (times[-1] - times[WARM - 1]) / (len(times) - WARM)


def items(side: int, many: int) -> Sequence[Item]:
    """So many pictures of one size."""
    return [Item(number, number + 1, recipe(side, number), "a fox") for number in range(many)]


def recipe(side: int, seed: int) -> Recipe:
    """One step, which takes no time."""
    return Recipe(
        prompt="a fox", size=Size(side, side), steps=1, guidance=4.0, seed=seed, solver=Solver.FLOW_DPM, pack="toy"
    )


def paper_engine() -> Any:
    """An engine without networks. Ray sends this function to the nodes, which look for the engine where it is here."""
    sys.path.append(str(TESTS))
    from support.fake_engine import FakeEngine

    return FakeEngine()


if __name__ == "__main__":
    sys.exit(main())
