"""`sana-desktop packs quantize`: a pack's weights in 8 or 4 bit, made ready before anybody waits for a picture."""

from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.interrupt import on_interrupt
from sana_desktop.cli.order import Wishes, order_for
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Precision
from sana_desktop.errors import JobCancelledError, RecipeError
from sana_desktop.system.packs import choose_pack


def add_quantize(packs: typer.Typer, collaborators: Collaborators) -> None:
    """Give the group `packs` the command."""

    @packs.command()
    def quantize(
        pack: Annotated[str, typer.Argument(metavar="PACK", help="Id or folder of a pack.")],
        to: Annotated[Precision, typer.Option(help="int8, nf4 or w8a8.")] = Precision.NF4,
    ) -> None:
        """Store a pack's weights in 8 or 4 bit, beside the original ones. Drawing with --precision does so, too."""
        with reporting(collaborators.paths.logs):
            if not to.quantizes:
                raise RecipeError(f"Weights cannot be quantized to {to}.", hint="Use --to int8, --to nf4 or --to w8a8.")
            manifest = choose_pack(pack, collaborators.pack_folders())
            manifest.require_parts()
            recipe = order_for(Wishes(prompt="", seed=0, precision=to), manifest, collaborators.random_seed).recipe
            engine = collaborators.make_engine(collaborators.paths, lambda _: manifest)
            cancel = CancelToken()
            say(f"quantizing {manifest.id} to {to}")
            try:
                with on_interrupt(cancel.cancel):
                    # Loading makes what is not there yet, and shows at once that it can be read.
                    engine.prepare(recipe, cancel)
            except JobCancelledError:
                say("cancelled; what was finished is kept")
                raise
            finally:
                engine.close()
            say(f'  sana-desktop generate "a red apple" --pack {manifest.id} --precision {to}')
