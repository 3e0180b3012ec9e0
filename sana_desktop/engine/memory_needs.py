"""How much memory a picture takes, phase by phase: arithmetic on shapes, for any size, precision and plan.

Nothing is loaded and torch is not needed, so the window can ask while one types. Counted are weights as they lie in
memory (what is read from a file without a cast counts as far as it is read) and the activations that are alive at the
peak of a phase. What programs and libraries take beside, and how far this machine is off, is measured, not known:
see `services/memory_book.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.events import Phase
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.quantize.tables import SMALL_TEXT_ENCODER, late_blocks
from sana_desktop.engine.weights.configs import read_autoencoder_config, read_transformer_config
from sana_desktop.errors import KnownError
from sana_desktop.system.pack_manifest import PackManifest, PackPrecisions, PackText, TextSource
from sana_desktop.system.pack_needs import GEMMA_3_270M, GEMMA_3_ATTENTION, GEMMA_3_WORDS
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.tensor_header import TensorInfo, read_tensor_header
from sana_models.configs import DCAEConfig, DiTConfig

ITEMSIZE = {Precision.FP32: 4, Precision.BF16: 2, Precision.FP16: 2}
STORED_BYTES = {Precision.INT8: 1.0, Precision.W8A8: 1.0, Precision.NF4: 0.5 + 1 / 64 + 4 / (64 * 256)}
# Layers with fewer inputs stay in 16 bit; see engine/quantize/linear.py.
BLOCK = 64

# Tensors of the widest stage that are alive in a decode. Of a residual block three: what goes in, what is between its
# convolutions, and what comes out; where channels unfold into squares four: convolved, unfolded, their shortcut, the
# sum. A third of one more for what stages before left over and blocks at work.
# Measured 3.3 (DC-AE, 1024 px, benchmarks/exact_decode.py) and 4.1 (starter pack, 2048 px).
DECODE_ALIVE, DECODE_ALIVE_UNFOLDING = 3.3, 4.3
# Blocks up to this many bytes come from glibc's heap, which keeps what is freed between others: about so many times as
# much as is alive (measured: starter pack, 512 and 1024 px). Larger ones go back to the system at once.
HEAP_BLOCK, HEAP_KEEPS = 32 * 2**20, 1.6
# On a card, where no convolution is cut into strips: what goes into a residual block, what is between its convolutions,
# what the second made, and its norm. Counted on the meta device, not fitted.
DECODE_ALIVE_ON_CARD = 4.0
# Of the library of matrix products, for each stream, on the largest cards.
WORKSPACE = 32 * 2**20
HALO_PIXELS = 56
# Of a transformer's block: tensors of the feed-forward's double width, and of the network's, per token.
SAMPLE_HIDDEN, SAMPLE_WIDTHS = 3.0, 8.0
# What a cast holds of a file at a time; see engine/weights/files.py.
OPENING = 64 * 2**20
INSTRUCTION_TOKENS = 160
_STORED = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShape:
    """What of a text encoder decides about memory; `words` are the numbers of its table, `attention` of attention."""

    numbers: int
    words: int
    attention: int
    width: int
    hidden: int
    heads: int
    itemsize: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackShape:
    """What of a pack decides about memory. Item sizes are those in the files."""

    transformer: DiTConfig
    transformer_numbers: int
    transformer_itemsize: int
    autoencoder: DCAEConfig
    decoder_numbers: int
    encoder_numbers: int
    autoencoder_itemsize: int
    text: TextShape
    tokens: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Bytes of a number in each network's arithmetic, and in how few bits weights are stored, if they are."""

    transformer: int
    text: int
    autoencoder: int
    stored: Precision | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes at the peak of each phase, beside what the program takes without any network."""

    encode: int
    sample: int
    decode: int

    @property
    def peak(self) -> int:
        """The largest of them."""
        return max(self.encode, self.sample, self.decode)

    @property
    def phase(self) -> Phase:
        """Where the peak is."""
        by_phase = {Phase.ENCODE: self.encode, Phase.SAMPLE: self.sample, Phase.DECODE: self.decode}
        return max(by_phase, key=by_phase.__getitem__)

    def plus(self, encode: int, sample: int, decode: int) -> "Needs":
        """These with so many bytes more in each phase."""
        return Needs(self.encode + encode, self.sample + sample, self.decode + decode)


def shape_of_pack(pack: PackManifest) -> PackShape:
    """Read configurations and headers of a pack's files. Raises a `KnownError` where they cannot be understood."""
    transformer = _tensors(pack.transformer_folder)
    autoencoder = _tensors(pack.vae_folder)
    return PackShape(
        transformer=read_transformer_config(pack.transformer_folder),
        transformer_numbers=_count(transformer.values()),
        transformer_itemsize=_itemsize(transformer),
        autoencoder=read_autoencoder_config(pack.vae_folder),
        decoder_numbers=_count(info for name, info in autoencoder.items() if name.startswith("decoder.")),
        encoder_numbers=_count(info for name, info in autoencoder.items() if name.startswith("encoder.")),
        autoencoder_itemsize=_itemsize(autoencoder),
        text=_text_shape(pack),
        tokens=read_prompt_tokens(pack.text),
    )


