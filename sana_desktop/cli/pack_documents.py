"""Packs as lines for people and as JSON for programs."""

from collections.abc import Iterator

from sana_desktop.cli.boundary import one_line
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.services.packs import PackOffer
from sana_desktop.system.pack_manifest import PackManifest


def pack_lines(packs: list[PackManifest]) -> Iterator[str]:
    """One line per pack in columns, the id first and no blanks in it."""
    width = max((len(pack.id) for pack in packs), default=0)
    for pack in packs:
        missing = pack.missing_parts()
        state = f"incomplete: no {', no '.join(missing)}" if missing else "ready"
        size, steps = f"{pack.base_size:>4} px", f"{pack.default_steps:>2} steps"
        yield f"{pack.id:<{width}}  {size}  {steps}  {state}  {one_line(pack.name)}"


def manifest_lines(pack: PackManifest) -> Iterator[tuple[str, str]]:
    """What a pack says about itself, as (label, value)."""
    yield "id", pack.id
    yield "name", pack.name
    if pack.description:
        yield "description", pack.description
    if pack.notice:
        yield "notice", pack.notice
    yield "version", pack.version
    yield "family", pack.family
    yield "licence", pack.licence
    yield "size", f"{pack.base_size}x{pack.base_size}"
    yield "steps", f"{pack.default_steps} with {pack.default_solver}"
    yield "guidance", f"{pack.default_guidance:g}"
    yield "flow shift", f"{pack.flow_shift:g}"
    yield "transformer", ", ".join(pack.precisions.transformer)
    yield "text encoder", f"{', '.join(pack.precisions.text_encoder)} from {pack.text.source}"
    yield "autoencoder", ", ".join(pack.precisions.vae)
    yield "prompt", f"{pack.text.max_tokens} tokens, {'with' if pack.text.instruction else 'without'} instruction"
    yield "preview", pack.preview.kind
    yield "folder", str(pack.folder)
    missing = pack.missing_parts()
    if missing:
        yield "missing", ", ".join(missing)


def manifest_document(pack: PackManifest) -> dict[str, object]:
    """What a pack says about itself, for JSON."""
    return {
        "id": pack.id,
        "name": pack.name,
        "version": pack.version,
        "family": pack.family,
        "licence": pack.licence,
        "description": pack.description,
        "notice": pack.notice,
        "base_size": pack.base_size,
        "steps": pack.default_steps,
        "guidance": pack.default_guidance,
        "solver": pack.default_solver,
        "flow_shift": pack.flow_shift,
        "folder": str(pack.folder),
        "missing": list(pack.missing_parts()),
    }


def offer_line(offer: PackOffer) -> str:
    """A published model in a line: id, side, download, whether it fits."""
    model = offer.model
    size, memory = f"{offer.download_bytes / 1e9:>5.1f} GB", f"{offer.fit.needed / 2**30:>4.1f} GB memory"
    return f"{model.id:<26}  {model.base_size:>4} px  {size}  {memory}  {offer.fit.level:<5}  {model.name}"


def offer_document(offer: PackOffer) -> dict[str, object]:
    """A published model, for JSON."""
    model = offer.model
    return {
        "id": model.id,
        "name": model.name,
        "repository": model.repository,
        "base_size": model.base_size,
        "download_bytes": offer.download_bytes,
        "fit": offer.fit.level,
        "memory_needed": offer.fit.needed,
        "memory_by_bits": {str(bits): needed for bits, needed in offer.needs},
        "terms": [{"name": terms.name, "url": terms.url} for terms in model.terms],
    }


def unfinished_line(fetch: UnfinishedFetch) -> str:
    """A fetch that could be gone on with."""
    name = fetch.record.pack_id
    return f"{name}: {fetch.done / 1e9:.2f} of {fetch.total / 1e9:.2f} GB fetched; go on with `packs fetch {name}`"


def verdict_lines(verdict: PackVerdict) -> Iterator[str]:
    """What checking a pack found."""
    for bad in verdict.bad:
        yield f"{bad.fault}: {bad.file.path}"
    if verdict.problem:
        yield one_line(verdict.problem)
    if verdict.sound:
        yield "sound" if verdict.recorded else "sound as far as its structure tells; it was imported without hashes"


def verdict_document(verdict: PackVerdict) -> dict[str, object]:
    """What checking a pack found, for JSON."""
    return {
        "id": verdict.pack.id,
        "sound": verdict.sound,
        "hashes_known": verdict.recorded,
        "bad": [{"path": bad.file.path, "fault": bad.fault} for bad in verdict.bad],
        "problem": verdict.problem,
    }
