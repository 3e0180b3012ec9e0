"""Looks through thousands of damaged prompt lists: none may crash the program, hang it, or make it grow.

Run it from the checkout: `.venv/bin/python scripts/fuzz_the_lists.py --lists 20000`. Lists of all formats are made of
good lines, pieces of syntax and noise, and then damaged: bytes changed, cut, doubled, moved, or in another encoding.
Each is surveyed and its first pictures are made, with random and with all variants. Anything but a picture, a problem
with a place in the list, or a `KnownError` ends with exit code 1 and the list in question.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from sana_desktop.domain.batch.axes import parse_axis
from sana_desktop.domain.batch.lists import ListFormat
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.domain.styles import Style
from sana_desktop.errors import KnownError, PackError
from sana_desktop.services.batch.prompt_list import ListRules, PromptList
from sana_desktop.services.batch.stream import pictures
from sana_desktop.services.batch.survey import survey
from sana_desktop.services.batch.wildcard_files import WildcardFolder
from sana_desktop.system.pack_manifest import PackManifest

LONGEST_SECONDS = 10.0
PIECES = (
    "a red fox", "dog's", '"', "'", "\\", "{", "}", "|", "{a|b}", "{2$$a|b|c}", "{1-2$$ & $$__colours__}", "$$", "::",
    "3::", "__colours__", "__loop__", "__missing__", "__../up__", "__*__", "--prompt", "--seed", "--steps", "--width",
    "--negative_prompt", "--styles ink", "--x", "Steps: 1-5", "Steps: 1-99999999", "Prompt S/R: a,b", "--n_iter 3",
    "--outpath_samples ../x", "--sed", "#", "//", ",", ";", "\t", "\n", "\r\n", "\r", "\0", "\x85", "\u2028", "\ufeff",
    "prompt,seed\n", '{"prompt": "fox", "seed": 1}\n', "[[[[", "NaN", "-1", "1e999", "9" * 40, "(a:1.3)", "é", "🦊",
    " ", "{" * 40, "}" * 40, "{a|b}" * 30,
)  # fmt: skip
FORMATS = (ListFormat.TEXT, ListFormat.CSV, ListFormat.JSONL)
USUAL = Recipe(prompt="", size=Size(256, 256), steps=4, guidance=4.0, seed=0, solver=Solver.FLOW_DPM, pack="toy")


def main() -> int:
    """Read the arguments, fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(description="Look through damaged lists.")
    parser.add_argument("--lists", type=int, default=20_000, help="how many (%(default)s)")
    parser.add_argument("--random", type=int, default=None, help="seed, to try the same lists again")
    arguments = parser.parse_args()
    seed = random.randrange(10**6) if arguments.random is None else arguments.random
    print(f"lists from --random {seed}", flush=True)
    chance, found, slowest = random.Random(seed), Counter[str](), 0.0
    with tempfile.TemporaryDirectory(prefix="sana-desktop-fuzz-") as folder:
        home = Path(folder)
        (home / "wildcards").mkdir()
        (home / "wildcards" / "colours.txt").write_text("red\n{dark|light} blue\n", encoding="utf-8")
        (home / "wildcards" / "loop.txt").write_text("__loop__ __loop__\n", encoding="utf-8")
        for number in range(arguments.lists):
            data, kind = damaged(chance), FORMATS[number % len(FORMATS)]
            (home / "list").write_bytes(data)
            began = time.perf_counter()
            try:
                look(home, kind, chance.random() < 0.5, found)
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                print(f"list {number} ({kind}): {type(error).__name__}: {error}\n{data[:400]!r}")
                return 1
            slowest = max(slowest, time.perf_counter() - began)
            if slowest > LONGEST_SECONDS:
                print(f"list {number} ({kind}) took {slowest:.1f} s\n{data[:400]!r}")
                return 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{arguments.lists} lists: {dict(found)}, slowest {slowest:.2f} s, peak {peak:.0f} MB, crashes: 0")
    return 0


def damaged(chance: random.Random) -> bytes:
    """A list with something wrong with it, most of the time."""
    start = chance.choice(("", "", "prompt,seed,steps\n", "prompt;negative_prompt\n"))
    text = start + "".join(
        chance.choice(PIECES) + chance.choice(("", " ", "\n")) for _ in range(chance.randrange(1, 40))
    )
    data = bytearray(text.encode(chance.choice(("utf-8",) * 12 + ("utf-16", "utf-16-le", "utf-32"))))
    for _ in range(chance.choice((0, 0, 1, 3))):
        if not data:
            break
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 20)]
            case 2:
                data[at:at] = data[: chance.randrange(200)]
            case _:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(8)))
    return bytes(data)


def look(home: Path, kind: ListFormat, combinatorial: bool, found: Counter[str]) -> None:
    """Survey a list and make its first pictures."""
    rules = ListRules(
        usual=USUAL,
        base_seed=1,
        combinatorial=combinatorial,
        axes=(parse_axis("Steps: 1,2"),) if combinatorial else (),
        styles=(Style("ink", "ink of {prompt}"),),
    )
    listed = PromptList(home / "list", kind, rules, find_pack, WildcardFolder(home / "wildcards").values)
    try:
        result = survey(listed)
        found["pictures"] += result.pictures
        for problem in result.problems:
            found[problem.weight] += 1
            check(problem)
        told: list[Problem] = []
        for item in islice(pictures(listed, told.append), 200):
            found["made"] += 1
            assert not item.stem.is_absolute()
            assert ".." not in item.stem.parts
        for problem in told:
            check(problem)
    except KnownError:
        found["refused"] += 1


def check(problem: Problem) -> None:
    """A problem has a place and says something."""
    assert problem.line >= 1
    assert problem.column >= 1
    assert problem.message


def find_pack(name: str) -> PackManifest:
    """No pack at all."""
    raise PackError(f"There is no pack {name[:20]}.")


if __name__ == "__main__":
    sys.exit(main())