def read_prompt_tokens(text: PackText) -> int:
    """How many tokens the text encoder reads at most, its instruction within."""
    return text.max_tokens + (INSTRUCTION_TOKENS if text.instruction else 0)


def arithmetic_for(precisions: PackPrecisions, requested: Precision, fast: frozenset[Precision]) -> Arithmetic:
    """What the engine would choose for a recipe, on a machine where `fast` is fast."""
    stored = requested if requested.quantizes else None
    wish = None if requested is Precision.AUTO or stored else requested

    def itemsize(allowed: tuple[Precision, ...], own_wish: Precision | None) -> int:
        chosen = own_wish or next((one for one in allowed if one in fast), allowed[-1])
        return ITEMSIZE[chosen]

    # fp32 is asked for to be exact and holds for all; 16 bit is asked for on behalf of the transformer.
    others = wish if wish is Precision.FP32 else None
    return Arithmetic(
        itemsize(precisions.transformer, wish),
        itemsize(precisions.text_encoder, others),
        itemsize(precisions.vae, others),
        stored,
    )


def needs(
    shape: PackShape,
    arithmetic: Arithmetic,
    size: Size,
    plan: MemoryPlan,
    *,
    pictures: int = 1,
    passes: int = 2,
    on_gpu: bool = False,
    text_known: bool = False,
) -> Needs:
    """Bytes of each phase. On a GPU, bytes of the card; what a plan leaves to the processor counts nothing there.

    `passes` is 2 with guidance; `text_known` where the prompt need not be read again, so its encoder is not loaded.
    """
    text = 0 if text_known or (on_gpu and plan.text_on_cpu) else _text_weights(shape.text, arithmetic, on_gpu)
    transformer = _transformer_weights(shape, arithmetic, on_gpu)
    decoder = 0 if on_gpu and plan.decode_on_cpu else _autoencoder_weights(shape, arithmetic, on_gpu)
    reading, sampling, decoding = 0, _sample_activations(shape, arithmetic, size, pictures * passes), 0
    if text:
        reading = _encode_activations(shape, arithmetic)
    if decoder:
        decoding = decode_bytes(shape.autoencoder, size, plan.tile, arithmetic.autoencoder, on_gpu=on_gpu)
    if not on_gpu:
        # Before anything is computed, weights are cast, which keeps a part of their file in memory.
        in_full = arithmetic.stored is None
        text_file, vae_file = shape.text.numbers, shape.decoder_numbers + shape.encoder_numbers
        reading = max(reading, _opening(text_file, shape.text.itemsize, arithmetic.text) if text and in_full else 0)
        sampling = max(
            sampling, _opening(shape.transformer_numbers, shape.transformer_itemsize, arithmetic.transformer)
        )
        decoding = max(decoding, _opening(vae_file, shape.autoencoder_itemsize, arithmetic.autoencoder))
    if not plan.resident:
        return Needs(text + reading, transformer + sampling, decoder + decoding)
    everything = text + transformer + decoder
    return Needs(everything + reading, everything + sampling, everything + decoding)


