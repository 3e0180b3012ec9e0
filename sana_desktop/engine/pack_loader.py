"""One pack in memory: the networks that are needed now, loaded when they are first needed.

The text encoder is asked for a prompt only if the cache does not know it, and its weights are given back
before the transformer runs where memory is short. One pack is held at a time.
"""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.card_memory import card_free
from sana_desktop.engine.cuda_graphs import step_graphs
from sana_desktop.engine.device import Device, PackChoices
from sana_desktop.engine.freed_memory import give_back_freed
from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.engine.kernel_notice import kernel_notice
from sana_desktop.engine.preview import LinearMap, decoded_preview, linear_preview, sana_linear_map
from sana_desktop.engine.preview_plan import MakePreview, PreviewCosts, Previews
from sana_desktop.engine.prompt_tokens import TextRules, rules_for
from sana_desktop.engine.quantize.gemma import load_quantized_gemma
from sana_desktop.engine.quantize.store import FORMAT
from sana_desktop.engine.quantize.transformer import load_quantized_transformer
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import TextEncoder
from sana_desktop.engine.text_tokenizer import MakeTokenizer, load_tokenizer
from sana_desktop.engine.weights.load import load_autoencoder, load_linear_preview, load_tiny_decoder, load_transformer
from sana_desktop.system.pack_manifest import PackManifest, PreviewKind, TextSource
from sana_desktop.system.paths import quantized_folder
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from sana_models.packed_linear import pack_linears

if TYPE_CHECKING:
    from sana_desktop.engine.gemma_model import GemmaModel

# Beside the instruction and the styles in `resources/`; made by training/sana_preview.py.
PUBLISHED_TINY = Path("preview/sana_tiny_decoder.safetensors")

Check = Callable[[], None]
Notify = Callable[[str], None]


