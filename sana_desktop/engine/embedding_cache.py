"""States of prompts that were encoded before, so that the text encoder need not even be loaded again."""

import hashlib
import os
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

DEFAULT_MEMORY_BYTES = 64 * 2**20
DEFAULT_FOLDER_BYTES = 256 * 2**20

_SUFFIX, _UNFINISHED = ".safetensors", ".unfinished"


@dataclass(frozen=True, slots=True)
class EmbeddingKey:
    """All that the states of a text depend on, known before any weights are.

    `tokens` are what Gemma reads, the instruction's included and padding not; of `length` positions
    (more than the tokens: padding) the first and those from `kept_from` on are kept. Instruction, token
    limit and conditioning rules act through these alone. `encoder` is the encoder's fingerprint.
    """

    encoder: str
    tokens: tuple[int, ...]
    kept_from: int
    length: int

    @property
    def digest(self) -> str:
        """A name for a file, the same in every process."""
        numbers = ",".join(map(str, (self.kept_from, self.length, *self.tokens)))
        return hashlib.sha256(f"{self.encoder}:{numbers}".encode()).hexdigest()


class EmbeddingCache:
    """States by key: the last used in memory and, with a `folder`, more of them on disk across starts.

    Both are bounded in bytes and forget what was used longest ago. The folder may be deleted at any time,
    shared by several programs, or full: a file that is damaged or cannot be written is as good as none.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
        folder_bytes: int = DEFAULT_FOLDER_BYTES,
    ) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._folder_bytes = folder_bytes
        self._states: OrderedDict[EmbeddingKey, Tensor] = OrderedDict()
        self._bytes = 0

    def get(self, key: EmbeddingKey) -> Tensor | None:
        """The states [L, E] kept for `key`, bit for bit as they were put, or None. Not to be written to."""
        states_LE = self._states.get(key)
        if states_LE is not None:
            self._states.move_to_end(key)
            return states_LE
        states_LE = self._read(key)
        if states_LE is not None:
            self._remember(key, states_LE)
        return states_LE

    def put(self, key: EmbeddingKey, states_LE: Tensor) -> None:
        """Keep `states_LE` [L, E], on the CPU, as the states of `key`."""
        self._remember(key, states_LE)
        self._write(key, states_LE)

    def _remember(self, key: EmbeddingKey, states_LE: Tensor) -> None:
        replaced = self._states.pop(key, None)
        self._bytes += states_LE.nbytes - (0 if replaced is None else replaced.nbytes)
        self._states[key] = states_LE
        while self._bytes > self._memory_bytes:
            _, forgotten = self._states.popitem(last=False)
            self._bytes -= forgotten.nbytes

    def _read(self, key: EmbeddingKey) -> Tensor | None:
        if self._folder is None:
            return None
        # Imported here because the library is slow to import and most caches have no folder yet.
        from safetensors import SafetensorError
        from safetensors.torch import load

        path = self._folder / f"{key.digest}{_SUFFIX}"
        try:
            if path.stat().st_size > self._folder_bytes:
                return None
            kept = load(path.read_bytes())
            states_LE = kept["states"]
            if not torch.equal(kept["proof"], _proof(key, states_LE)):
                return None
            os.utime(path)
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        return states_LE

    def _write(self, key: EmbeddingKey, states_LE: Tensor) -> None:
        if self._folder is None:
            return
        # Imported here for the same reason as above.
        from safetensors.torch import save

        data = save({"states": states_LE.contiguous(), "proof": _proof(key, states_LE)})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=_UNFINISHED, delete=False) as file:
                unfinished = Path(file.name)
                file.write(data)
            unfinished.replace(self._folder / f"{key.digest}{_SUFFIX}")
            self._forget_files(self._folder)
        except OSError:
            # The picture does not depend on it; the next start encodes the prompt again.
            return

    def _forget_files(self, folder: Path) -> None:
        """Delete what was used longest ago, unfinished files among it, until the bound is kept."""
        files = [(path.stat(), path) for path in folder.iterdir() if path.suffix in (_SUFFIX, _UNFINISHED)]
        total = sum(status.st_size for status, _ in files)
        for status, path in sorted(files, key=lambda entry: entry[0].st_mtime_ns):
            if total <= self._folder_bytes:
                return
            path.unlink(missing_ok=True)
            total -= status.st_size


def _proof(key: EmbeddingKey, states_LE: Tensor) -> Tensor:
    """32 bytes that only these states under this key have; safetensors itself would not notice a flipped bit."""
    digest = hashlib.sha256(key.digest.encode())
    digest.update(f"{states_LE.dtype} {tuple(states_LE.shape)}".encode())
    digest.update(states_LE.contiguous().view(torch.uint8).numpy().data)
    return torch.frombuffer(bytearray(digest.digest()), dtype=torch.uint8)