def decode_bytes(config: DCAEConfig, size: Size, tile: int | None, itemsize: int, *, on_gpu: bool = False) -> int:
    """About what a decode takes at its peak beside the weights, with activations of `itemsize` bytes.

    So many tensors of the widest stage are alive; in tiles, besides, the features of the whole picture where the
    chain of tiles begins. The picture itself is gathered in the machine's memory as fp32.
    """
    widths, depths = config.decoder_block_out_channels, config.decoder_layers_per_block
    pixels = size.width * size.height
    read, features = pixels, 0
    if tile is not None:
        side = tile * config.compression + 2 * HALO_PIXELS
        read = min(size.width, side) * min(size.height, side)
        features = 2 * widths[min(3, len(widths) - 1)] * (pixels // 64) * itemsize
    per_pixel = max(width / 4**stage for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)) if depth)
    picture = 3 * pixels * 4
    unfolds = config.upsample_block_type == "pixel_shuffle"
    alive = DECODE_ALIVE_UNFOLDING if unfolds else DECODE_ALIVE
    widest = per_pixel * read * itemsize
    if on_gpu:
        alive = DECODE_ALIVE_ON_CARD if not unfolds else alive
        # Where the chain of tiles begins, the stage before it has gone.
        return round(alive * widest) + features // 2 + WORKSPACE
    if widest <= HEAP_BLOCK:
        alive *= HEAP_KEEPS
    return round(alive * widest) + features + picture


def fitting_plan(needed: Callable[[MemoryPlan], int], room: int, *, on_gpu: bool = False) -> MemoryPlan:
    """The plan that gives up least of those that fit into `room` bytes; the smallest where none does.

    `needed` says how many bytes a plan takes.
    """
    plans = [plan for plan in PLANS if not plan.decode_on_cpu]
    if on_gpu:
        on_cpu = [MemoryPlan(False, plan.tile, text_on_cpu=True) for plan in plans if not plan.resident]
        # Reading on the processor takes longer than decoding in tiles, so it comes after.
        plans += on_cpu
    return next((plan for plan in plans if needed(plan) <= room), plans[-1])


def few_bits_for(shape: PackShape, arithmetic: Arithmetic, size: Size, room: int, *, on_gpu: bool) -> Precision | None:
    """In how few bits weights have to be kept for a picture of `size` to fit into `room` bytes by any plan.

    As in `arithmetic` where that is enough, else in 8 or 4 bit; 4 where nothing is.
    """
    # Products of 8 bit are slower than fp32 on most processors; unpacking 4 bits is not.
    for stored in (arithmetic.stored, Precision.INT8, Precision.NF4) if on_gpu else (arithmetic.stored,):

        def peak(plan: MemoryPlan, stored: Precision | None = stored) -> int:
            return needs(shape, replace(arithmetic, stored=stored), size, plan, on_gpu=on_gpu).peak

        if peak(fitting_plan(peak, room, on_gpu=on_gpu)) <= room:
            return stored
    return Precision.NF4


def _tensors(folder: Path) -> dict[str, TensorInfo]:
    """All tensors of the files in `folder`; of several copies the plain one, or the first."""
    files = sorted(folder.glob("*.safetensors"), key=lambda file: (file.name.count("."), file.name))
    copies = {tuple(part for part in file.name.split(".") if part in ("fp16", "bf16")) for file in files}
    chosen = () if () in copies else min(copies, default=())
    tensors: dict[str, TensorInfo] = {}
    for file in files:
        if tuple(part for part in file.name.split(".") if part in ("fp16", "bf16")) == chosen:
            tensors |= read_tensor_header(file)
    return tensors


def _count(tensors: Iterable[TensorInfo]) -> int:
    return sum(prod(info.shape) for info in tensors)


def _itemsize(tensors: Mapping[str, TensorInfo]) -> int:
    return max((_STORED.get(info.dtype, 2) for info in tensors.values()), default=2)


def _text_shape(pack: PackManifest) -> TextShape:
    if pack.text.source is TextSource.GEMMA3_270M_GGUF:
        return TextShape(
            numbers=GEMMA_3_270M,
            words=GEMMA_3_WORDS,
            attention=GEMMA_3_ATTENTION,
            width=640,
            hidden=2048,
            heads=4,
            itemsize=2,
        )
    tensors = _tensors(pack.text_encoder_folder)
    words = _count(info for name, info in tensors.items() if name.endswith("embed_tokens.weight"))
    values = read_json_object(pack.text_encoder_folder / "config.json")

    def whole(key: str) -> int:
        value = values.get(key)
        return value if isinstance(value, int) and value > 0 else 1

    return TextShape(
        numbers=_count(tensors.values()),
        words=words,
        attention=_count(info for name, info in tensors.items() if ".self_attn." in name),
        width=whole("hidden_size"),
        hidden=whole("intermediate_size"),
        heads=whole("num_attention_heads"),
        itemsize=_itemsize(tensors),
    )


