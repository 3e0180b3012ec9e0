"""Which pictures of a list are drawn together, and whose words are read before."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from sana_desktop.domain.recipe import Recipe
from sana_desktop.services.batch.prompt_list import Item

# Looked over at once: enough to find pictures of one size, few enough that their words fit on the disk.
MOST_AHEAD = 128


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that are drawn as one batch; the first `done` of them exist.

    The words of the batches in `ahead` are to be read before it: those of all groups of its pack until the next such.
    """

    items: tuple[Item, ...]
    done: int = 0
    ahead: tuple[tuple[Recipe, ...], ...] = ()

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """What is drawn."""
        return tuple(item.recipe for item in self.items)


def groups(
    items: Iterable[Item],
    is_done: Callable[[Item], bool],
    most: int,
    was_given_up: Callable[[Item], bool] = lambda item: False,
) -> Iterator[Group]:
    """Cut a stream into groups of at most `most` that differ in words and seeds only; `is_done` is asked once of each.

    They are looked for among `MOST_AHEAD` pictures at a time, and those of one pack follow each other; one at a time,
    the order is that of the list. The same stream is always cut the same way, so that a run that is gone on with draws
    the same batches: a group of which the first pictures exist stays whole, because what is kept of it is kept of the
    whole batch. Of one with others missing, or with one that an earlier run gave up, only what is missing is drawn.
    """
    stream = iter(items)
    while window := list(islice(stream, max(MOST_AHEAD, most))):
        found = [group for group in map(partial(_left, is_done, was_given_up), _cut(window, most)) if group is not None]
        yield from _with_words(found)


def _cut(window: list[Item], most: int) -> Iterator[tuple[Item, ...]]:
    if most == 1:
        yield from ((item,) for item in window)
        return
    alike: dict[str, dict[tuple[object, ...], list[Item]]] = {}
    for item in window:
        alike.setdefault(item.recipe.pack, {}).setdefault(item.recipe.batch_key, []).append(item)
    for of_pack in alike.values():
        for one in of_pack.values():
            yield from (tuple(one[first : first + most]) for first in range(0, len(one), most))


def _left(
    is_done: Callable[[Item], bool], was_given_up: Callable[[Item], bool], items: tuple[Item, ...]
) -> Group | None:
    done = [is_done(item) for item in items]
    first = next((place for place, one in enumerate(done) if not one), None)
    if first is None:
        return None
    missing = tuple(item for item, one in zip(items, done, strict=True) if not one)
    if any(done[first:]) or any(map(was_given_up, missing)):
        return Group(missing)
    return Group(items, first)


def _with_words(found: list[Group]) -> Iterator[Group]:
    # One group reads its own words as well as anybody.
    if len(found) > 1:
        heads: dict[str, int] = {}
        for place, group in enumerate(found):
            heads.setdefault(group.items[0].recipe.pack, place)
        for pack, place in heads.items():
            batches = (group.recipes for group in found if group.items[0].recipe.pack == pack)
            found[place] = replace(found[place], ahead=tuple(batches))
    yield from found