class LoadedPack:
    """The networks of one pack on one device, in the arithmetic chosen for them.

    `make_tokenizer` reads the folder of a tokenizer: in this process, or in another where a window must not wait.
    """

    def __init__(
        self,
        manifest: PackManifest,
        device: Device,
        choices: PackChoices,
        cache_folder: Path,
        resources: Path,
        make_tokenizer: MakeTokenizer = load_tokenizer,
    ) -> None:
        self.manifest = manifest
        self.device = device
        self.choices = choices
        self._cache_folder = cache_folder
        self._resources = resources
        self._make_tokenizer = make_tokenizer
        self._text_encoder: TextEncoder | None = None
        self._text_on_cpu = False
        self._transformer: SanaTransformer | None = None
        self._vae: DCAutoencoder | None = None
        self._previews: Previews | None = None
        self._preview_costs: dict[Size, PreviewCosts] = {}
        self._kernels_asked = False
        self.graphs = step_graphs(device.torch_device, choices.transformer.stored)

    def serves(self, manifest: PackManifest, choices: PackChoices) -> bool:
        """Whether what is loaded is what a recipe asks for."""
        return self.manifest == manifest and self.choices == choices

    def text_rules(self, recipe: Recipe) -> TextRules:
        """How this pack wants the prompts of `recipe` read."""
        return rules_for(self.manifest.text, self._resources, recipe.conditioning, recipe.emphasis)

    def text_encoder(self, notify: Notify, check: Check, *, on_cpu: bool = False) -> TextEncoder:
        """The text encoder; its weights are read when it is first asked for states.

        With `on_cpu` it works on the processor, in fp32, whatever the other networks do.
        """
        if self._text_encoder is not None and on_cpu is not self._text_on_cpu:
            self._text_encoder = None
        if self._text_encoder is None:
            self._text_on_cpu = on_cpu
            dtype, device = self.choices.text_encoder.dtype, self.device.torch_device
            if on_cpu and device.type != "cpu":
                dtype, device = torch.float32, torch.device("cpu")
            if self.manifest.text.source is TextSource.GEMMA3_270M_GGUF:
                folder = ensure_gemma_270m(self._cache_folder, notify, check)
                tokenizer_at = folder
            else:
                folder, tokenizer_at = self.manifest.text_encoder_folder, self.manifest.tokenizer_folder
            stored = self.choices.text_encoder.stored
            load = load_gemma_model if stored is None else partial(_load_quantized_gemma, self._quantized_in, stored)
            self._text_encoder = TextEncoder(
                folder,
                dtype,
                device,
                tokenizer_at,
                self._make_tokenizer,
                load,
                variant=f"{stored}-{FORMAT}" if stored else "",
            )
        return self._text_encoder

    def transformer(self, check: Check) -> SanaTransformer:
        """The linear DiT, ready to run."""
        if self._transformer is None:
            choice, folder, device = (
                self.choices.transformer,
                self.manifest.transformer_folder,
                self.device.torch_device,
            )
            if choice.stored is None:
                loaded = load_transformer(folder, dtype=choice.dtype, device=device, check=check)
            else:
                loaded = load_quantized_transformer(
                    folder, self._quantized_in, choice.stored, dtype=choice.dtype, device=device, check=check
                )
            self._transformer = loaded.eval().requires_grad_(False)
            # Two rows of a picture's tokens; on a GPU, and for what a quantizer replaced, this does nothing.
            pack_linears(self._transformer.transformer_blocks, 2 * loaded.config.sample_size**2)
        return self._transformer

    def kernel_notice(self) -> str | None:
        """What to tell once about operations that this GPU cannot run as they were meant to; None when told."""
        if self._kernels_asked:
            return None
        self._kernels_asked = True
        return kernel_notice(self.device.torch_device, self.choices.transformer.dtype)

    def vae(self, check: Check) -> DCAutoencoder:
        """The autoencoder, ready to run."""
        if self._vae is None:
            loaded = load_autoencoder(
                self.manifest.vae_folder,
                dtype=self.choices.vae.dtype,
                device=self.device.torch_device,
                check=check,
            )
            self._vae = loaded.eval().requires_grad_(False)
        return self._vae

    def free_bytes(self) -> int:
        """Memory that is free where the networks run: on the card, else in the machine."""
        device = self.device.torch_device
        if device.type != "cuda":
            return psutil.virtual_memory().available
        # What recorded steps hold, torch counts as free, but they will use it again.
        return card_free(device) - self.graphs.held_bytes

    def settle(self) -> None:
        """Wait until the device has done what it was told."""
        if self.device.torch_device.type == "cuda":
            torch.cuda.synchronize(self.device.torch_device)

    def vae_on_cpu(self, check: Check) -> DCAutoencoder:
        """The autoencoder in fp32 on the processor, for a picture that no plan on the device can decode; not kept."""
        return load_autoencoder(self.manifest.vae_folder, dtype=torch.float32, device=torch.device("cpu"), check=check)

    def make_room(self, *, keep_text_encoder: bool = False, keep_transformer: bool = False) -> None:
        """Forget the networks but those named, and give their memory back; they are loaded again when needed.

        Recorded steps go too: they hold on to weights, and memory is short where this is asked for.
        """
        self.graphs.forget()
        if self._text_encoder is not None and not keep_text_encoder:
            self._text_encoder.release()
        if not keep_transformer:
            self._transformer = None
        self._vae = None
        gc.collect()
        give_back_freed()
        if self.device.torch_device.type == "cuda":
            torch.cuda.empty_cache()

    @property
    def _quantized_in(self) -> Path:
        return quantized_folder(self._cache_folder, self.manifest.id)

    def previews(self) -> Previews:
        """What turns predicted clean latents of one picture into a small picture."""
        if self._previews is None:
            self._previews = self._load_previews()
        return self._previews

    def preview_costs(self, size: Size) -> PreviewCosts:
        """What steps and previews of this size have cost so far."""
        return self._preview_costs.setdefault(size, PreviewCosts())

    def _load_previews(self) -> Previews:
        preview = self.manifest.preview
        match preview.kind:
            case PreviewKind.NONE:
                return Previews()
            case PreviewKind.LINEAR if preview.file is not None:
                mapping = LinearMap(*load_linear_preview(preview.file))
                return Previews(partial(linear_preview, mapping), self._tiny(preview.tiny))
            case PreviewKind.TINY:
                return Previews(None, self._tiny(preview.file))
            case PreviewKind.LINEAR | PreviewKind.TAESANA:
                own = preview.file or preview.tiny
                return Previews(partial(linear_preview, sana_linear_map()), self._tiny(own or self._published_tiny()))

    def _published_tiny(self) -> Path | None:
        """Our decoder for the latents of the published models: packs of these bring none of their own."""
        file = self._resources / PUBLISHED_TINY
        return file if file.is_file() else None

    def _tiny(self, file: Path | None) -> MakePreview | None:
        if file is None:
            return None
        decoder = load_tiny_decoder(file, dtype=self.choices.vae.dtype, device=self.device.torch_device)
        return partial(decoded_preview, decoder.eval().requires_grad_(False))


def _load_quantized_gemma(
    kept_in: Path, kind: Precision, folder: Path, dtype: torch.dtype, device: torch.device, check: Check
) -> "GemmaModel":
    return load_quantized_gemma(folder, kept_in, kind, dtype, device, check)