def _text_weights(text: TextShape, arithmetic: Arithmetic, on_gpu: bool) -> int:
    layers = text.numbers - text.words
    if arithmetic.stored is not None:
        # The table stays in its file; a prompt reads a few rows of it.
        in_8_bit = layers if layers < SMALL_TEXT_ENCODER else text.attention
        return round(in_8_bit + (layers - in_8_bit) * STORED_BYTES[arithmetic.stored])
    # Without a cast the table stays in its file, too.
    mapped = text.itemsize == arithmetic.text and not on_gpu
    return (layers + (0 if mapped else text.words)) * arithmetic.text


def _transformer_weights(shape: PackShape, arithmetic: Arithmetic, on_gpu: bool) -> int:
    del on_gpu
    few = packed = 0
    if arithmetic.stored:
        in_8_bit, others = _few_bit_numbers(shape.transformer)
        few, packed = in_8_bit + others, in_8_bit + others * STORED_BYTES[arithmetic.stored]
    return round(packed + (shape.transformer_numbers - few) * arithmetic.transformer)


def _autoencoder_weights(shape: PackShape, arithmetic: Arithmetic, on_gpu: bool) -> int:
    mapped = shape.autoencoder_itemsize == arithmetic.autoencoder and not on_gpu
    return (shape.decoder_numbers + (0 if mapped else shape.encoder_numbers)) * arithmetic.autoencoder


def _few_bit_numbers(config: DiTConfig) -> tuple[int, int]:
    """Weights of the blocks' linear layers that fit into few bits: those never in fewer than 8, and all others."""
    width, hidden = config.width, config.ffn_width

    def fitting(*layers: tuple[int, int]) -> int:
        return sum(rows * columns for rows, columns in layers if columns >= BLOCK)

    projection, late = (width, width), len(late_blocks(config.layers))
    in_8_bit = config.layers * fitting(projection, projection, (width, hidden)) + late * fitting((2 * hidden, width))
    others = config.layers * fitting(*[projection] * 6) + (config.layers - late) * fitting((2 * hidden, width))
    return in_8_bit, others


def _opening(numbers: int, stored: int, used: int) -> int:
    """What reading so many numbers keeps of their file at a time: nothing where they stay mapped."""
    return 0 if stored == used else min(OPENING, numbers * stored)


def _encode_activations(shape: PackShape, arithmetic: Arithmetic) -> int:
    text, tokens = shape.text, shape.tokens
    per_token = (4 * text.hidden + 8 * text.width) * arithmetic.text
    scores = 3 * text.heads * tokens**2 * 4
    return tokens * per_token + scores + _at_work(arithmetic, text.width * text.hidden, arithmetic.text, tokens)


def _sample_activations(shape: PackShape, arithmetic: Arithmetic, size: Size, rows: int) -> int:
    config, tokens = shape.transformer, rows * size.latent_width * size.latent_height
    per_token = SAMPLE_HIDDEN * 2 * config.ffn_width + SAMPLE_WIDTHS * config.width
    weight = 2 * config.ffn_width * config.width
    return round(tokens * per_token * arithmetic.transformer) + _at_work(
        arithmetic, weight, arithmetic.transformer, tokens * 2 * config.ffn_width
    )


def _at_work(arithmetic: Arithmetic, weight: int, itemsize: int, outputs: int) -> int:
    """What a layer with few bits makes while it works: its weight unpacked, or products in 32 bit."""
    match arithmetic.stored:
        case Precision.NF4:
            return 2 * weight * itemsize
        case Precision.INT8 | Precision.W8A8:
            return 2 * outputs * 4
        case _:
            return 0


def try_shape(pack: PackManifest) -> PackShape | None:
    """As `shape_of_pack`; None where the files cannot be understood, which whoever draws will say."""
    try:
        return shape_of_pack(pack)
    except (KnownError, OSError):
        return None
