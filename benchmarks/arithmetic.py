"""What a step of the linear DiT costs at least: operations and bytes, counted from its shapes.

Shapes: R rows of the batch, N image tokens, L text tokens, D width, F hidden width of the feed-forward.
"""

from dataclasses import dataclass

from sana_models.configs import DiTConfig

TAPS = 9


@dataclass(frozen=True, slots=True)
class Cost:
    """Floating-point operations (a multiply-add is two) and bytes that must move between memory and chip."""

    flop: float
    bytes: float

    def floor(self, flop_per_second: float, bytes_per_second: float) -> float:
        """Seconds that a machine with these ceilings cannot go below: the slower of both."""
        return max(self.flop / flop_per_second, self.bytes / bytes_per_second)


def block_phases(config: DiTConfig, rows: int, tokens: int, text: int, itemsize: int) -> dict[str, Cost]:
    """One block, phase by phase; every input is read once and every output written once."""
    d, f, c = config.width, config.ffn_width, config.head_channels
    m = rows * tokens

    def linear(width_in: int, width_out: int) -> Cost:
        moved = m * (width_in + width_out) + width_in * width_out
        return Cost(2.0 * m * width_in * width_out, float(itemsize * moved))

    def passes(count: int, width: int, flop_each: float) -> Cost:
        return Cost(flop_each * m * width, float(itemsize * count * m * width))

    projection = linear(d, d)
    # q, k, v and out of self-attention, q and out of cross-attention; its keys and values are ready.
    return {
        "projections": Cost(6 * projection.flop, 6 * projection.bytes),
        "linear attention": Cost(4.0 * m * d * c, float(itemsize * 4 * m * d)),
        "cross-attention": Cost(4.0 * m * text * d, float(itemsize * 2 * (m + rows * text) * d)),
        "feed-forward in": linear(d, 2 * f),
        "gated convolution": Cost(2.0 * TAPS * m * 2 * f, float(itemsize * 3 * m * f)),
        "feed-forward out": linear(f, d),
        "two modulated norms": Cost(16.0 * m * d, float(itemsize * 4 * m * d)),
        "residuals": passes(8, d, 5.0),
    }


def step(config: DiTConfig, rows: int, tokens: int, text: int, itemsize: int) -> Cost:
    """All blocks of a step; embeddings and the head are below one per cent and left out."""
    phases = block_phases(config, rows, tokens, text, itemsize).values()
    return Cost(config.layers * sum(cost.flop for cost in phases), config.layers * sum(cost.bytes for cost in phases))
