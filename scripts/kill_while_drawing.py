"""Kills the program again and again while it draws, and looks whether anything is lost.

Run it from the checkout: `.venv/bin/python scripts/kill_while_drawing.py --kills 30`. Every start of the
program is a child process with the real queue, journal and saver; it takes up what the one before it left, and
is killed (SIGKILL) at a random moment while it samples, decodes or saves. Between two starts everything on
the disk is compared with what was accepted and what was said to be saved; at the end one start is left alone
to finish. The exit code is 0 if nothing was lost, nothing is half and nothing was drawn twice.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO

from PIL import Image

from sana_desktop.cli.composition import make_engine, prepare_environment, shipped_packs
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.events import (
    Event,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    Phase,
    PhaseStarted,
    PictureSaved,
)
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import KnownError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.services.generation import GenerationQueue
from sana_desktop.services.queue_journal import FILE_NAME, QueueJournal
from sana_desktop.services.saving import PictureSaver, plan_output
from sana_desktop.system.packs import read_pack
from sana_desktop.system.paths import AppPaths

TESTS = Path(__file__).resolve().parents[1] / "tests"

PHASES = (Phase.SAMPLE, Phase.DECODE, Phase.SAVE)
SUBJECTS = ("a red apple", "a blue car", "a green tree", "a yellow star", "a purple flower", "a brown dog")
# How many pictures wait at least when a start is killed, so that there is something to lose.
FEWEST_OPEN = 6

Picked = tuple[str, int]


@dataclass(frozen=True)
class Order:
    """What is asked for: the prompt is different for every order and tells whose a picture is."""

    prompt: str
    seed: int
    count: int
    batch: int


def main() -> int:
    """Read the arguments and be the child or the one who kills it."""
    parser = argparse.ArgumentParser(description="Kill the program while it draws, and look what is lost.")
    parser.add_argument("--kills", type=int, default=30, help="how often (%(default)s)")
    parser.add_argument("--fake", action="store_true", help="draw gradients instead of loading the starter pack")
    parser.add_argument(
        "--stretch",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="wait so long before and after a file is written, to hit these moments",
    )
    parser.add_argument("--random", type=int, default=None, help="seed of the moments, to try them again")
    parser.add_argument("--home", type=Path, default=None, help="an empty folder to work in")
    parser.add_argument("--child", default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        orders = [Order(**order) for order in json.loads(arguments.child)]
        return draw(AppPaths.below(arguments.home), orders, fake=arguments.fake, stretch=arguments.stretch)
    seed = random.randrange(10**6) if arguments.random is None else arguments.random
    print(f"moments from --random {seed}")
    if arguments.home is not None:
        return Killer(arguments.home, arguments, random.Random(seed)).run()
    with tempfile.TemporaryDirectory(prefix="sana-desktop-kills-") as home:
        return Killer(Path(home), arguments, random.Random(seed)).run()


def draw(paths: AppPaths, orders: list[Order], *, fake: bool, stretch: float) -> int:
    """Take up what was left, accept `orders`, draw everything, and say on standard output what happens."""
    prepare_environment(os.environ)
    make, new_recipe = _fake_collaborators() if fake else _real_collaborators(paths)
    with QueueJournal(paths.data / FILE_NAME) as journal:

        def announce(job: int, picture: Picture, path: Path) -> None:
            journal.announce(job, picture, path)
            time.sleep(stretch)

        saver = PictureSaver(plan_output(None, paths.pictures), announce=announce)

        def save(job: int, picture: Picture) -> Path:
            path = saver(job, picture)
            time.sleep(stretch)
            return path

        with GenerationQueue(make, save, tell, journal) as queue:
            queue.restore()
            queue.pause()
            for order in orders:
                queue.submit(new_recipe(order), order.count, order.batch)
            # What was accepted a few milliseconds ago is safe; waiting for that makes the comparison exact.
            journal.flush()
            say({"ready": True})
            queue.resume()
            queue.wait_all()
    say({"done": True})
    return 0


def tell(event: Event) -> None:
    """Say an event in one line."""
    match event:
        case JobQueued(order=order):
            say({"queued": event.job, "prompt": order.recipe.prompt, "seed": order.recipe.seed,
                 "count": order.count, "done": event.done})  # fmt: skip
        case JobStarted():
            say({"started": event.job, "prompt": event.recipe.prompt})
        case PhaseStarted():
            say({"phase": event.phase.value})
        case PictureSaved():
            recipe = event.picture.recipe
            say({"saved": str(event.path), "prompt": recipe.prompt, "seed": recipe.seed})
        case JobFailed():
            say({"failed": f"{event.error} {getattr(event.error, 'details', '')}"})
        case JobFinished():
            say({"finished": event.job})
        case _:
            pass


def say(line: dict[str, object]) -> None:
    """Write a line in one piece, whatever ends this process next."""
    os.write(sys.stdout.fileno(), f"{json.dumps(line)}\n".encode())


def _real_collaborators(paths: AppPaths) -> tuple[Callable[[], PictureEngine], Callable[[Order], Recipe]]:
    pack = read_pack(shipped_packs())

    def recipe(order: Order) -> Recipe:
        return Recipe(
            prompt=order.prompt,
            size=Size(pack.base_size, pack.base_size),
            steps=pack.default_steps,
            guidance=pack.default_guidance,
            seed=order.seed,
            solver=pack.default_solver,
            pack=pack.id,
        )

    return lambda: make_engine(paths, lambda _: pack), recipe


def _fake_collaborators() -> tuple[Callable[[], PictureEngine], Callable[[Order], Recipe]]:
    sys.path.insert(0, str(TESTS))
    # Imported here because only the checkout has it.
    from support.fake_engine import FakeEngine
    from support.recipes import recipe as plain_recipe

    def engine() -> PictureEngine:
        return FakeEngine(on_step=lambda step: time.sleep(0.005), on_phase=_decode_slowly)

    return engine, lambda order: plain_recipe(prompt=order.prompt, seed=order.seed, size=Size(64, 64), steps=4)


def _decode_slowly(phase: Phase) -> None:
    if phase is Phase.DECODE:
        time.sleep(0.01)


@dataclass
class Ledger:
    """What the program accepted and what it said to be on the disk."""

    orders: dict[str, Order] = field(default_factory=dict[str, Order])
    saved: dict[Path, Picked] = field(default_factory=dict[Path, Picked])
    running: str | None = None

    def wanted(self) -> set[Picked]:
        """Every picture that was ordered."""
        return {(order.prompt, order.seed + number) for order in self.orders.values() for number in range(order.count)}


@dataclass
class Start:
    """One start of the program, from what it said."""

    queued: dict[str, int] = field(default_factory=dict[str, int])
    phase: str = "start"
    finished_everything: bool = False
    complaints: list[str] = field(default_factory=list[str])


class Killer:
    """Starts, kills, compares, and prints a row for every start."""

    def __init__(self, home: Path, arguments: argparse.Namespace, chance: random.Random) -> None:
        self._home = home
        self._paths = AppPaths.below(home)
        self._arguments = arguments
        self._chance = chance
        self._ledger = Ledger()
        self._durations = {Phase.SAMPLE: [0.05], Phase.DECODE: [0.02], Phase.SAVE: [0.01]}
        self._problems: list[str] = []

    def run(self) -> int:
        """All starts, the last one left alone; returns the exit code."""
        print("kill  aimed at  hit in   saved  waiting  parts  problems")
        hits: Counter[str] = Counter()
        for number in range(1, self._arguments.kills + 1):
            aim = PHASES[number % len(PHASES)]
            start = self._start(aim)
            hits[start.phase] += 1
            self._row(str(number), aim.value, start)
        start = self._start(None)
        self._row("last", "nothing", start)
        if not start.finished_everything:
            self._problems.append("the last start did not finish")
        return self._report(hits)

    def _start(self, aim: Phase | None) -> Start:
        """Let the program run until it has come to `aim`, kill it a random moment later, and compare."""
        left = self._left()
        new = self._new_orders(sum(left.values())) if aim is not None else []
        command = [sys.executable, __file__, "--home", str(self._home), "--child", json.dumps([vars(o) for o in new])]
        command += ["--fake"] if self._arguments.fake else []
        command += ["--stretch", str(self._arguments.stretch)]
        interrupted, self._ledger.running = self._ledger.running, None
        self._ledger.orders.update((order.prompt, order) for order in new)
        start = Start()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            self._listen(child.stdout, start, aim)
            if aim is not None:
                time.sleep(self._chance.uniform(0, median(self._durations[aim][-9:])))
                child.kill()
                # What it said until then still lies in the pipe.
                self._listen(child.stdout, start, None)
        if child.returncode not in (0, -signal.SIGKILL):
            start.complaints.append(f"the program ended with code {child.returncode}")
        self._compare_restored(start, left, interrupted)
        self._problems += start.complaints
        self._compare_disk(start)
        return start

    def _listen(self, lines: IO[str], start: Start, aim: Phase | None) -> None:
        """Take down what the program says, until it comes to the phase `aim`, or has no more to say."""
        # Not always the first picture of a start.
        meetings = self._chance.randint(1, 3)
        since = time.monotonic()
        for line in lines:
            if not line.endswith("\n"):
                break
            said = json.loads(line)
            if aim is not None and ("phase" in said or "saved" in said):
                self._learn(start.phase, time.monotonic() - since)
                since = time.monotonic()
            self._note(said, start)
            if aim is not None and said.get("phase") == aim.value:
                meetings -= 1
                if meetings == 0:
                    return

    def _learn(self, phase: str, seconds: float) -> None:
        """Know how long a phase lasts, so that every moment of it may be hit."""
        if phase in PHASES:
            self._durations[Phase(phase)].append(seconds)

    def _note(self, said: dict[str, object], start: Start) -> None:
        prompt = str(said.get("prompt"))
        if "queued" in said:
            start.queued[prompt] = int(str(said["done"]))
        elif "started" in said:
            self._ledger.running = prompt
        elif "phase" in said:
            start.phase = str(said["phase"])
        elif "saved" in said:
            start.phase = "between"
            self._ledger.saved[Path(str(said["saved"]))] = (prompt, int(str(said["seed"])))
        elif "finished" in said:
            self._ledger.running = None
        elif "done" in said:
            start.finished_everything = True
        elif "failed" in said:
            start.complaints.append(str(said))

    def _compare_restored(self, start: Start, left: dict[str, int], interrupted: str | None) -> None:
        """The queue must hold what was accepted and is not on the disk, the interrupted job first."""
        restored = [prompt for prompt in start.queued if prompt in left]
        for prompt, missing in left.items():
            done = self._ledger.orders[prompt].count - missing
            if start.queued.get(prompt) != done:
                start.complaints.append(f"{prompt}: {done} on disk, queue says {start.queued.get(prompt)}")
        if interrupted in left and restored[:1] != [interrupted]:
            start.complaints.append(f"{interrupted} was interrupted and is not the first")
        for prompt in start.queued:
            if prompt not in left and self._ledger.orders[prompt].count == start.queued[prompt]:
                start.complaints.append(f"{prompt} is complete and waits again")

    def _compare_disk(self, start: Start) -> None:
        """Every picture that was said to be saved is whole and itself, and so is every other file."""
        for path, picked in self._ledger.saved.items():
            if not path.is_file():
                start.complaints.append(f"{path.name} was saved and is not there")
            elif self._picture(path) != picked:
                start.complaints.append(f"{path.name} is not the picture that was saved there")
        self._problems += [f"{path.name} cannot be read" for path, picked in self._pictures() if picked is None]

    def _pictures(self) -> Iterator[tuple[Path, Picked | None]]:
        """What somebody who opens the folder sees."""
        for path in sorted(self._paths.pictures.rglob("[!.]*.*")):
            yield path, self._picture(path)

    def _picture(self, path: Path) -> Picked | None:
        try:
            with Image.open(path) as image:
                image.load()
            recipe = read_recipe(path)
        except (OSError, ValueError, SyntaxError, KnownError) as error:
            print(f"{path.name}: {error}")
            return None
        return recipe.prompt, recipe.seed

    def _left(self) -> dict[str, int]:
        """How many pictures each order lacks, without the complete ones, in the order in which they were accepted."""
        there = {picked for _, picked in self._pictures()}
        missing = Counter(prompt for prompt, seed in self._ledger.wanted() if (prompt, seed) not in there)
        return {prompt: missing[prompt] for prompt in self._ledger.orders if missing[prompt]}

    def _new_orders(self, left: int) -> list[Order]:
        orders: list[Order] = []
        while left < FEWEST_OPEN or not orders:
            number = len(self._ledger.orders) + len(orders) + 1
            count, batch = self._chance.randint(1, 4), self._chance.randint(1, 2)
            prompt = f"{self._chance.choice(SUBJECTS)}, number {number}"
            orders.append(Order(prompt, self._chance.randrange(2**32), count, batch))
            left += count
        return orders

    def _parts(self) -> int:
        """Unfinished files, hidden, that nobody will finish."""
        return len(list(self._paths.pictures.rglob(".*.part")))

    def _row(self, number: str, aim: str, start: Start) -> None:
        saved, waiting = len(self._ledger.saved), len(self._left())
        print(f"{number:>4}  {aim:8}  {start.phase:7} {saved:6} {waiting:8} {self._parts():6}  "
              f"{'; '.join(start.complaints) or 'none'}", flush=True)  # fmt: skip

    def _report(self, hits: Counter[str]) -> int:
        wanted = self._ledger.wanted()
        there = Counter(picked for _, picked in self._pictures() if picked is not None)
        missing, foreign = wanted - set(there), set(there) - wanted
        twice = sum(count - 1 for count in there.values())
        print(f"\nkilled in: {', '.join(f'{phase} {count}' for phase, count in sorted(hits.items()))}")
        untold = len(set(there) - set(self._ledger.saved.values()))
        print(f"{untold} pictures were written by a start that was killed before it could say so, and found")
        print(f"ordered {len(wanted)}, on disk {len(there)}, missing {len(missing)}, not ordered {len(foreign)}, "
              f"drawn twice {twice}, hidden unfinished files {self._parts()}")  # fmt: skip
        print(f"problems: {len(self._problems)}")
        for problem in self._problems:
            print(f"  {problem}")
        return 1 if missing or foreign or twice or self._problems else 0


if __name__ == "__main__":
    sys.exit(main())
