"""Classifier-free guidance: from a network and two texts to one function of noisy latents.

Shapes: B pictures, R rows of the network's batch, K latent channels, h w latent height and width,
L text tokens, E width of the text encoder, H heads, C head channels.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sana_desktop.domain.guidance_interval import GuidanceInterval
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
    the rows of the network's batch are shared out among them. Raises ValueError for a text without a single
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

    def denoise(latents_BKhw: Tensor, level: float) -> Tensor:
        batch = latents_BKhw.shape[0]
        guides = guided and (interval is None or level in interval)
        asked = 2 if guides else 1
        time = level if config.guidance_embeds else model_time(level)
        # One row for all of the network's: they are at the same level, and the modulation is computed once.
        time_1 = torch.full((1,), time * config.timestep_scale, dtype=torch.float32, device=device)
        embedded_1 = torch.full_like(time_1, guidance * config.guidance_embeds_scale)
        embedded = embedded_1 if config.guidance_embeds else None

        def predict(share: tuple[Tensor, TextContext]) -> Tensor:
            # On each thread anew: it is the thread's own setting.
            with torch.no_grad():
                return transformer(share[0], time_1, share[1], embedded, on_block)

        texts = texts_of(batch, asked)
        inputs_RKhw = latents_BKhw.to(device, dtype).repeat(asked, 1, 1, 1)
        parts = list(zip(inputs_RKhw.tensor_split(len(texts)), texts, strict=True))
        outputs = [predict(parts[0])] if threads is None or len(parts) == 1 else threads.spread(predict, parts)
        output_RKhw = outputs[0] if len(outputs) == 1 else torch.cat(outputs)
        # To fp32 before the difference: guidance multiplies what 16 bit would have rounded away.
        output_RKhw = output_RKhw.to(latents_BKhw.device, torch.float32)
        if not guides:
            return output_RKhw
        uncond_BKhw, cond_BKhw = output_RKhw.chunk(2)
        return uncond_BKhw + guidance * (cond_BKhw - uncond_BKhw)

    return denoise


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
