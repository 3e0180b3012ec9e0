"""One pack in memory: the networks that are needed now, loaded when they are first needed.

The text encoder is asked for a prompt only if the cache does not know it, and its weights are given back
before the transformer runs where memory is short. One pack is held at a time.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.device import Device, PackChoices
from sana_desktop.engine.kernel_notice import kernel_notice
from sana_desktop.engine.preview import LinearMap, decoded_preview, linear_preview, sana_linear_map
from sana_desktop.engine.preview_plan import MakePreview, PreviewCosts, Previews
from sana_desktop.engine.prompt_tokens import TextRules, rules_for
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import TextEncoder
from sana_desktop.engine.text_tokenizer import MakeTokenizer, load_tokenizer
from sana_desktop.engine.weights.load import load_autoencoder, load_linear_preview, load_tiny_decoder, load_transformer
from sana_desktop.system.pack_manifest import PackManifest, PreviewKind, TextSource
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from sana_models.packed_linear import pack_linears

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
        self._transformer: SanaTransformer | None = None
        self._vae: DCAutoencoder | None = None
        self._previews: Previews | None = None
        self._preview_costs: dict[Size, PreviewCosts] = {}
        self._kernels_asked = False

    def serves(self, manifest: PackManifest, choices: PackChoices) -> bool:
        """Whether what is loaded is what a recipe asks for."""
        return self.manifest == manifest and self.choices == choices

    def text_rules(self, recipe: Recipe) -> TextRules:
        """How this pack wants the prompts of `recipe` read."""
        return rules_for(self.manifest.text, self._resources, recipe.conditioning, recipe.emphasis)

    def text_encoder(self, notify: Notify, check: Check) -> TextEncoder:
        """The text encoder; its weights are read when it is first asked for states."""
        if self._text_encoder is None:
            dtype, device = self.choices.text_encoder.dtype, self.device.torch_device
            if self.manifest.text.source is TextSource.GEMMA3_270M_GGUF:
                folder = ensure_gemma_270m(self._cache_folder, notify, check)
                tokenizer_at = folder
            else:
                folder, tokenizer_at = self.manifest.text_encoder_folder, self.manifest.tokenizer_folder
            self._text_encoder = TextEncoder(folder, dtype, device, tokenizer_at, self._make_tokenizer)
        return self._text_encoder

    def transformer(self, check: Check) -> SanaTransformer:
        """The linear DiT, ready to run."""
        if self._transformer is None:
            loaded = load_transformer(
                self.manifest.transformer_folder,
                dtype=self.choices.transformer.dtype,
                device=self.device.torch_device,
                check=check,
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
            case PreviewKind.LINEAR:
                mapping = sana_linear_map() if preview.file is None else LinearMap(*load_linear_preview(preview.file))
                return Previews(partial(linear_preview, mapping), self._tiny(preview.tiny))
            case PreviewKind.TINY:
                return Previews(None, self._tiny(preview.file))
            case PreviewKind.TAESANA:
                return Previews(partial(linear_preview, sana_linear_map()), self._tiny(preview.file or preview.tiny))

    def _tiny(self, file: Path | None) -> MakePreview | None:
        if file is None:
            return None
        decoder = load_tiny_decoder(file, dtype=self.choices.vae.dtype, device=self.device.torch_device)
        return partial(decoded_preview, decoder.eval().requires_grad_(False))
