"""The part of a list that is to be drawn, as a stream of pictures."""

from collections.abc import Callable, Iterator

from sana_desktop.domain.batch.problem import Problem
from sana_desktop.errors import KnownError
from sana_desktop.services.batch.manifest import MOST_ITEMS
from sana_desktop.services.batch.prompt_list import Item, PromptList

WHOLE = (1, 1)


def pictures(
    listed: PromptList,
    tell: Callable[[Problem], None],
    *,
    shard: tuple[int, int] = WHOLE,
    limit: int | None = None,
) -> Iterator[Item]:
    """The first `limit` pictures of a list, of those every n-th: shard (i, n) has the i-th, (n+i)-th, ... of them.

    `tell` hears of what is left out. All shards together have every picture once. Raises `KnownError` for a list
    with more pictures than a run can keep book of.
    """
    mine, shards = shard
    for one in listed.walk():
        if isinstance(one, Problem):
            tell(one)
            continue
        if limit is not None and one.index >= limit:
            return
        for item in listed.items(one):
            if isinstance(item, Problem):
                tell(item)
            elif item.index >= MOST_ITEMS:
                raise KnownError(f"The list has more than {MOST_ITEMS:,} pictures.", hint="Use --limit, or split it.")
            elif (limit is None or item.index < limit) and item.index % shards == mine - 1:
                yield item


def parse_shard(text: str) -> tuple[int, int]:
    """Read “2/8”, the second of eight parts; raises `KnownError`."""
    first, slash, second = text.partition("/")
    if slash and first.isascii() and second.isascii() and first.isdigit() and second.isdigit() and len(text) < 12:
        mine, shards = int(first), int(second)
        if 1 <= mine <= shards:
            return mine, shards
    raise KnownError(f"“{text[:20]}” is not a part of a list.", hint="Write 2/8 for the second of eight parts.")
