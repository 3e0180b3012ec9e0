"""`sana-desktop batch --cluster`: the same list, drawn on the machines of a Ray cluster."""

from functools import partial
from pathlib import Path

from sana_desktop.cli.collaborators import Collaborators, MakeEngine
from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.cluster import ClusterJobs
from sana_desktop.services.batch.jobs import OpenJobs
from sana_desktop.services.batch.ray_workers import RayWorkers
from sana_desktop.system.packs import choose_pack
from sana_desktop.system.paths import AppPaths

# Two for each of a thousand engines, and some that wait here.
JOBS_ON_CLUSTER = 4096
_SCHEME = "ray"
# What this program tells libraries before they are imported; the machines of a cluster have not heard it yet.
_ENVIRONMENT = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}


def jobs_on_cluster(parts: Collaborators, cluster: str, folders: tuple[Path, ...]) -> OpenJobs:
    """Draw on the cluster that was named: “ray” for that of this machine, or ray://HOST:PORT.

    Packs are looked for in `folders` and, on every machine, where its own are. Raises `KnownError` for other names.
    """
    address = address_of(cluster)
    open_workers = partial(RayWorkers, address, partial(engine_there, parts.make_engine, folders), _ENVIRONMENT)
    # The user named the cluster: that is where connections may go, for this run.
    return lambda save, hear: ClusterJobs(open_workers, save, hear, parts.guard.user_asked)


def address_of(cluster: str) -> str:
    """What Ray calls the cluster; raises `KnownError`."""
    if cluster == _SCHEME:
        return "auto"
    scheme, separator, place = cluster.partition("://")
    if scheme != _SCHEME or not separator or not place:
        raise KnownError(
            f"“{cluster[:60]}” is not a cluster.",
            hint="Write ray for the cluster that this machine belongs to, or ray://HOST:10001.",
        )
    return cluster


def engine_there(make_engine: MakeEngine, folders: tuple[Path, ...]) -> PictureEngine:
    """The engine of the machine that this is called on, with that machine's own folders."""
    paths = AppPaths.find()
    find_pack = partial(choose_pack, folders=(*folders, paths.packs))
    return make_engine(paths, find_pack, preview_wish=_no_previews)


def _no_previews() -> PreviewWish:
    return PreviewWish(PreviewChoice.OFF)
