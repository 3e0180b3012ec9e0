"""Which files of a repository are fetched: one copy of everything that drawing needs, and nothing twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sana_desktop.errors import FetchError
from sana_desktop.system.catalog import FetchRules
from sana_desktop.system.fetch.remote import RemoteFile, RemoteListing

# Words in a file's name that make it another copy of the same weights. Copies in fewer bits are never taken: they
# are in formats of other programs.
COPIES = ("fp32", "fp16", "bf16")
FOREIGN = ("int4", "int8", "fp8", "fp4", "nf4", "non_ema", "ema")

_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.safetensors$")


def choose_files(listing: RemoteListing, rules: FetchRules, variant: str | None) -> tuple[RemoteFile, ...]:
    """The files to fetch for a model whose half-precision copy is called `variant`, None if there is but one.

    Raises `FetchError` where a network has no whole copy, or no configuration.
    """
    by_path = {file.path: file for file in listing.files}
    chosen = [by_path[name] for name in rules.files if name in by_path]
    for network in rules.networks:
        if f"{network}/config.json" not in by_path:
            raise _lacking(listing, f"{network}/config.json")
        wanted = variant if network in rules.by_variant else None
        chosen += _one_copy(listing, network, wanted)
    if not any(file.path.startswith("tokenizer/tokenizer.json") for file in chosen):
        raise _lacking(listing, "tokenizer/tokenizer.json")
    return tuple(sorted(chosen, key=lambda file: (file.size, file.path)))


def _one_copy(listing: RemoteListing, network: str, variant: str | None) -> tuple[RemoteFile, ...]:
    copies: defaultdict[str, list[RemoteFile]] = defaultdict(list)
    for file in listing.files:
        path = PurePosixPath(file.path)
        if str(path.parent) == network and (copy := _copy_of(path.name)) is not None:
            copies[copy].append(file)
    order = ("", "bf16", "fp16", "fp32") if variant is None else (variant, "", "bf16", "fp16", "fp32")
    for copy in order:
        whole = _whole(copies.get(copy, ()))
        if whole:
            return whole
    raise _lacking(listing, f"weights in {network}/")


def _copy_of(name: str) -> str | None:
    """Which copy of the weights a file belongs to, "" for the plain one; None if it is no weights of ours."""
    words = re.split(r"[.-]", name)
    if "safetensors" not in words or any(word in FOREIGN for word in words):
        return None
    return next((word for word in words if word in COPIES), "")


def _whole(files: Iterable[RemoteFile]) -> tuple[RemoteFile, ...]:
    """One file, or an index with all its shards; nothing if neither is there whole."""
    indices = [file for file in files if file.path.endswith(".json")]
    weights = [file for file in files if file.path.endswith(".safetensors")]
    single = [file for file in weights if not _SHARD.search(file.path)]
    if single:
        return (single[0],)
    shards: Mapping[int, RemoteFile] = {int(m[1]): file for file in weights if (m := _SHARD.search(file.path))}
    counts = {int(m[2]) for file in weights if (m := _SHARD.search(file.path))}
    if len(counts) == 1 and len(indices) == 1 and set(shards) == set(range(1, counts.pop() + 1)):
        return (indices[0], *(shards[number] for number in sorted(shards)))
    return ()


def _lacking(listing: RemoteListing, what: str) -> FetchError:
    return FetchError(
        f"{listing.repository} has no {what} at revision {listing.revision[:10]}.",
        hint="The repository has changed, or a mirror lacks a part of it. Download and import it by hand.",
    )
