"""The terminal's composition root: the real collaborators, and the start of the program.

torch takes seconds to import, so it is imported by the command that needs it.
"""

import multiprocessing
import os
import secrets
import sys
from collections.abc import Callable, MutableMapping
from functools import partial
from pathlib import Path

from sana_desktop.cli.collaborators import Collaborators, Machine
from sana_desktop.cli.gui import open_at_once, window_wish
from sana_desktop.domain.choices import PreviewWish
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.engine.gc_pause import lasting_imports
from sana_desktop.engine.text_tokenizer import MakeTokenizer, load_tokenizer
from sana_desktop.engine.torch_libraries import load_torch_libraries
from sana_desktop.services.plan_control import wished_plan
from sana_desktop.system.bundle import frozen_program
from sana_desktop.system.packs import PackManifest
from sana_desktop.system.paths import AppPaths
from sana_desktop.system.resources import resources_folder
from sana_desktop.system.settings import Settings
from sana_desktop.system.settings_file import FILE_NAME
from sana_desktop.system.settings_schema import shipped_schema

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
    # A bundle starts itself again for the processes that it needs; they end in here.
    multiprocessing.freeze_support()
    prepare_environment(os.environ)
    parts = collaborators()
    parts.guard.install()
    wish = window_wish(sys.argv[1:])
    if wish is not None:
        sys.exit(open_at_once(parts, wish))
    # Imported here because the window does without: the other commands bring a third of what it would wait for.
    from sana_desktop.cli.app import build_app

    build_app(parts)(prog_name=PROGRAM)


def prepare_environment(environment: MutableMapping[str, str]) -> None:
    """Tell libraries how to behave, before they are imported."""
    for name, value in ENVIRONMENT.items():
        environment.setdefault(name, value)


def collaborators() -> Collaborators:
    """What the commands of this process work with."""
    return Collaborators(
        paths=AppPaths.find(program=frozen_program()),
        shipped_packs=shipped_packs,
        make_engine=make_engine,
        import_pack=import_pack,
        verify_pack=verify_pack,
        inspect_machine=inspect_machine,
        random_seed=lambda: secrets.randbelow(2**32),
    )


def shipped_packs() -> Path:
    """The folder of the starter pack; raises `MachineError` if the installation is incomplete."""
    return resources_folder() / "starter"


def make_engine(
    paths: AppPaths,
    find_pack: Callable[[str], PackManifest],
    *,
    preview_wish: Callable[[], PreviewWish] = PreviewWish,
    make_tokenizer: MakeTokenizer = load_tokenizer,
    plan_wish: Callable[[], MemoryPlan | None] | None = None,
) -> PictureEngine:
    """The engine of this machine; without `make_tokenizer` its tokenizer works in this process.

    `plan_wish` gives the plan for memory that the user insists on; without it, the preferences do.
    """
    settings = Settings(shipped_schema(), paths.config / FILE_NAME)
    # Imported here because it brings torch, and on the engine's thread because that is where it is called.
    load_torch_libraries()
    with lasting_imports():
        from sana_desktop.engine.engine import Engine

    return Engine(
        find_pack,
        paths.cache,
        paths.journal,
        resources_folder(),
        preview_wish=preview_wish,
        make_tokenizer=make_tokenizer,
        plan_wish=plan_wish or partial(wished_plan, settings),
    )


def import_pack(
    source: Path,
    packs_folder: Path,
    *,
    base: PackManifest | None = None,
    pack_id: str | None = None,
    model: str | None = None,
    vae: Path | None = None,
    check: Callable[[], None] = lambda: None,
) -> PackManifest:
    """Install a folder or file as a pack."""
    # Imported here because it brings torch; the window must not notice.
    with lasting_imports():
        from sana_desktop.engine.weights.import_pack import import_pack as install

    return install(source, packs_folder, base=base, pack_id=pack_id, model=model, vae=vae, check=check)


def verify_pack(pack: PackManifest) -> None:
    """Compare all weights of a pack with the networks."""
    # Imported here because it brings torch; the window must not notice.
    with lasting_imports():
        from sana_desktop.engine.weights.import_pack import verify_pack as verify

    verify(pack)


def inspect_machine() -> Machine:
    """What torch finds on this machine."""
    # Imported here because it brings torch.
    from sana_desktop.engine.device import describe_machine, precision_lines

    return Machine(describe_machine().lines, precision_lines)
