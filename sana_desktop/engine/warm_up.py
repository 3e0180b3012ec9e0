"""What a GPU does once for every kind of picture, done before somebody waits for one.

Kernels are built for the shapes that they meet, libraries choose among theirs, and steps are recorded; together that
takes longer than a small picture. On processors there is nothing of the kind.

Shapes: B pictures of one batch, K latent channels, h w latent height and width.
"""

from collections.abc import Callable

from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.decode import decode_latents
from sana_desktop.engine.embedding_cache import EmbeddingCache
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.sample import initial_latents, sample
from sana_desktop.engine.words import read_words

# Latent positions on a side of what is decoded: its kernels are those of any size.
SIDE = 4


def warm_up(recipe: Recipe, pack: LoadedPack, cache: EmbeddingCache, check: Callable[[], None]) -> None:
    """Read the words of `recipe`, take its first step and decode a little, and throw the result away.

    What was read stays in `cache`, and a step that was recorded with the pack. What `check` raises ends it.
    """
    features = read_words(pack.text_encoder(lambda text: None, check), (recipe,), pack.text_rules, cache, check)
    transformer = pack.transformer(check)
    start_BKhw = initial_latents((recipe,), None, transformer.config.in_channels)
    first = recipe.stopped_after(1)
    sample((first,), pack, transformer, features, start_BKhw, lambda state: None, check, pack.graphs)
    decode_latents(pack.vae(check), start_BKhw[:, :, :SIDE, :SIDE], check)
