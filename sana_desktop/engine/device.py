"""What this machine computes with, and the arithmetic chosen for each part of a pack, with the reason."""

import platform
from dataclasses import dataclass, replace

import psutil
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.errors import RecipeError
from sana_desktop.system.pack_manifest import PackManifest

DTYPES = {Precision.FP32: torch.float32, Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Device:
    """Where the networks run. `fast` maps each precision to why it is fast here, or leaves it out."""

    torch_device: torch.device
    name: str
    fast: dict[Precision, str]


@dataclass(frozen=True, slots=True)
class PrecisionChoice:
    """One part's arithmetic and the reason, as `doctor` and the record of a picture show it.

    `stored` is `int8`, `nf4` or `w8a8` where weights are stored in fewer bits than the arithmetic around them has.
    """

    precision: Precision
    reason: str
    stored: Precision | None = None

    @property
    def dtype(self) -> torch.dtype:
        """The torch type of weights and activations."""
        return DTYPES[self.precision]

    def __str__(self) -> str:
        return f"{self.stored} computed in {self.precision}" if self.stored else str(self.precision)


@dataclass(frozen=True, slots=True)
class PackChoices:
    """Arithmetic of all three networks of a pack on one device."""

    transformer: PrecisionChoice
    text_encoder: PrecisionChoice
    vae: PrecisionChoice


@dataclass(frozen=True, slots=True)
class MachineReport:
    """What `doctor` prints about the machine, as (label, value) lines."""

    lines: tuple[tuple[str, str], ...]


def find_device() -> Device:
    """Choose the first GPU that torch can use, else the CPU."""
    if torch.cuda.is_available():
        major, minor = torch.cuda.get_device_capability(0)
        fast = {Precision.FP32: "every GPU has it", Precision.FP16: f"SM {major}.{minor} has fp16 tensor cores"}
        if major >= 8:
            fast[Precision.BF16] = f"SM {major}.{minor} has bf16 tensor cores"
        return Device(torch.device("cuda", 0), torch.cuda.get_device_name(0), fast)
    return Device(torch.device("cpu"), _processor_name(), _fast_on_cpu())


def choose_precision(
    device: Device, allowed: tuple[Precision, ...], requested: Precision, part: str
) -> PrecisionChoice:
    """Pick the arithmetic of one part: what was asked for if the pack bears it, else the best that is fast.

    `allowed` is the pack's list, best first. Raises `RecipeError` for a request that would ruin the
    picture (fp16 weights in bf16 and the other way round give noise).
    """
    if requested is not Precision.AUTO:
        if requested not in allowed:
            raise RecipeError(
                f"The {part} of this pack does not work in {requested}: it gives noise instead of a picture.",
                hint=f"Use --precision auto, or one of: {', '.join(allowed)}.",
            )
        return PrecisionChoice(requested, "asked for")
    for precision in allowed:
        if precision in device.fast:
            return PrecisionChoice(precision, f"the pack allows it and {device.fast[precision]}")
    last = allowed[-1]
    return PrecisionChoice(last, f"the pack allows nothing that is fast on {device.name}")


def choose_for_pack(device: Device, manifest: PackManifest, requested: Precision = Precision.AUTO) -> PackChoices:
    """Pick the arithmetic of a whole pack.

    16 bit is asked for on behalf of the transformer; its neighbours have rules of their own. fp32 is asked
    for to be exact, so it holds for every part. 8 and 4 bit are asked for to save memory, so they hold for transformer
    and text encoder, whose arithmetic is then chosen as for `auto`; the autoencoder is small. W8A8 is for the
    transformer alone.
    """
    allowed = manifest.precisions
    stored = requested if requested.quantizes else None
    text_stored = Precision.INT8 if stored is Precision.W8A8 else stored
    wish = Precision.AUTO if requested.quantizes else requested
    others = wish if wish is Precision.FP32 else Precision.AUTO
    return PackChoices(
        transformer=replace(choose_precision(device, allowed.transformer, wish, "transformer"), stored=stored),
        text_encoder=replace(
            choose_precision(device, allowed.text_encoder, others, "text encoder"), stored=text_stored
        ),
        vae=choose_precision(device, allowed.vae, others, "autoencoder"),
    )


def describe_machine() -> MachineReport:
    """Gather what a person who helps with a problem would ask for first."""
    device = find_device()
    memory = psutil.virtual_memory()
    lines = [
        ("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"),
        ("torch", torch.__version__),
        ("device", f"{device.torch_device} ({device.name})"),
        ("fast here", "; ".join(f"{precision}: {why}" for precision, why in device.fast.items())),
        ("memory", f"{memory.available / _GIB:.1f} of {memory.total / _GIB:.1f} GiB free"),
        ("threads", str(torch.get_num_threads())),
    ]
    if device.torch_device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device.torch_device)
        lines.insert(5, ("GPU memory", f"{free / _GIB:.1f} of {total / _GIB:.1f} GiB free"))
    return MachineReport(tuple(lines))


def precision_lines(manifest: PackManifest) -> tuple[tuple[str, str, str], ...]:
    """Say for each part of a pack which arithmetic this machine would use and why."""
    choices = choose_for_pack(find_device(), manifest)
    parts = (
        ("transformer", choices.transformer),
        ("text encoder", choices.text_encoder),
        ("autoencoder", choices.vae),
    )
    return tuple((part, str(choice.precision), choice.reason) for part, choice in parts)


def _fast_on_cpu() -> dict[Precision, str]:
    """Emulated bf16 is ten times slower than fp32, so it needs the instructions."""
    capabilities = torch.cpu.get_capabilities()
    fast = {Precision.FP32: "every processor has it"}
    if capabilities.get("amx_bf16"):
        fast[Precision.BF16] = "this processor has AMX for bf16"
    elif capabilities.get("avx512_bf16"):
        fast[Precision.BF16] = "this processor has AVX512-BF16"
    return fast


def _processor_name() -> str:
    name = torch.cpu.get_capabilities().get("cpu_name")
    return str(name) if name else platform.processor() or platform.machine()
