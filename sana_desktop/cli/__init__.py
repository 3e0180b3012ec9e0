"""The terminal program and its composition root."""

import os
import secrets

from sana_desktop.cli.app import build_app
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.composition import import_pack, inspect_machine, make_engine, shipped_packs
from sana_desktop.system.paths import AppPaths

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
