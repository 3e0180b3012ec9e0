"""Unfinished pictures on disk, so that neither a failed decode nor a crash loses the steps that were done.

An entry is a point on a batch's way from noise to picture; the last point is the finished latents. It lies
under the digest of its recipes, so whoever draws the same pictures again finds it. It is used only if the
recipes, the pack's version, the device, the arithmetic, this program's version and torch's are the same: the
result is then what an uninterrupted run gives. Everything else is as good as no entry.
"""

import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.journal_file import Stamp, Work, work_from_bytes, work_to_bytes
from sana_desktop.engine.latents import LATENT_CHANNELS
from sana_desktop.errors import MachineError

KEPT_SECONDS = 30 * 24 * 3600.0
# Another process may be about to give an unfinished file its name.
UNFINISHED_SECONDS = 3600.0

_SUFFIX, _UNFINISHED = ".safetensors", ".partial"
_log = logging.getLogger(__name__)


class JournalEntry:
    """The place of one batch in the journal; nothing need be there."""

    def __init__(self, path: Path, stamp: Stamp) -> None:
        self._path = path
        self._stamp = stamp

    def read(self) -> Work | None:
        """What was left of the batch, on the CPU; None if there is nothing that a drawing can go on from."""
        try:
            if not self._path.is_file():
                return None
            with self._path.open("rb") as file:
                data = file.read(self._stamp.most_bytes + 1)
            if len(data) > self._stamp.most_bytes:
                raise ValueError("it is too large")
            return work_from_bytes(data, self._stamp)
        except (OSError, ValueError) as error:
            _log.warning("unfinished work in %s is of no use and the drawing starts anew: %s", self._path, error)
            return None

    def write(self, work: Work, *, lasting: bool) -> None:
        """Put `work` in place of what was there, whole or not at all; raises `MachineError` if it cannot.

        With `lasting` it has reached the disk on return and survives a power cut, not just this process.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=self._path.parent)
            unfinished = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(work_to_bytes(work, self._stamp))
                    if lasting:
                        file.flush()
                        os.fsync(file.fileno())
                unfinished.replace(self._path)
            finally:
                unfinished.unlink(missing_ok=True)
        except OSError as error:
            raise MachineError(
                f"Unfinished work could not be kept in {self._path.parent}: {error.strerror}.",
                hint="Free some space or choose another data folder with SANA_DESKTOP_HOME.",
            ) from error

    def forget(self) -> None:
        """Remove what is there, if anything."""
        _remove(self._path)


class WorkJournal:
    """A folder of unfinished batches. It may be deleted at any time, or shared by several programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entry(self, recipes: Sequence[Recipe], made_by: Mapping[str, str]) -> JournalEntry:
        """The place of `recipes`, drawn together. `made_by` names all else that decides their pixels."""
        size = recipes[0].size
        stamp = Stamp(
            recipes=_text([replace(recipe, stop_after=None) for recipe in recipes]),
            made_by=json.dumps(dict(made_by), sort_keys=True),
            shape=(len(recipes), LATENT_CHANNELS, size.latent_height, size.latent_width),
        )
        return JournalEntry(self._path(recipes), stamp)

    def forget(self, recipes: Sequence[Recipe]) -> None:
        """Remove the entry of these recipes, whoever made it; without one nothing happens."""
        _remove(self._path(recipes))

    def sweep(self, now: float) -> None:
        """Remove what nobody came back for: entries older than 30 days, unfinished files older than an hour.

        `now` is seconds since the epoch. What cannot be removed stays.
        """
        ages = {_SUFFIX: KEPT_SECONDS, _UNFINISHED: UNFINISHED_SECONDS}
        # The folder may be missing, or something else may remove files meanwhile.
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.suffix in ages and now - path.stat().st_mtime > ages[path.suffix]:
                    _remove(path)

    def _path(self, recipes: Sequence[Recipe]) -> Path:
        # A picture that is stopped goes the same way up to there, and its name must be known without its noise.
        alike = [replace(recipe, latents_sha256=None, stop_after=None) for recipe in recipes]
        return self.folder / f"{hashlib.sha256(_text(alike).encode()).hexdigest()}{_SUFFIX}"


def _text(recipes: Sequence[Recipe]) -> str:
    return json.dumps([recipe_to_plain(recipe) for recipe in recipes])


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s could not be removed: %s", path, error)
