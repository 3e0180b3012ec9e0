"""How packs are spoken of: sizes, licences, whether one fits, and how to get one.

Memory is counted in units of 2^30 bytes, as cards and machines are sold; files in units of 10^9, as they are
downloaded. Both are called GB, as everywhere.
"""

from PySide6.QtCore import QLocale, QObject

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.services.packs import InstalledPack, PackOffer
from sana_desktop.services.time_left import seconds_text
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.diffusers_folder import UNKNOWN_LICENCE
from sana_desktop.system.hardware import Hardware
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.pack_needs import Fit, FitLevel

GIB = 2**30
# On a processor, a network of this size takes minutes where a card takes seconds.
SLOW_BYTES = 4 * GIB


class PackWords(QObject):
    """The sentences of the pack switcher."""

    def memory_text(self, size: int) -> str:
        """Memory with one digit after the point, none where it is large: 2.3 GB, 24 GB."""
        gib = size / GIB
        return self.tr("{n}\u00a0GB").format(n=QLocale().toString(gib, "f", 1 if gib < 9.95 else 0))

    def disk_text(self, size: int) -> str:
        """The size of files: 43 MB, 7.7 GB."""
        if size < 999_500_000:
            return self.tr("{n}\u00a0MB").format(n=QLocale().toString(max(1, round(size / 1e6))))
        return self.tr("{n}\u00a0GB").format(n=QLocale().toString(size / 1e9, "f", 1))

    def pack_line(self, pack: PackManifest) -> str:
        """What a pack is, in a line: side of its pictures and licence."""
        return self.tr("{side} px · {licence}").format(side=pack.base_size, licence=self._licence(pack))

    def installed_line(self, entry: InstalledPack) -> str:
        """What an installed pack is and takes on the disk."""
        pack = entry.manifest
        return self.tr("{side} px · {size} on disk · {licence}").format(
            side=pack.base_size, size=self.disk_text(entry.disk_bytes), licence=self._licence(pack)
        )

    def offer_line(self, model: CatalogModel) -> str:
        """What a published model draws."""
        text = self.tr("Pictures of {side} × {side} pixels in {steps} steps, from English prompts")
        if not model.english_only:
            text = self.tr("Pictures of {side} × {side} pixels in {steps} steps, from prompts in several languages")
        if model.solver is Solver.SPRINT:
            text = self.tr("Pictures of {side} × {side} pixels in 1 to 4 steps, from prompts in several languages")
        return text.format(side=model.base_size, steps=model.steps)

    def download_line(self, offer: PackOffer) -> str:
        """What fetching it costs, and on whose terms."""
        return self.tr("Download about {size} · {licence}").format(
            size=self.disk_text(offer.download_bytes), licence=offer.model.licence
        )

    def needs_line(self, offer: PackOffer) -> str:
        """The least memory for each width of its weights."""
        parts = (
            self.tr("{size} in {bits} bit").format(size=self.memory_text(size), bits=bits) for bits, size in offer.needs
        )
        return self.tr("Memory: at least {list}").format(list=", ".join(parts))

    def machine_line(self, hardware: Hardware) -> str:
        """This machine, as far as it matters for packs."""
        memory = self.memory_text(hardware.memory_total)
        if hardware.gpu is not None:
            return self.tr("This computer: {gpu} with {gpu_memory}, and {memory} of memory.").format(
                gpu=hardware.gpu.name, gpu_memory=self.memory_text(hardware.gpu.memory_total), memory=memory
            )
        if hardware.unused_gpu:
            return self.tr(
                "This computer: {memory} of memory. {gpu} is not used: the installed torch is the one for processors."
            ).format(memory=memory, gpu=hardware.unused_gpu)
        return self.tr("This computer: {memory} of memory and no graphics card that can be used.").format(memory=memory)

    def fit_text(self, fit: Fit, hardware: Hardware) -> str:
        """The forecast in a sentence."""
        words = {
            (FitLevel.FITS, True): self.tr("Fits: needs about {needed}, and {place} has {total}."),
            (FitLevel.TIGHT, True): self.tr(
                "Tight: needs about {needed} of the {total} that {place} has. Close other programs first."
            ),
            (FitLevel.NO, True): self.tr("Does not fit: needs about {needed}, and {place} has {total}."),
            (FitLevel.FITS, False): self.tr("Works on the processor: needs about {needed} of {total} memory."),
            (FitLevel.TIGHT, False): self.tr(
                "Tight: needs about {needed} of {total} memory on the processor. Close other programs first."
            ),
            (FitLevel.NO, False): self.tr(
                "Does not fit: needs about {needed} on the processor, and there are {total}."
            ),
        }
        text = words[(fit.level, fit.on_gpu)]
        if fit.level is FitLevel.FITS and not fit.on_gpu and fit.needed > SLOW_BYTES:
            text = self.tr("Works on the processor, slowly: needs about {needed} of {total} memory.")
        place = hardware.gpu.name if hardware.gpu else ""
        text = text.format(needed=self.memory_text(fit.needed), total=self.memory_text(fit.memory_total), place=place)
        manner = self._manner(fit)
        return f"{text} {manner}" if manner else text

    def _manner(self, fit: Fit) -> str:
        """What is given up for it, in a sentence; empty where nothing is."""
        parts: list[str] = []
        if fit.stored is not None:
            parts.append(self.tr("4-bit weights") if fit.stored is Precision.NF4 else self.tr("8-bit weights"))
        if not fit.plan.resident:
            parts.append(self.tr("one network in memory at a time"))
        if fit.plan.text_on_cpu:
            parts.append(self.tr("the text read on the processor"))
        if fit.plan.tile is not None:
            parts.append(self.tr("the picture decoded in tiles"))
        return self.tr("That is with {list}.").format(list=", ".join(parts)) if parts else ""

    def unfinished_text(self, fetch: UnfinishedFetch) -> str:
        """How far a fetch came before it was paused or cut off."""
        return self.tr("Paused: {done} of {total} are here.").format(
            done=self.disk_text(fetch.done), total=self.disk_text(fetch.total)
        )

    def fetch_text(self, progress: FetchProgress, speed: float | None, left: float | None) -> str:
        """What a fetch is doing."""
        match progress.phase:
            case FetchPhase.ASKING:
                return self.tr("Asking what there is…")
            case FetchPhase.WAITING:
                return self.tr("Waiting {time}: {reason}").format(
                    time=seconds_text(progress.seconds), reason=progress.reason
                )
            case FetchPhase.CHECKING:
                return self.tr("Checking {file}").format(file=progress.file)
            case FetchPhase.INSTALLING:
                return self.tr("Installing…")
            case FetchPhase.FETCHING:
                pass
        text = self.tr("{done} of {total}").format(
            done=self.disk_text(progress.done), total=self.disk_text(progress.total)
        )
        if speed:
            text += self.tr(" · {speed} a second").format(speed=self.disk_text(round(speed)))
        return text + (self.tr(" · {time} left").format(time=seconds_text(left)) if left else "")

    def verdict_text(self, verdict: PackVerdict) -> str:
        """What checking or repairing a pack found."""
        name = verdict.pack.name
        if verdict.bad:
            files = ", ".join(f"{bad.file.path}" for bad in verdict.bad[:5])
            return self.tr("“{name}” is damaged: {n} of its files are not what was fetched ({files}).").format(
                name=name, n=len(verdict.bad), files=files
            )
        if verdict.problem:
            return self.tr("“{name}” cannot be used: {problem}").format(name=name, problem=verdict.problem)
        if verdict.recorded:
            return self.tr("“{name}” is sound: every file is what was fetched.").format(name=name)
        return self.tr("“{name}” is sound as far as its structure tells; there are no hashes to check it by.").format(
            name=name
        )

    def install_steps(self, offer: PackOffer, disk_free: int) -> tuple[tuple[str, bool], ...]:
        """What to do to have a published model: (text, whether it is a command for a terminal)."""
        model = offer.model
        repository = model.repository or model.checkpoint_repository
        folder = repository.rpartition("/")[2]
        steps = [
            (self.tr("1. Read the licences on huggingface.co/{repository}.").format(repository=repository), False),
            (self.tr("2. Download that repository. In a terminal with the huggingface_hub package:"), False),
            (f"hf download {repository} --local-dir {folder}", True),
            (self.tr("3. Press “Install from a folder…” below and choose it. Or in a terminal:"), False),
            (f"sana-desktop packs import {folder}", True),
        ]
        file = self.tr("With another Sana pack installed, {file} from {other} is enough: “Install from a file…”.")
        steps.append((file.format(file=model.checkpoints[0], other=model.checkpoint_repository), False))
        if model.variant is not None:
            copies = self.tr("The repository holds several copies of the weights and may be several times as large.")
            steps.append((copies, False))
        if 0 < disk_free < offer.download_bytes:
            room = self.tr("There is not enough room for it on this disk: {free} are free.")
            steps.append((room.format(free=self.disk_text(disk_free)), False))
        return tuple(steps)

    def _licence(self, pack: PackManifest) -> str:
        return self.tr("licence unknown") if pack.licence == UNKNOWN_LICENCE else pack.licence
