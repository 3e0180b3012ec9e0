import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

from sana_desktop.system.packs import PackManifest, read_pack
from support.packs import manifest, write_pack_file
from support.terminal import Terminal, complete_pack


def test_the_list_begins_with_the_id_and_says_what_is_ready(tmp_path: Path):
    terminal = Terminal(tmp_path)
    write_pack_file(terminal.paths.packs / "half", "half-a-pack")
    broken = terminal.paths.packs / "broken"
    broken.mkdir()
    (broken / "pack.toml").write_text("format = ", encoding="utf-8")

    result = terminal.run("packs", "list")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "half-a-pack   128 px   4 steps  incomplete: no transformer, no vae, no text_encoder, no tokenizer  Toy",
        "toy           128 px   4 steps  ready  Toy",
    ]
    assert result.stderr.startswith(f"warning: {broken} cannot be used: ")
    assert result.stderr.count("\n") == 1


def test_info_tells_what_a_pack_says_about_itself(tmp_path: Path):
    terminal = Terminal(tmp_path)

    result = terminal.run("packs", "info", "toy")

    assert result.exit_code == 0
    lines = {line[:13].strip(): line[14:] for line in result.stdout.splitlines()}
    assert lines["id"] == "toy"
    assert lines["steps"] == "4 with flow-dpm"
    assert lines["transformer"] == "bf16, fp32"
    assert lines["prompt"] == "300 tokens, with instruction"
    assert lines["folder"] == str(terminal.shipped / "toy")
    assert "missing" not in lines


def test_lists_and_info_can_be_json(tmp_path: Path):
    terminal = Terminal(tmp_path)

    listed = [json.loads(line) for line in terminal.run("packs", "list", "--json").stdout.splitlines()]

    assert [pack["id"] for pack in listed] == ["toy"]
    assert json.loads(terminal.run("packs", "info", "toy", "--json").stdout) == listed[0]


def test_offers_say_what_could_be_fetched_without_asking_anybody(tmp_path: Path):
    terminal = Terminal(tmp_path)
    result = terminal.run("packs", "list", "--offers")

    assert result.exit_code == 0
    ids = {line.split()[0] for line in result.stdout.splitlines()}
    assert "sana-600m-512px" in ids
    assert len(ids) == 13
    offers = terminal.run("packs", "list", "--offers", "--json").stdout.splitlines()
    assert {json.loads(line)["id"] for line in offers} == ids


def test_info_names_missing_parts_and_takes_a_folder(tmp_path: Path):
    folder = write_pack_file(tmp_path / "half")

    result = Terminal(tmp_path / "home").run("packs", "info", str(folder))

    assert "missing       transformer, vae, text_encoder, tokenizer" in result.stdout


def test_info_about_an_unknown_pack_asks_which_was_meant(tmp_path: Path):
    result = Terminal(tmp_path).run("packs", "info", "toyy")

    assert result.exit_code == 2
    assert result.stderr == "error: Pack “toyy” is not installed.\nhint: Did you mean “toy”?\n"


def test_import_hands_everything_over_and_prints_the_id(tmp_path: Path):
    handed: dict[str, object] = {}

    def import_pack(source: Path, packs_folder: Path, **options: object) -> PackManifest:
        handed.update(options, source=source, packs_folder=packs_folder)
        return read_pack(complete_pack(packs_folder / "new", "new"))

    terminal = Terminal(tmp_path, import_pack=import_pack)
    result = terminal.run(
        "packs", "import", "file.pth", "--base", "toy", "--name", "new", "--model", "sana", "--vae", "ae.pth"
    )

    assert result.exit_code == 0
    assert result.stdout == "new\n"
    assert "--pack new" in result.stderr
    base = handed["base"]
    assert isinstance(base, PackManifest)
    assert base.id == "toy"
    assert (handed["source"], handed["packs_folder"]) == (Path("file.pth"), terminal.paths.packs)
    assert (handed["pack_id"], handed["model"], handed["vae"]) == ("new", "sana", Path("ae.pth"))
    assert terminal.run("generate", "fox", "--pack", "new", "--size", "32x32").exit_code == 0


def test_a_pack_that_cannot_draw_yet_is_said_to_be_so(tmp_path: Path):
    def import_pack(source: Path, packs_folder: Path, **_: object) -> PackManifest:
        return manifest(packs_folder / "new", "new")

    result = Terminal(tmp_path, import_pack=import_pack).run("packs", "import", "file.pth")

    assert result.exit_code == 0
    assert "cannot draw yet, transformer, vae, text_encoder, tokenizer is missing" in result.stderr


def test_an_import_that_fails_is_one_line_and_a_hint(tmp_path: Path):
    result = Terminal(tmp_path).run("packs", "import", "file.pth")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith("error: file.pth is not a pack.\nhint: Expected a folder.\n")


def test_an_unknown_base_is_refused_before_anything_is_read(tmp_path: Path):
    def import_pack(source: Path, packs_folder: Path, **_: object) -> PackManifest:
        raise AssertionError("the import began")

    result = Terminal(tmp_path, import_pack=import_pack).run("packs", "import", "file.pth", "--base", "tox")

    assert result.exit_code == 2
    assert "Did you mean “toy”?" in result.stderr


def test_an_interrupt_stops_an_import(tmp_path: Path):
    def import_pack(source: Path, packs_folder: Path, *, check: Callable[[], None], **_: object) -> PackManifest:
        os.kill(os.getpid(), signal.SIGINT)
        check()
        raise AssertionError("the import went on")

    result = Terminal(tmp_path, import_pack=import_pack).run("packs", "import", "file.pth")

    assert result.exit_code == 130
    assert "cancelled; nothing was installed" in result.stderr
