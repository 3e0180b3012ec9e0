"""One pack in memory: the networks that are needed now, loaded when they are first needed.

The text encoder is asked for a prompt only if the cache does not know it, and its weights are given back
before the transformer runs where memory is short. One pack is held at a time.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from torch import Tensor

from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.device import Device, PackChoices
from sana_desktop.engine.preview import LinearMap, Preview, decoded_preview, linear_preview, sana_linear_map
from sana_desktop.engine.prompt import TextRules, read_instruction
from sana_desktop.engine.starter_text import ensure_gemma_270m
from sana_desktop.engine.text_encoder import TextEncoder
from sana_desktop.engine.weights.load import load_autoencoder, load_linear_preview, load_tiny_decoder, load_transformer
from sana_desktop.system.pack_manifest import PackManifest, PreviewKind, TextSource
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer

Check = Callable[[], None]
Notify = Callable[[str], None]
MakePreview = Callable[[Tensor], Preview]


class LoadedPack:
    """The networks of one pack on one device, in the arithmetic chosen for them."""

    def __init__(
        self, manifest: PackManifest, device: Device, choices: PackChoices, cache_folder: Path, resources: Path
    ) -> None:
        self.manifest = manifest
        self.device = device
        self.choices = choices
        self._cache_folder = cache_folder
        self._resources = resources
        self._text_encoder: TextEncoder | None = None
        self._transformer: SanaTransformer | None = None
        self._vae: DCAutoencoder | None = None
        self._preview: MakePreview | None = None

    def serves(self, manifest: PackManifest, choices: PackChoices) -> bool:
        """Whether what is loaded is what a recipe asks for."""
        return self.manifest == manifest and self.choices == choices

    def text_rules(self, recipe: Recipe) -> TextRules:
        """How this pack wants the prompts of `recipe` read."""
        text = self.manifest.text
        instruction = read_instruction(self._resources) if text.instruction else None
        return TextRules(instruction, text.max_tokens, recipe.conditioning)

    def text_encoder(self, notify: Notify, check: Check) -> TextEncoder:
        """The text encoder; its weights are read when it is first asked for states."""
        if self._text_encoder is None:
            dtype, device = self.choices.text_encoder.dtype, self.device.torch_device
            if self.manifest.text.source is TextSource.GEMMA3_270M_GGUF:
                folder = ensure_gemma_270m(self._cache_folder, notify, check)
                self._text_encoder = TextEncoder(folder, dtype, device)
            else:
                self._text_encoder = TextEncoder(
                    self.manifest.text_encoder_folder, dtype, device, self.manifest.tokenizer_folder
                )
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
        return self._transformer

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

    def preview(self) -> MakePreview | None:
        """The function from predicted clean latents of one picture to a small picture; None if the pack has none."""
        if self._preview is None:
            self._preview = self._load_preview()
        return self._preview

    def _load_preview(self) -> MakePreview | None:
        preview = self.manifest.preview
        if preview.kind is PreviewKind.NONE:
            return None
        if preview.file is None:
            return partial(linear_preview, sana_linear_map())
        path = self.manifest.folder / preview.file
        if preview.kind is PreviewKind.LINEAR:
            return partial(linear_preview, LinearMap(*load_linear_preview(path)))
        decoder = load_tiny_decoder(path, dtype=self.choices.vae.dtype, device=self.device.torch_device)
        return partial(decoded_preview, decoder.eval().requires_grad_(False))
