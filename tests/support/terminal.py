"""The terminal program with a fake engine and a home of its own."""

from collections.abc import Callable
from pathlib import Path

import httpx2
from typer.testing import CliRunner, Result

from sana_desktop.cli.app import build_app
from sana_desktop.cli.collaborators import Collaborators, FindPack, Machine
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.errors import PackError
from sana_desktop.system.packs import PackManifest
from sana_desktop.system.paths import AppPaths
from support.fake_engine import FakeEngine
from support.pack_surveys import processor_machine
from support.packs import write_pack_file

PARTS = ("transformer", "vae", "text_encoder", "tokenizer")
RANDOM_SEED = 4242


def complete_pack(folder: Path, pack_id: str = "toy") -> Path:
    """A pack that has, by the look of it, all its parts: 128 px, 4 steps, guidance 2."""
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    return write_pack_file(folder, pack_id)


def refuse_import(source: Path, packs_folder: Path, **_: object) -> PackManifest:
    """An importer that knows no file."""
    raise PackError(f"{source.name} is not a pack.", hint="Expected a folder.")


class Terminal:
    """Runs command lines in `home`, where one complete pack called “toy” ships."""

    def __init__(
        self,
        home: Path,
        engine: PictureEngine | None = None,
        *,
        make_engine: Callable[[AppPaths, FindPack], PictureEngine] | None = None,
        import_pack: Callable[..., PackManifest] = refuse_import,
        verify_pack: Callable[[PackManifest], None] = lambda pack: None,
        make_client: Callable[[], httpx2.Client] | None = None,
    ) -> None:
        self.home = home
        self.paths = AppPaths.below(home)
        self.shipped = home / "shipped"
        self.engine = FakeEngine() if engine is None else engine
        complete_pack(self.shipped / "toy")
        self.collaborators = Collaborators(
            paths=self.paths,
            shipped_packs=lambda: self.shipped,
            make_engine=make_engine or (lambda paths, find_pack, **_: self.engine),  # pyright: ignore[reportArgumentType]
            import_pack=import_pack,
            verify_pack=verify_pack,
            make_client=lambda proxy: _client(make_client),
            inspect_machine=lambda: Machine((("device", "paper"),), _precisions),
            random_seed=lambda: RANDOM_SEED,
            read_hardware=processor_machine,
        )

    def run(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        """The result of one command line; anything but an orderly exit fails the test."""
        app = build_app(self.collaborators)
        result = CliRunner().invoke(app, arguments, input=stdin, catch_exceptions=False, prog_name="sana-desktop")
        assert "Traceback" not in result.output
        return result

    def pictures(self) -> list[str]:
        """The files in the default folder of pictures."""
        return sorted(path.name for path in self.paths.pictures.rglob("*") if path.is_file())


def _precisions(pack: PackManifest) -> tuple[tuple[str, str, str], ...]:
    return (("transformer", "fp32", f"{pack.id} is made of paper"),)


def _client(make: Callable[[], httpx2.Client] | None) -> httpx2.Client:
    assert make is not None, "nothing should be fetched here"
    return make()
