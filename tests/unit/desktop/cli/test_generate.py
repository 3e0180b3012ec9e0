import json
import os
import signal
from pathlib import Path

import pytest

from sana_desktop.cli.collaborators import FindPack
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.events import Phase
from sana_desktop.domain.recipe import LARGEST_SEED
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PackError
from sana_desktop.gallery.metadata import read_recipe
from sana_desktop.system.paths import AppPaths
from support.fake_engine import FakeEngine
from support.terminal import RANDOM_SEED, Terminal, complete_pack

SMALL = ("--size", "32x32")


def test_a_prompt_becomes_a_picture_whose_path_is_all_of_standard_output(tmp_path: Path):
    terminal = Terminal(tmp_path)

    result = terminal.run("generate", "a red fox")

    assert result.exit_code == 0
    path = Path(result.stdout.removesuffix("\n"))
    assert path.parent.parent == terminal.paths.pictures
    assert path.name.endswith(f"-{RANDOM_SEED}-a-red-fox.png")
    recipe = read_recipe(path)
    assert (recipe.prompt, recipe.size, recipe.steps, recipe.seed) == ("a red fox", Size(128, 128), 4, RANDOM_SEED)
    assert f"seed {RANDOM_SEED}" in result.stderr
    assert "total 4.25 s" in result.stderr


def test_every_option_reaches_the_recipe(tmp_path: Path):
    terminal = Terminal(tmp_path)

    result = terminal.run(
        "generate", "fox", "--negative", "blurry", "--size", "64x32", "--steps", "3", "--guidance", "1.5",
        "--seed", "5", "--solver", "flow-euler", "--pack", "toy", "--precision", "fp32",
        "--conditioning", "official", "--flow-shift", "2", "--emphasis", "weighted",
        "--out", str(tmp_path / "x.webp"),
    )  # fmt: skip

    assert result.exit_code == 0
    recipe = read_recipe(tmp_path / "x.webp")
    assert (recipe.prompt, recipe.negative, str(recipe.size)) == ("fox", "blurry", "64x32")
    assert (recipe.steps, recipe.guidance, recipe.seed, recipe.flow_shift) == (3, 1.5, 5, 2.0)
    assert (recipe.solver, recipe.pack) == (Solver.FLOW_EULER, "toy")
    assert (recipe.precision, recipe.conditioning, recipe.emphasis) == ("fp32", "official", "weighted")


def test_json_gives_one_line_per_picture_and_nothing_else(tmp_path: Path):
    result = Terminal(tmp_path).run("generate", "fox", *SMALL, "--count", "3", "--batch", "2", "--seed", "7", "--json")

    pictures = [json.loads(line) for line in result.stdout.splitlines()]
    assert [picture["seed"] for picture in pictures] == [7, 8, 9]
    assert [read_recipe(Path(picture["path"])).seed for picture in pictures] == [7, 8, 9]


def test_several_pictures_are_drawn_in_batches(tmp_path: Path):
    engine = FakeEngine()
    Terminal(tmp_path, engine).run("generate", "fox", *SMALL, "--count", "3", "--batch", "2", "--seed", "7")

    assert [[recipe.seed for recipe in batch] for batch in engine.batches] == [[7, 8], [9]]


@pytest.mark.parametrize("text", ["a fox\n", "a fox\r\n", "\ufeffa fox", b"a fox"])
def test_a_dash_reads_the_prompt_from_standard_input(tmp_path: Path, text: str | bytes):
    engine = FakeEngine()
    result = Terminal(tmp_path, engine).run("generate", "-", *SMALL, stdin=text)

    assert result.exit_code == 0
    assert engine.batches[0][0].prompt == "a fox"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * 400_001, b"x" * 100_001])
def test_what_is_no_prompt_on_standard_input_is_refused(tmp_path: Path, data: bytes):
    result = Terminal(tmp_path).run("generate", "-", stdin=data)

    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_an_empty_prompt_is_a_prompt(tmp_path: Path):
    assert Terminal(tmp_path).run("generate", "", *SMALL).exit_code == 0


def test_a_prompt_may_begin_with_a_dash(tmp_path: Path):
    engine = FakeEngine()
    Terminal(tmp_path, engine).run("generate", *SMALL, "--", "--size")

    assert engine.batches[0][0].prompt == "--size"


