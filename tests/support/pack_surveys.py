"""Surveys of packs for widgets that show them, on machines that nobody has to own."""

from dataclasses import replace
from pathlib import Path

from sana_desktop.errors import PackError
from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.services.packs import InstalledPack, PackShelf, PackSurvey
from sana_desktop.system.fetch.record import FetchRecord
from sana_desktop.system.fetch.remote import RemoteFile
from sana_desktop.system.hardware import Gpu, Hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import fit_for
from sana_desktop.system.packs import BrokenPack
from support.listings import COMMIT
from support.packs import manifest

GIB = 2**30


def processor_machine(memory: int = 24) -> Hardware:
    """A machine without a graphics card, with so many GiB, three quarters of them free."""
    return Hardware(
        memory_total=memory * GIB, memory_free=memory * GIB * 3 // 4, gpu=None, processor="Ours", fast_bf16=True
    )


def gpu_machine(memory: int = 8) -> Hardware:
    """A machine with a card of so many GiB, seven eighths of them free."""
    card = Gpu(name="Card 4070", memory_total=memory * GIB, memory_free=memory * GIB * 7 // 8)
    return replace(processor_machine(), gpu=card)


def installed(pack: PackManifest, needed: int = GIB, hardware: Hardware | None = None) -> InstalledPack:
    """An entry for a pack that needs so many bytes."""
    return InstalledPack(manifest=pack, disk_bytes=43_000_000, fit=fit_for(needed, hardware or processor_machine()))


def survey(folder: Path, hardware: Hardware | None = None) -> PackSurvey:
    """A ready pack `toy`, an incomplete `half`, a broken folder, and everything that the catalog offers."""
    machine = hardware or processor_machine()
    half = InstalledPack(
        manifest=replace(manifest(folder / "half", "half"), name="Half"),
        disk_bytes=1,
        fit=None,
        problem="Pack “half” cannot draw yet: it has no vae.",
    )
    offers = PackShelf((), folder, refuse, lambda _: None, look=lambda: machine).survey().offers
    return PackSurvey(
        hardware=machine,
        installed=(installed(manifest(folder / "toy"), hardware=machine), half),
        broken=(BrokenPack(folder / "old", PackError("old/pack.toml has format 3.", hint="Update Sana Desktop.")),),
        offers=offers,
        disk_free=10**12,
    )


def unfinished() -> UnfinishedFetch:
    """A fetch that was paused at a quarter."""
    file = RemoteFile(path="vae/a.safetensors", size=4 * 10**9, sha256="a" * 64)
    record = FetchRecord(
        pack_id="sana-600m-512px",
        repository="us/toy",
        revision=COMMIT,
        endpoint="https://hub.test",
        terms=(),
        files=(file,),
    )
    return UnfinishedFetch(record=record, done=10**9)


def refuse(source: Path, packs_folder: Path, **_: object) -> PackManifest:
    """An import that nobody should ask for."""
    raise AssertionError(f"nobody asked to import {source}")
