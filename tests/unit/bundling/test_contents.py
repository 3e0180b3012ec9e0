"""What stays out of the bundle, and what must not."""

import pytest

from bundling.contents import (
    HIDDEN_MODULES,
    KEPT_MODELS,
    UNUSED_MODULES,
    has_gpu_libraries,
    is_installed,
    is_unused,
    transformers_models,
    unused_modules,
)


@pytest.mark.parametrize(
    "place",
    [
        "torch/include/ATen/ATen.h",
        "torch/test/cpp/api",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6\\Qt\\translations\\qt_de.qm",
        "transformers/models/bert/modeling_bert.py",
        "pytest-9.2.0.dist-info/METADATA",
        "sana_desktop-0.1.0.dist-info/direct_url.json",
    ],
)
def test_what_nobody_needs_stays_out(place: str) -> None:
    assert is_unused(place, gpu=False)


@pytest.mark.parametrize(
    "place",
    [
        # Without it `import torch` fails.
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "transformers/models/gemma3/modeling_gemma3.py",
        "transformers/models/__init__.py",
        "sana_desktop-0.1.0.dist-info/METADATA",
        "resources/starter/pack.toml",
    ],
)
def test_what_it_runs_on_stays_in(place: str) -> None:
    assert not is_unused(place, gpu=False)
    assert not is_unused(place, gpu=True)


def test_libraries_for_graphics_cards_are_in_their_own_bundle_only() -> None:
    assert is_unused("bitsandbytes/libbitsandbytes_cuda128.so", gpu=False)
    assert not is_unused("bitsandbytes/libbitsandbytes_cuda128.so", gpu=True)
    assert "triton" in unused_modules(False, [])
    assert "triton" not in unused_modules(True, [])


def test_of_transformers_models_only_the_text_encoders_stay() -> None:
    unused = unused_modules(False, [*KEPT_MODELS, "bert"])
    assert "transformers.models.bert" in unused
    assert not [name for name in KEPT_MODELS if f"transformers.models.{name}" in unused]


def test_the_kept_models_exist_and_nothing_hidden_is_left_out() -> None:
    assert set(transformers_models()) >= KEPT_MODELS
    everything_unused = set(unused_modules(False, transformers_models()))
    assert not everything_unused & set(HIDDEN_MODULES)


def test_what_is_under_the_gpl_stays_out() -> None:
    assert {"readline", "_gdbm", "dbm.gnu"} <= set(UNUSED_MODULES)


def test_the_flavour_follows_what_is_installed() -> None:
    assert is_installed("json")
    assert not is_installed("no_such_module_anywhere")
    assert has_gpu_libraries() in (True, False)
