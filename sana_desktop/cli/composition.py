"""The terminal's composition root: the real collaborators, and the start of the program.

torch takes seconds to import, so it is imported by the command that needs it.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from sana_desktop.cli.app import build_app
from sana_desktop.cli.collaborators import Collaborators, Machine
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.system.packs import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.resources import resources_folder

PROGRAM = "sana-desktop"

# Read by libraries when they are imported, which is later. What the user has set stays.
ENVIRONMENT = {
    # Spinning OpenMP threads make a busy machine many times slower.
    "OMP_WAIT_POLICY": "PASSIVE",
    # The tokenizer warns of forks that never happen.
    "TOKENIZERS_PARALLELISM": "false",
    # Nothing leaves the machine.
    "HF_HUB_OFFLINE": "1",
}


def main() -> None:
    """Run the command line of this process and leave with its exit code (see `exit_codes`)."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    collaborators = Collaborators(
        paths=AppPaths.find(),
        shipped_packs=shipped_packs,
        make_engine=make_engine,
        import_pack=import_pack,
        inspect_machine=inspect_machine,
        random_seed=lambda: secrets.randbelow(2**32),
    )
    build_app(collaborators)(prog_name=PROGRAM)


def shipped_packs() -> Path:
    """The folder of the starter pack; raises `MachineError` if the installation is incomplete."""
    return resources_folder() / "starter"


def make_engine(paths: AppPaths, find_pack: Callable[[str], PackManifest]) -> PictureEngine:
    """The engine of this machine."""
    # Imported here because it brings torch, and on the engine's thread because that is where it is called.
    from sana_desktop.engine.engine import Engine

    return Engine(find_pack, paths.cache, paths.journal, resources_folder())


def import_pack(
    source: Path,
    packs_folder: Path,
    *,
    base: PackManifest | None = None,
    pack_id: str | None = None,
    model: str | None = None,
    check: Callable[[], None] = lambda: None,
) -> PackManifest:
    """Install a folder or file as a pack."""
    # Imported here because it brings torch.
    from sana_desktop.engine.weights.import_pack import import_pack as install

    return install(source, packs_folder, base=base, pack_id=pack_id, model=model, check=check)


def inspect_machine() -> Machine:
    """What torch finds on this machine."""
    # Imported here because it brings torch.
    from sana_desktop.engine.device import describe_machine, precision_lines

    return Machine(describe_machine().lines, precision_lines)
