"""Which pictures of a list are drawn together."""

from collections.abc import Iterable, Iterator

from sana_desktop.services.batch.prompt_list import Item

Group = tuple[Item, ...]


def groups(items: Iterable[Item], most: int) -> Iterator[Group]:
    """Cut a stream into groups of at most `most` that can be drawn as one batch: neighbours with seeds that count up.

    What is drawn together shares everything but the seed. The same stream is always cut the same way.
    """
    waiting: list[Item] = []
    for item in items:
        if waiting and (len(waiting) == most or not _follows(waiting[0], item, len(waiting))):
            yield tuple(waiting)
            waiting = []
        waiting.append(item)
    if waiting:
        yield tuple(waiting)


def _follows(first: Item, item: Item, place: int) -> bool:
    seed = first.recipe.seed + place
    return item.recipe.seed == seed and item.recipe == first.recipe.with_seed(seed)
