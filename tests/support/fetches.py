"""Fetching for tests: a small repository, a hub at a socket file, and an installer that moves folders."""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from sana_desktop.services.fetch_files import FetchProgress, FetchWatch
from sana_desktop.services.pack_care import PackCare
from sana_desktop.services.pack_fetching import PackFetching
from sana_desktop.services.pack_hands import PackHands, pack_hands
from sana_desktop.system.fetch.file_fetch import Patience
from sana_desktop.system.fetch.hub import Hub
from sana_desktop.system.pack_file import pack_file_text
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import read_pack
from sana_desktop.system.privacy import OfflineGuard
from support.hub_stand_in import HubStandIn, Vices, serve_file, toy_files
from support.packs import manifest

MODEL = "sana-600m-512px"
SIZES = {
    "README.md": 5000,
    "model_index.json": 400,
    "scheduler/scheduler_config.json": 300,
    "text_encoder/config.json": 500,
    "text_encoder/model-00001-of-00002.safetensors": 90_000,
    "text_encoder/model-00002-of-00002.safetensors": 30_000,
    "text_encoder/model.safetensors.index.json": 700,
    "tokenizer/tokenizer.json": 20_000,
    "tokenizer/tokenizer_config.json": 800,
    "transformer/config.json": 500,
    "transformer/diffusion_pytorch_model.safetensors": 120_000,
    "transformer/diffusion_pytorch_model.fp16.safetensors": 60_000,
    "vae/config.json": 600,
    "vae/diffusion_pytorch_model.fp16.safetensors": 50_000,
    "vae/diffusion_pytorch_model.safetensors": 50_000,
}
FETCHED = set(SIZES) - {
    "README.md",
    "transformer/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.fp16.safetensors",
}
FETCHED_BYTES = sum(SIZES[path] for path in FETCHED)
ENDPOINT = "http://hub.test"


def move_in(source: Path, packs_folder: Path, *, pack_id: str | None = None, check: object = None) -> PackManifest:
    """Install what ought to be a pack without looking at it, as the real installer does: whole, parts only."""
    target = packs_folder / (pack_id or source.name)
    for part in ("transformer", "vae", "text_encoder", "tokenizer"):
        shutil.copytree(source / part, target / part)
    (target / "pack.toml").write_text(pack_file_text(manifest(target, target.name)), encoding="utf-8")
    return read_pack(target)


@dataclass(slots=True)
class Fetches:
    """What fetches, checks and repairs, in `packs`, from `hub`."""

    packs: Path
    hub: HubStandIn
    make_client: Callable[[], httpx2.Client]
    guard: OfflineGuard = field(default_factory=OfflineGuard)
    told: list[FetchProgress] = field(default_factory=list[FetchProgress])
    waits: list[float] = field(default_factory=list[float])
    room: int = 10**12

    def open_hub(self) -> Hub:
        return Hub(self.make_client, ENDPOINT)

    def fetching(self, install: object = move_in) -> PackFetching:
        return PackFetching(
            self.packs,
            (self.packs,),
            install,  # pyright: ignore[reportArgumentType]
            self.open_hub,
            self.guard,
            free=lambda folder: self.room,
            patience=Patience(tries=5),
        )

    def care(self, verify: Callable[[PackManifest], None] = lambda pack: None) -> PackCare:
        return PackCare(
            self.packs,
            self.fetching(),
            verify,
            self.open_hub,
            self.guard,
            free=lambda folder: self.room,
            cache_folder=self.cache,
        )

    @property
    def cache(self) -> Path:
        """Where what is made of packs would be."""
        return self.packs.parent / "cache"

    def hands(self) -> PackHands:
        return PackHands(self.fetching(), self.care(), lambda address: "")

    def watch(self, check: Callable[[], None] = lambda: None) -> FetchWatch:
        return FetchWatch(check=check, wait=self.waits.append, tell=self.told.append)

    def fetch(self, name: str = MODEL) -> PackManifest:
        return self.fetching().fetch(name, self.watch(), accepted=True)


@contextmanager
def fetches(folder: Path, vices: Vices | None = None) -> Generator[Fetches]:
    """Everything, with a repository of random files."""
    hub = HubStandIn(toy_files(1, SIZES), vices or Vices())
    with serve_file(hub, folder) as make_client:
        yield Fetches(folder / "packs", hub, make_client)


def no_hands(packs: Path) -> PackHands:
    """Hands over a folder of packs that fail the test when they reach for a hub."""

    def refuse(proxy: str) -> httpx2.Client:
        raise AssertionError("nobody asked to fetch anything")

    return pack_hands(
        packs,
        (packs,),
        move_in,
        lambda pack: None,
        OfflineGuard(),
        endpoint=ENDPOINT,
        proxy="",
        scatter=lambda: 1.0,
        make_client=refuse,
    )