def test_noise_from_a_file_is_recorded(tmp_path: Path):
    noise = tmp_path / "noise.npy"
    noise.write_bytes(b"noise")
    result = Terminal(tmp_path).run(
        "generate", "fox", *SMALL, "--latents", str(noise), "--out", str(tmp_path / "x.png")
    )

    assert result.exit_code == 0
    sha256 = read_recipe(tmp_path / "x.png").latents_sha256
    assert sha256 is not None
    assert len(sha256) == 64


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--size", "1000x1024"), "Width 1000 is not a multiple of 32. Nearest: 992 or 1024."),
        (("--size", "1024x1000"), "Height 1000 is not a multiple of 32. Nearest: 992 or 1024."),
        (("--size", "0x32"), "Width 0 is not between 32 and 8192."),
        (("--size", "big"), "Size “big” was not understood."),
        (("--steps", "0"), "Steps 0 is not between 1 and 1000."),
        (("--steps", "-1"), "Steps -1 is not between 1 and 1000."),
        (("--steps", "many"), "--steps"),
        (("--guidance", "nan"), "Guidance nan is not between 0 and 100."),
        (("--seed", "-1"), f"Seed -1 is not between 0 and {LARGEST_SEED}."),
        (("--seed", str(LARGEST_SEED + 1)), f"Seed {LARGEST_SEED + 1} is not between 0 and"),
        (("--seed", str(LARGEST_SEED), "--count", "2"), "The last of 2 seeds"),
        (("--flow-shift", "0"), "Flow shift 0.0 is not between"),
        (("--solver", "ddim"), "'ddim' is not one of 'flow-dpm', 'flow-euler', 'sprint'"),
        (("--precision", "int4"), "'int4' is not one of"),
        (("--pack", "toi"), "Pack “toi” is not installed."),
        (("--pack", "./nowhere"), "There is no folder"),
        (("--count", "0"), "Count 0 is not between 1 and"),
        (("--count", "1000000000"), "Count 1000000000 is not between 1 and"),
        (("--batch", "0"), "Batch 0 is not between 1 and"),
        (("--latents", "missing.npy"), "missing.npy was not found"),
        (("--latents", "missing.npy", "--count", "2"), "every seed would draw the same"),
        (("--out", "x.gif"), "cannot be written as “.gif”"),
        (("--out", "-"), "standard output"),
        (("--colour",), "--colour"),
    ],
)
def test_bad_input_gets_one_line_exit_code_2_and_leaves_nothing(
    tmp_path: Path, arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
):
    terminal = Terminal(tmp_path / "home")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    result = terminal.run("generate", "fox", *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    [error] = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert told in error
    assert terminal.pictures() == []
    assert not list((tmp_path / "here").iterdir())


def test_an_unknown_pack_is_answered_with_the_one_that_was_meant(tmp_path: Path):
    assert "hint: Did you mean “toy”?" in Terminal(tmp_path).run("generate", "fox", "--pack", "toi").stderr


@pytest.mark.parametrize("arguments", [("--size", "1000x1024"), ("--out", "file/x.png"), ("--out", "taken.png")])
def test_what_can_be_known_before_is_refused_before_the_engine_is_made(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    def refuse(paths: AppPaths, find_pack: FindPack) -> FakeEngine:
        raise AssertionError("the engine was made")

    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "taken.png").write_bytes(b"mine")
    monkeypatch.chdir(tmp_path)

    result = Terminal(tmp_path / "home", make_engine=refuse).run("generate", "fox", *arguments)

    assert result.exit_code == 2
    assert (tmp_path / "taken.png").read_bytes() == b"mine"


def test_a_file_is_replaced_only_when_that_is_asked_for(tmp_path: Path):
    target = tmp_path / "x.png"
    target.write_bytes(b"mine")
    terminal = Terminal(tmp_path)

    refused = terminal.run("generate", "fox", *SMALL, "--out", str(target))
    assert "hint: Choose another name, or allow replacing it with --overwrite." in refused.stderr
    assert target.read_bytes() == b"mine"
    assert terminal.run("generate", "fox", *SMALL, "--out", str(target), "--overwrite").exit_code == 0
    assert read_recipe(target).prompt == "fox"


def test_a_pack_is_found_where_its_path_says_and_the_engine_finds_it_too(tmp_path: Path):
    elsewhere = complete_pack(tmp_path / "elsewhere", "far")
    found: list[Path] = []

    def make_engine(paths: AppPaths, find_pack: FindPack) -> FakeEngine:
        found.extend((find_pack("far").folder, find_pack("toy").folder))
        return FakeEngine()

    terminal = Terminal(tmp_path / "home", make_engine=make_engine)
    result = terminal.run("generate", "fox", *SMALL, "--pack", str(elsewhere))

    assert result.exit_code == 0
    assert found == [elsewhere, terminal.shipped / "toy"]


def test_the_notice_of_the_default_pack_is_shown_and_that_of_a_chosen_one_is_known(tmp_path: Path):
    terminal = Terminal(tmp_path)
    toml = terminal.shipped / "toy" / "pack.toml"
    text = toml.read_text(encoding="utf-8").replace("base_size", 'notice = "Toys only."\nbase_size', 1)
    toml.write_text(text, encoding="utf-8")

    assert "note: Toys only." in terminal.run("generate", "fox", *SMALL).stderr
    assert "Toys only." not in terminal.run("generate", "fox", *SMALL, "--pack", "toy").stderr


def test_an_error_of_the_engine_is_one_line_and_a_hint(tmp_path: Path):
    def on_phase(phase: Phase) -> None:
        if phase is Phase.LOAD:
            raise PackError("The weights are cut short.", hint="Import them again.")

    terminal = Terminal(tmp_path, FakeEngine(on_phase=on_phase))
    result = terminal.run("generate", "fox")

    assert result.exit_code == 2
    assert result.stderr.endswith("error: The weights are cut short.\nhint: Import them again.\n")
    assert terminal.pictures() == []


def test_a_bug_of_the_engine_has_its_own_code_and_a_log(tmp_path: Path):
    def on_phase(phase: Phase) -> None:
        if phase is Phase.SAMPLE:
            raise ZeroDivisionError("division by zero")

    terminal = Terminal(tmp_path, FakeEngine(on_phase=on_phase))
    result = terminal.run("generate", "fox")

    assert result.exit_code == 70
    assert "mistake: ZeroDivisionError: division by zero" in result.stderr
    log = (terminal.paths.logs / "sana-desktop.log").read_text(encoding="utf-8")
    assert log.count("Traceback") == 1
    assert "in on_phase" in log
    assert terminal.pictures() == []


def test_an_interrupt_stops_the_drawing_and_says_how_fast(tmp_path: Path):
    def on_step(step: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert engine.cancel._event.wait(30.0)

    engine = FakeEngine(on_step=on_step)
    terminal = Terminal(tmp_path, engine)
    result = terminal.run("generate", "fox")

    assert result.exit_code == 130
    assert result.stdout == ""
    assert "cancelled 0." in result.stderr
    assert terminal.pictures() == []
    assert engine.closed
