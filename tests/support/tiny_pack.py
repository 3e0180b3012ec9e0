"""A whole pack that draws within a second: every part of the real thing, tiny, with random weights."""

from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import read_pack
from sana_models.configs import DiTConfig
from support.recipes import recipe
from support.tiny_checkpoints import write_pipeline_folder
from support.tiny_gemma import WIDTH, tiny_gemma, wrapped_tokenizer
from support.tiny_models import TINY_DIT, random_dcae, random_dit


def write_tiny_pack(folder: Path, config: DiTConfig = TINY_DIT) -> Path:
    """Let diffusers save a complete pipeline of random networks into `folder`."""
    return write_pipeline_folder(
        folder,
        random_dit(replace(config, caption_channels=WIDTH)),
        random_dcae(),
        text_encoder=tiny_gemma(),
        tokenizer=wrapped_tokenizer(),
    )


def tiny_engine(pack: Path, home: Path, resources: Path) -> Engine:
    """An engine that knows one pack, whatever name it is asked for."""
    manifest: PackManifest = read_pack(pack)
    return Engine(lambda _: manifest, home / "cache", home / "journal", resources)


def tiny_recipe(**changes: object) -> Recipe:
    """A recipe that the tiny pack draws in a few steps, in fp32."""
    values = {"size": Size(96, 64), "steps": 3, "guidance": 4.5, "precision": Precision.FP32, "pack": "tiny"}
    return recipe(**{**values, **changes})


def largest_difference(one: Picture, other: Picture) -> int:
    """Largest difference of two pictures in levels of 255."""
    return max(abs(a - b) for a, b in zip(one.rgb, other.rgb, strict=True))
