import json
from collections.abc import Generator
from pathlib import Path

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.pack_manifest import PackManifest
from support.fetches import ENDPOINT, MODEL, Fetches, fetches, move_in
from support.terminal import Terminal

WEIGHTS = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture
def ready(tmp_path: Path) -> Generator[Fetches]:
    with fetches(tmp_path) as ready:
        ready.fetch()
        yield ready


@pytest.fixture
def terminal(ready: Fetches, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, import_pack=move_in, make_client=ready.make_client)


def test_a_damaged_file_is_named_and_repaired(ready: Fetches, terminal: Terminal) -> None:
    damaged = ready.packs / MODEL / WEIGHTS
    damaged.write_bytes(b"!" * 50_000)
    result = terminal.run("packs", "verify", MODEL)
    assert (result.exit_code, result.stdout) == (1, f"damaged: {WEIGHTS}\n")
    assert json.loads(terminal.run("packs", "verify", MODEL, "--json").stdout) == {
        "id": MODEL,
        "sound": False,
        "hashes_known": True,
        "bad": [{"path": WEIGHTS, "fault": "damaged"}],
        "problem": "",
    }
    result = terminal.run("packs", "repair", MODEL, "--endpoint", ENDPOINT)
    assert (result.exit_code, result.stdout) == (0, "sound\n")
    assert damaged.read_bytes() == ready.hub.files[WEIGHTS]


def test_a_pack_without_hashes_says_so(terminal: Terminal) -> None:
    result = terminal.run("packs", "verify", "toy")
    assert result.exit_code == 0
    assert "as far as its structure tells" in result.stdout
    result = terminal.run("packs", "repair", "toy")
    assert result.exit_code == 2
    assert "it was imported, not fetched" in result.stderr


def test_what_is_wrong_with_a_structure_is_said(tmp_path: Path) -> None:
    def refuse(pack: PackManifest) -> None:
        raise PackError("Wrong shape.")

    result = Terminal(tmp_path, verify_pack=refuse).run("packs", "verify", "toy")
    assert (result.exit_code, result.stdout) == (1, "Wrong shape.\n")


def test_a_pack_is_removed_when_that_is_meant(ready: Fetches, terminal: Terminal) -> None:
    result = terminal.run("packs", "remove", MODEL)
    assert result.exit_code == 2
    assert "Add --yes" in result.stderr
    assert (ready.packs / MODEL).is_dir()
    result = terminal.run("packs", "remove", MODEL, "--yes", "--json")
    assert json.loads(result.stdout)["id"] == MODEL
    assert not (ready.packs / MODEL).exists()


def test_what_ships_is_not_removed(terminal: Terminal) -> None:
    result = terminal.run("packs", "remove", "toy", "--yes")
    assert result.exit_code == 2
    assert "left alone" in result.stderr
