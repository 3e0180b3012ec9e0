"""Draws a list on a Ray cluster of two nodes, kills one of them midway, and compares with a run on this machine.

Run it from the checkout: `.venv/bin/python scripts/kill_a_node.py` (Ray must be installed: `pip install ray`). Both
nodes are on this machine, started and stopped by the script. At the end there must be exactly `--items` pictures, none
twice, the manifest and the gallery must know each of them once, and no pixel may differ by more than one level from
the plain run. It prints the seconds for each picture of both runs. The exit code is 0 if all of that is so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kill_the_batch import check_run, compare_runs, list_lines

# On a machine of its own a worker need not give way to anybody.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}


def main() -> int:
    """Read the arguments; be the child that draws, or the one who kills a node."""
    parser = argparse.ArgumentParser(description="Kill a node of a cluster while it draws.")
    parser.add_argument("--items", type=int, default=500, help="pictures in the list (%(default)s)")
    parser.add_argument("--steps", type=int, default=4, help="solver steps of each picture (%(default)s)")
    parser.add_argument("--batch", type=int, default=4, help="pictures to draw at a time (%(default)s)")
    parser.add_argument("--home", type=Path, default=None, help="folder to work in, which stays")
    parser.add_argument("--fake", action="store_true", help="draw with an engine of paper")
    parser.add_argument("--plain", default="plain", help="folder of the plain run; one that is there is used")
    parser.add_argument("--no-kill", action="store_true", help="leave both nodes alive, to measure")
    parser.add_argument("--child", nargs=argparse.REMAINDER, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        run_command(arguments.child, fake=arguments.fake)
        return 0
    with tempfile.TemporaryDirectory(prefix="sana-desktop-node-kill-") as folder:
        return Trial((arguments.home or Path(folder)).absolute(), arguments).run()


def run_command(line: list[str], *, fake: bool) -> None:
    """What the terminal program does; with `fake`, its engine needs no networks, there as here."""
    from sana_desktop.cli.app import build_app
    from sana_desktop.cli.composition import collaborators

    parts = collaborators()
    if fake:
        parts = replace(parts, make_engine=paper_engine)
    build_app(parts)(line, prog_name="sana-desktop")


def paper_engine(*_: object, **__: object) -> Any:
    """An engine without networks. Ray sends this function to the nodes, which look for the engine where it is here."""
    sys.path.append(str(TESTS))
    from support.fake_engine import FakeEngine

    return FakeEngine(on_step=lambda step: time.sleep(0.02))


TESTS = Path(__file__).resolve().parent.parent / "tests"


class Trial:
    """Draws one list in two folders: here, and on two nodes of which one dies."""

    def __init__(self, home: Path, arguments: argparse.Namespace) -> None:
        self._home = home
        self._arguments = arguments
        self._list = home / "list.txt"

    def run(self) -> int:
        """Do both, say what was found; 0 if all is well."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._list.write_text("\n".join(list_lines(self._arguments.items)) + "\n", encoding="utf-8")
        problems: list[str] = []
        if not (self._home / self._arguments.plain / "manifest.jsonl").exists():
            began = time.monotonic()
            code, said = self._wait(self._start(self._arguments.plain))
            print(f"plain: {time.monotonic() - began:.1f} s with the start, {said.splitlines()[-1:]}", flush=True)
            problems += [f"the plain run ended with {code}: {said[-500:]}"] if code else []
        problems += self._on_the_cluster()
        problems += compare_runs(self._home / self._arguments.plain, self._home / "cluster", self._arguments.items)
        for name in (self._arguments.plain, "cluster"):
            problems += check_run(self._home / name, self._home / "home")
        for problem in problems:
            print(f"problem: {problem}")
        print(f"problems: {len(problems)}")
        return 1 if problems else 0

    def _on_the_cluster(self) -> list[str]:
        os.environ.update(QUIET)
        os.environ["SANA_DESKTOP_HOME"] = str(self._home / "home")
        # Imported here because --help needs none of it.
        from ray.cluster_utils import Cluster

        memory: dict[str, Any] = {"object_store_memory": 200 * 2**20}
        cluster: Any = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, **memory}
        )
        try:
            nodes: list[Any] = [cluster.add_node(num_cpus=1, **memory) for _ in range(2)]
            cluster.wait_for_nodes()
            began = time.monotonic()
            child = self._start("cluster", "--cluster", "ray", environment={"RAY_ADDRESS": str(cluster.address)})
            folder, half = self._home / "cluster", self._arguments.items // 2
            while child.poll() is None and len(list(folder.glob("*.png"))) < half:
                time.sleep(0.05)
            there = len(list(folder.glob("*.png")))
            if child.poll() is None and not self._arguments.no_kill:
                cluster.remove_node(nodes[0], allow_graceful=False)
                print(f"killed a node of two after {there} pictures", flush=True)
            code, said = self._wait(child)
            print(f"cluster: {time.monotonic() - began:.1f} s with the start; it said: {said[-600:]}", flush=True)
            return [f"the run on the cluster ended with {code}: {said[-800:]}"] if code else []
        finally:
            cluster.shutdown()

    def _start(self, name: str, *more: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        line = ["batch", str(self._list), "--out", str(self._home / name), "--seed", "7"]
        line += ["--steps", str(self._arguments.steps), "--jobs-per-batch", str(self._arguments.batch), *more]
        fake = ["--fake"] if self._arguments.fake else []
        return subprocess.Popen(
            [sys.executable, __file__, *fake, "--child", *line],
            env=os.environ | QUIET | {"SANA_DESKTOP_HOME": str(self._home / "home")} | dict(environment or {}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _wait(self, child: "subprocess.Popen[str]") -> tuple[int, str]:
        _, said = child.communicate()
        return child.returncode, said


if __name__ == "__main__":
    sys.exit(main())
