import json
import shutil
from pathlib import Path

from sana_desktop.system.resources import resources_folder
from support.packs import write_pack_file
from support.terminal import Terminal


def test_the_doctor_shows_machine_folders_packs_and_reasons(tmp_path: Path):
    terminal = Terminal(tmp_path)

    result = terminal.run("doctor")

    assert result.exit_code == 0
    lines = {line[:14].strip(): line[15:] for line in result.stdout.splitlines()}
    assert lines["device"] == "paper"
    assert lines["pictures"] == str(terminal.paths.pictures)
    assert lines["pack"] == "toy, Toy"
    assert lines["transformer"] == "fp32: toy is made of paper"
    assert result.stderr == ""


def test_looking_changes_nothing(tmp_path: Path):
    terminal = Terminal(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    terminal.run("doctor")

    assert sorted(tmp_path.rglob("*")) == before


def test_json_holds_the_same(tmp_path: Path):
    found = json.loads(Terminal(tmp_path).run("doctor", "--json").stdout)

    assert found["machine"] == {"device": "paper"}
    assert found["packs"][0]["id"] == "toy"
    assert found["packs"][0]["precisions"] == [
        {"part": "transformer", "precision": "fp32", "reason": "toy is made of paper"}
    ]
    assert found["problems"] == []
    assert found["can_draw"] is True


def test_without_a_pack_that_can_draw_the_code_says_so(tmp_path: Path):
    terminal = Terminal(tmp_path)
    shutil.rmtree(terminal.shipped)

    assert "problem: no pack is installed" in terminal.run("doctor").stderr
    write_pack_file(terminal.paths.packs / "half", "half")
    broken = terminal.paths.packs / "broken"
    broken.mkdir()
    (broken / "pack.toml").write_text("format = ", encoding="utf-8")
    result = terminal.run("doctor")

    assert result.exit_code == 2
    assert "problem: pack half has no transformer, no vae" in result.stderr
    assert f"problem: {broken} cannot be used" in result.stderr
    assert json.loads(terminal.run("doctor", "--json").stdout)["can_draw"] is False


def test_a_pack_that_can_be_understood_says_how_much_memory_it_takes(tmp_path: Path):
    terminal = Terminal(tmp_path)
    shutil.copytree(resources_folder() / "starter", terminal.shipped / "starter")

    assert "about " in terminal.run("doctor").stdout.partition("  memory")[2]
    (memory,) = json.loads(terminal.run("doctor", "--json").stdout)["memory"]
    assert memory["pack"] == "starter"
    assert memory["plan"] == "all networks stay in memory"
    assert memory["level"] in ("fits", "tight", "no")
