"""A bundle that was unpacked, and running it with next to nothing around it."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Spaces, letters that need two or three bytes, and what a shell would take for its own.
AWKWARD = "Ästhetik & Bilder/日本 (neu) $HOME"
# On a machine that others use too, a first picture has taken five minutes.
SECONDS = 1800.0

# Somebody who owns nothing here, and no network but its own empty one.
STRANGER_ID = 65534
STRANGER = ("unshare", "--net", "setpriv", f"--reuid={STRANGER_ID}", f"--regid={STRANGER_ID}", "--clear-groups")
# Only root can become another user.
IS_ROOT = os.name == "posix" and os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A bundle that was unpacked in `folder`; everything it may write is below `home`."""

    folder: Path
    home: Path

    @property
    def program(self) -> Path:
        return self.folder / "sana-desktop"

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line to its end, with nothing in the environment but a home, unless it is given."""
        return subprocess.run(
            [*before, str(self.program), *arguments],
            env={"SANA_DESKTOP_HOME": str(self.home)} if environment is None else environment,
            cwd="/",
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
