from pathlib import Path

from sana_desktop.system.packs import choose_pack
from support.terminal import Terminal, complete_pack


def test_a_pack_of_the_user_takes_the_place_of_the_one_that_ships(tmp_path: Path):
    terminal = Terminal(tmp_path)
    assert choose_pack("toy", terminal.collaborators.pack_folders()).folder == terminal.shipped / "toy"

    newer = complete_pack(terminal.paths.packs / "toy")

    assert choose_pack("toy", terminal.collaborators.pack_folders()).folder == newer
