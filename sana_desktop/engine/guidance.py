"""Classifier-free guidance: from a network and two texts to one function of noisy latents.

Shapes: B pictures, R rows of the network's batch, K latent channels, h w latent height and width,
L text tokens, E width of the text encoder, H heads, C head channels.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.engine.graphs import OnBlock, StepGraphs
from sana_desktop.engine.kernel_record import kernels_used
from sana_desktop.engine.row_threads import RowThreads
from sana_desktop.engine.sampling import Denoise
from sana_desktop.engine.sampling.schedule import model_time
from sana_desktop.engine.text_features import TextFeatures
from sana_models.dit import SanaTransformer, TextContext
from sana_models.dit_blocks import TextKeysValues


def denoiser(
    transformer: SanaTransformer,
    cond: TextFeatures | Sequence[TextFeatures],
    uncond: TextFeatures | Sequence[TextFeatures] | None,
    guidance: float,
    *,
    interval: GuidanceInterval | None = None,
    dtype: torch.dtype,
    device: torch.device,
    on_block: Callable[[], None] | None = None,
    threads: RowThreads | None = None,
    graphs: StepGraphs | None = None,
) -> Denoise:
    """Bind the network to a prompt, or one for each picture; the text is prepared here, once, for all steps.

    `dtype` and `device` are those of the transformer's weights. Guided velocity is

        v = v_uncond + guidance (v_cond - v_uncond)

    (arXiv 2207.12598, eq. 6, in the weighting of arXiv 2205.11487), taken in fp32 from one pass over the
    rows [uncond, cond]. At `guidance` <= 1 only the condition is asked and `uncond` may be None. A
    network that embeds the guidance scale (Sprint) gets it as an input instead, for any value, with the
    condition alone. At noise levels outside `interval` only the condition is asked, too.

    The function returned takes latents [B, K, h, w] and a noise level and gives fp32 where the latents
    are; with one text all B pictures share it, else there are B. How the texts were padded does not change
    a bit of the result. `on_block` is called before every block; what it raises ends the pass. With `threads`
    the rows of the network's batch are shared out among them, with `graphs` steps that nobody shares are recorded and
    replayed; a replay calls `on_block` once. Raises ValueError for a text without a single
    readable token, and where guidance needs an `uncond` that is missing.
    """
    config = transformer.config
    guided = guidance > 1.0 and not config.guidance_embeds
    if guided and uncond is None:
        raise ValueError(f"guidance {guidance} needs a negative text: expected features, found None")
    halves = [_listed(half) for half in ((uncond, cond) if guided else (cond,)) if half is not None]
    # What several pictures share is prepared once.
    different = list({id(text): text for half in halves for text in half}.values())
    places = {id(text): place for place, text in enumerate(different)}
    text_RLE, mask_RL = _padded(different)
    with torch.no_grad():
        text = transformer.prepare_text(text_RLE.to(device, dtype), mask_RL.to(device))
    shares = 1 if threads is None else threads.count
    # Rows are copied for the first batch of each size only.
    texts_by_batch: dict[tuple[int, int], list[TextContext]] = {}

    def texts_of(batch: int, asked: int) -> list[TextContext]:
        """The text of every share of the rows, where the last `asked` halves are."""
        if (batch, asked) not in texts_by_batch:
            last = halves[-asked:]
            rows = [places[id(one)] for half in last for one in (half if len(half) == batch else half * batch)]
            texts_by_batch[batch, asked] = [
                text if share == list(range(len(different))) else _taken(text, share) for share in _shares(rows, shares)
            ]
        return texts_by_batch[batch, asked]

    # On the device, as all that a step reads: what is copied there in a step makes the processor wait for the GPU.
    scale = guidance * config.guidance_embeds_scale if config.guidance_embeds else guidance
    scale_1 = torch.full((1,), scale, dtype=torch.float32, device=device)
    positions_by_size: dict[tuple[int, int], Tensor | None] = {}

    def positions_of(height: int, width: int) -> Tensor | None:
        if (height, width) not in positions_by_size:
            positions_by_size[height, width] = transformer.prepare_positions(height, width, dtype, device)
        return positions_by_size[height, width]

    def predict(inputs: StepInputs, on_block: OnBlock | None) -> Tensor:
        embedded = inputs.scale_1 if config.guidance_embeds else None
        # On each thread anew: it is the thread's own setting.
        with torch.no_grad():
            output_RKhw = transformer(
                inputs.latents_RKhw, inputs.time_1, inputs.text, embedded, on_block, inputs.positions_ND
            )
        # To fp32 before the difference: guidance multiplies what 16 bit would have rounded away.
        return output_RKhw.float()

    def step(guides: bool, masked: bool, tensors: Sequence[Tensor], on_block: OnBlock | None) -> Tensor:
        """One guided step from tensors alone, all of them on the device, as recordings want it."""
        inputs = unflattened(tensors, masked=masked)
        rows_RKhw = inputs.latents_RKhw.to(dtype).repeat(2 if guides else 1, 1, 1, 1)
        output_RKhw = predict(inputs._replace(latents_RKhw=rows_RKhw), on_block)
        return _weighed(output_RKhw, inputs.scale_1) if guides else output_RKhw

    graphs = StepGraphs(None) if graphs is None else graphs
    kernels = kernels_used(device, dtype)

    def denoise(latents_BKhw: Tensor, level: float) -> Tensor:
        guides = guided and (interval is None or level in interval)
        asked = 2 if guides else 1
        time = level if config.guidance_embeds else model_time(level)
        # One row for all of the network's: they are at the same level, and the modulation is computed once.
        time_1 = torch.full((1,), time * config.timestep_scale, dtype=torch.float32, device=device)
        texts = texts_of(latents_BKhw.shape[0], asked)
        positions = positions_of(*latents_BKhw.shape[-2:])
        x_BKhw = latents_BKhw.to(device)
        if threads is None or len(texts) == 1:
            inputs = StepInputs(x_BKhw, time_1, scale_1, texts[0], positions)
            masked = texts[0].mask_B11L is not None
            kind = (guides, masked, kernels)
            answer = graphs.run(transformer, kind, partial(step, guides, masked), flattened(inputs), on_block)
            return answer.to(latents_BKhw.device)
        rows_RKhw = x_BKhw.to(dtype).repeat(asked, 1, 1, 1)
        shared = [
            StepInputs(part, time_1, scale_1, text, positions)
            for part, text in zip(rows_RKhw.tensor_split(len(texts)), texts, strict=True)
        ]
        output_RKhw = torch.cat(threads.spread(partial(predict, on_block=on_block), shared))
        return _weighed(output_RKhw, scale_1) if guides else output_RKhw

    return denoise


class StepInputs(NamedTuple):
    """All that a step of the network reads beside its weights, on the device of these."""

    latents_RKhw: Tensor
    time_1: Tensor
    scale_1: Tensor
    text: TextContext
    positions_ND: Tensor | None


def flattened(inputs: StepInputs) -> list[Tensor]:
    """The tensors of `inputs` in a row, without those that are missing."""
    text = [part for block in inputs.text.blocks for part in block]
    last = [one for one in (inputs.text.mask_B11L, inputs.positions_ND) if one is not None]
    return [inputs.latents_RKhw, inputs.time_1, inputs.scale_1, *text, *last]


def unflattened(tensors: Sequence[Tensor], *, masked: bool) -> StepInputs:
    """The inputs that `flattened` made these of; `masked` says whether their text had a mask."""
    latents, time, scale, *rest = tensors
    mask = rest.pop(-1 if len(rest) % 2 else -2) if masked else None
    positions = rest.pop() if len(rest) % 2 else None
    blocks = tuple(TextKeysValues(key, value) for key, value in zip(rest[::2], rest[1::2], strict=True))
    return StepInputs(latents, time, scale, TextContext(blocks, mask), positions)


def _weighed(output_RKhw: Tensor, scale_1: Tensor) -> Tensor:
    """Guided velocity from the rows [uncond, cond]."""
    uncond_BKhw, cond_BKhw = output_RKhw.chunk(2)
    return uncond_BKhw + scale_1 * (cond_BKhw - uncond_BKhw)


def _padded(texts: Sequence[TextFeatures]) -> tuple[Tensor, Tensor]:
    """Stack texts as [R, L, E] with a mask [R, L].

    Cross-attention does not know the order of tokens, so unreadable positions are dropped wherever they
    stand; what is left needs padding, of zeros, only where the texts differ in length.
    """
    kept = [text.states_1LE[0, text.mask_1L[0].bool()] for text in texts]
    if min(len(states_LE) for states_LE in kept) == 0:
        raise ValueError("expected at least one readable token in every text, found none")
    masks = [torch.ones(len(states_LE), dtype=torch.bool, device=states_LE.device) for states_LE in kept]
    return pad_sequence(kept, batch_first=True), pad_sequence(masks, batch_first=True)


def _listed(half: TextFeatures | Sequence[TextFeatures]) -> list[TextFeatures]:
    return [half] if isinstance(half, TextFeatures) else list(half)


def _shares(rows: list[int], count: int) -> list[list[int]]:
    """The rows in `count` pieces, as `torch.tensor_split` cuts them, but none empty."""
    count = max(1, min(count, len(rows)))
    least, more = divmod(len(rows), count)
    ends = [place * least + min(place, more) for place in range(count + 1)]
    return [rows[first:end] for first, end in pairwise(ends)]


def _taken(text: TextContext, rows: Sequence[int]) -> TextContext:
    """These rows of a text, in this order: that of the latents' rows, in either half of guidance."""
    index = torch.tensor(rows, device=text.blocks[0].key_BHLC.device)
    blocks = tuple(
        TextKeysValues(block.key_BHLC.index_select(0, index), block.value_BHLC.index_select(0, index))
        for block in text.blocks
    )
    return TextContext(blocks, None if text.mask_B11L is None else text.mask_B11L.index_select(0, index))
