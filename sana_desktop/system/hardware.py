"""The machine that pictures are drawn on, as far as it can be known without torch.

Reading it asks another program and the disk: up to some seconds, so not for the window's thread.
"""

import csv
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

SECONDS_TO_ANSWER = 5.0
QUERY = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")
MIB = 2**20
PROCESSOR_FILE = Path("/proc/cpuinfo")
LARGEST_PROCESSOR_FILE = 2**20
# Emulated bf16 is ten times slower than fp32, so the engine wants one of these instruction sets.
BF16_FLAGS = {"amx_bf16", "avx512_bf16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """A graphics card that torch can use; memory in bytes."""

    name: str
    memory_total: int
    memory_free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What draws here: the card where there is one, else the processor. Memory in bytes.

    `unused_gpu` is the name of a card that this installation of torch cannot use, empty without one.
    """

    memory_total: int
    memory_free: int
    gpu: Gpu | None
    processor: str
    fast_bf16: bool
    unused_gpu: str = ""


def read_hardware(ask: Callable[[], str] | None = None, torch_version: str | None = None) -> Hardware:
    """Look at the machine; anything that cannot be found out is taken as not being there.

    `ask` gives what nvidia-smi prints; `torch_version` is that of the installed torch.
    """
    memory = psutil.virtual_memory()
    name, flags = _processor()
    gpu = parse_gpus((ask or _ask_nvidia)())
    # The wheels without CUDA say so in their version, and then the best card does not help.
    usable = "+cpu" not in (torch_version if torch_version is not None else _torch_version())
    return Hardware(
        memory_total=memory.total,
        memory_free=memory.available,
        gpu=gpu if usable else None,
        processor=name,
        fast_bf16=bool(flags & BF16_FLAGS),
        unused_gpu=gpu.name if gpu and not usable else "",
    )


def machine_facts() -> tuple[tuple[str, str], ...]:
    """What a report says of the machine; quick, because it asks no other program."""
    memory = psutil.virtual_memory()
    return (
        ("Processor", _processor()[0]),
        ("Memory", f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"),
    )


def parse_gpus(text: str) -> Gpu | None:
    """The first card in nvidia-smi's answer, which is the one that the engine takes; None if there is none."""
    for row in csv.reader(text.splitlines()):
        cells = [cell.strip() for cell in row]
        if len(cells) == 3 and cells[1].isdecimal() and cells[2].isdecimal():
            return Gpu(name=cells[0][:100], memory_total=int(cells[1]) * MIB, memory_free=int(cells[2]) * MIB)
    return None


def parse_processor(text: str) -> tuple[str, frozenset[str]]:
    """Name and instruction sets of the first processor in the text of /proc/cpuinfo."""
    name, flags = "", frozenset[str]()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name" and not name:
            name = value.strip()
        elif key.strip() == "flags" and not flags:
            flags = frozenset(value.split())
    return name, flags


def _processor() -> tuple[str, frozenset[str]]:
    try:
        with PROCESSOR_FILE.open(encoding="utf-8", errors="replace") as file:
            name, flags = parse_processor(file.read(LARGEST_PROCESSOR_FILE))
    except OSError:
        name, flags = "", frozenset[str]()
    return name or platform.processor() or platform.machine(), flags


def _torch_version() -> str:
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""


def _ask_nvidia() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    # On Windows a console would flash up for a moment.
    flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
    try:
        answer = subprocess.run(
            [program, *QUERY],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS_TO_ANSWER,
            check=False,
            creationflags=flags,
        )
    # A driver that hangs or was removed is as good as none.
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""
