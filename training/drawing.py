"""Pictures drawn by a pack through the product's own engine, kept as files so that a killed run goes on."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.resources import resources_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to draw; None leaves the pack's default."""

    steps: int | None = None
    solver: Solver | None = None
    guidance: float | None = None
    precision: Precision = Precision.AUTO


class Drawer:
    """Draws one prompt after another with one pack."""

    def __init__(self, engine: Engine, manifest: PackManifest) -> None:
        self._engine, self._manifest = engine, manifest

    def draw(self, prompt: str, seed: int, manner: Manner) -> Image.Image:
        """The picture of `prompt` at the pack's own size."""
        pack = self._manifest
        recipe = Recipe(
            prompt=prompt,
            size=Size(pack.base_size, pack.base_size),
            steps=manner.steps or pack.default_steps,
            guidance=pack.default_guidance if manner.guidance is None else manner.guidance,
            seed=seed,
            solver=manner.solver or pack.default_solver,
            pack=pack.id,
            precision=manner.precision,
        )
        (picture,) = self._engine.generate(1, (recipe,), lambda _: None, CancelToken())
        return Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)

    def draw_into(self, folder: Path, prompts: list[tuple[str, int]], manner: Manner) -> list[Path]:
        """Draw (prompt, seed) after (prompt, seed) into numbered files; those that are there are kept."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{number:03}.png" for number in range(len(prompts))]
        for path, (prompt, seed) in zip(paths, prompts, strict=True):
            if path.exists():
                continue
            partial = path.with_suffix(".partial")
            self.draw(prompt, seed, manner).save(partial, format="PNG")
            partial.replace(path)
            print(f"{path}: {prompt}", flush=True)
        return paths


@contextmanager
def drawer_for(manifest: PackManifest, cache: Path) -> Generator[Drawer]:
    """A drawer whose journal of unfinished work is thrown away at the end."""
    with TemporaryDirectory() as journal:
        yield Drawer(Engine(lambda _: manifest, cache, Path(journal), resources_folder()), manifest)
