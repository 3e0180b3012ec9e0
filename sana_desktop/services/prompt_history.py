"""The prompts that were drawn, newest first, over all sessions."""

import json
from pathlib import Path
from typing import cast

from sana_desktop.services.kept_file import KeptFile

FILE_NAME = "prompts.json"
VERSION = 1
MOST_PROMPTS = 500
# Together, so that reading them never takes longer than a blink.
MOST_LETTERS = 500_000
LARGEST_BYTES = 8 * MOST_LETTERS


class PromptHistory:
    """At most 500 prompts, each once, kept in the file at `path`; without one, until the program ends.

    A file that cannot be understood is set aside. Prompts too long to be kept with others are forgotten first.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = KeptFile(path)
        self._prompts = _bounded(self._read())

    @property
    def prompts(self) -> tuple[str, ...]:
        """What was remembered, the newest first."""
        return self._prompts

    def remember(self, prompt: str) -> None:
        """Put a prompt at the top; one that was there already moves up, an empty one is not worth it."""
        if not prompt.strip() or self._prompts[:1] == (prompt,):
            return
        self._keep((prompt, *(old for old in self._prompts if old != prompt)))

    def forget(self, prompt: str) -> None:
        """Take one prompt out."""
        self._keep(tuple(old for old in self._prompts if old != prompt))

    def forget_all(self) -> None:
        """Take all prompts out."""
        self._keep(())

    def close(self) -> None:
        """Wait until all is on the disk."""
        self._file.close()

    def _keep(self, prompts: tuple[str, ...]) -> None:
        self._prompts = _bounded(prompts)
        # ASCII, so that even half a character, which a clipboard may bring, can be written.
        self._file.write(json.dumps({"version": VERSION, "prompts": self._prompts}, indent=0).encode("ascii"))

    def _read(self) -> tuple[str, ...]:
        data = self._file.read(LARGEST_BYTES)
        if data is None:
            return ()
        try:
            return _parse(data)
        # RecursionError: a few kilobytes of opening brackets exhaust the parser's stack.
        except (ValueError, RecursionError) as error:
            self._file.set_aside(str(error))
            return ()


def _parse(data: bytes) -> tuple[str, ...]:
    value: object = json.loads(data)
    plain = cast(dict[str, object], value) if isinstance(value, dict) else {}
    prompts = plain.get("prompts")
    if plain.get("version") != VERSION or not isinstance(prompts, list):
        raise ValueError(f"expected prompts of version {VERSION}")
    texts = (text for text in cast(list[object], prompts) if isinstance(text, str) and text.strip())
    return tuple(dict.fromkeys(texts))


def _bounded(prompts: tuple[str, ...]) -> tuple[str, ...]:
    letters, kept = 0, list[str]()
    for prompt in prompts[:MOST_PROMPTS]:
        if letters + len(prompt) <= MOST_LETTERS:
            letters += len(prompt)
            kept.append(prompt)
    return tuple(kept)
