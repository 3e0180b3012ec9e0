"""Counting what a prompt takes, before anything is drawn and without torch."""

from pathlib import Path

from sana_desktop.domain.choices import Conditioning, Emphasis
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.engine.prompt_tokens import read_prompt, rules_for
from sana_desktop.engine.starter_text import gemma_270m_folder
from sana_desktop.engine.text_tokenizer import MakeTokenizer, TextTokenizer
from sana_desktop.system.pack_manifest import PackManifest, TextSource


class PromptMeasure:
    """Counts by the rules that the engine draws by, with the tokenizer of the pack that is asked about.

    Used by one thread at a time. `make_tokenizer` is asked again only for another pack's folder.
    """

    def __init__(self, make_tokenizer: MakeTokenizer, cache_folder: Path, resources: Path) -> None:
        self._make_tokenizer = make_tokenizer
        self._cache_folder = cache_folder
        self._resources = resources
        self._folder: Path | None = None
        self._tokenizer: TextTokenizer | None = None

    def __call__(
        self, text: str, pack: PackManifest, conditioning: Conditioning, emphasis: Emphasis
    ) -> TokenCount | None:
        """Tokens that `text` takes; None while the pack's tokenizer is not on this machine.

        Raises a `KnownError` for a tokenizer that cannot be read.
        """
        folder = self._tokenizer_folder(pack)
        if folder is None:
            return None
        if self._tokenizer is None or folder != self._folder:
            self._tokenizer, self._folder = self._make_tokenizer(folder), folder
        rules = rules_for(pack.text, self._resources, conditioning, emphasis)
        # Half characters, which a text can hold while it is being typed, cannot be encoded. As long as one each.
        whole = text.encode("utf-8", "replace").decode("utf-8")
        read = read_prompt(self._tokenizer, whole, rules)
        return TokenCount(read.used, read.limit, read.cut_at)

    def _tokenizer_folder(self, pack: PackManifest) -> Path | None:
        if pack.text.source is TextSource.GEMMA3_270M_GGUF:
            return gemma_270m_folder(self._cache_folder)
        return pack.tokenizer_folder if pack.tokenizer_folder.is_dir() else None
