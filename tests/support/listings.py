"""What a hub says about repositories, in the shape of its own answers."""

import hashlib
import json
from collections.abc import Mapping

COMMIT = "1234567890" * 4
REPOSITORY = "Efficient-Large-Model/Sana_1600M_1024px_BF16_diffusers"

# The published names and sizes of a repository with three copies of its weights.
PUBLISHED = {
    ".gitattributes": 1_519,
    "README.md": 9_000,
    "model_index.json": 401,
    "scheduler/scheduler_config.json": 840,
    "text_encoder/config.json": 800,
    "text_encoder/model-00001-of-00002.safetensors": 4_988_025_760,
    "text_encoder/model-00002-of-00002.safetensors": 240_691_728,
    "text_encoder/model.bf16-00001-of-00002.safetensors": 4_988_025_760,
    "text_encoder/model.bf16-00002-of-00002.safetensors": 240_691_728,
    "text_encoder/model.safetensors.index.bf16.json": 24_200,
    "text_encoder/model.safetensors.index.json": 24_200,
    "tokenizer/special_tokens_map.json": 636,
    "tokenizer/tokenizer.json": 34_362_748,
    "tokenizer/tokenizer.model": 4_241_003,
    "tokenizer/tokenizer_config.json": 46_996,
    "transformer/config.json": 512,
    "transformer/diffusion_pytorch_model-00001-of-00002.safetensors": 5_000_000_000,
    "transformer/diffusion_pytorch_model-00002-of-00002.safetensors": 1_420_000_000,
    "transformer/diffusion_pytorch_model.bf16.safetensors": 3_210_000_000,
    "transformer/diffusion_pytorch_model.int4.safetensors": 1_280_000_000,
    "transformer/diffusion_pytorch_model.safetensors.index.json": 80_000,
    "vae/config.json": 1_000,
    "vae/diffusion_pytorch_model.bf16.safetensors": 1_249_000_000,
    "vae/diffusion_pytorch_model.safetensors": 1_249_000_000,
}


def listing_json(sizes: Mapping[str, int], revision: str = COMMIT) -> bytes:
    """A listing whose hashes are those of the paths, for tests that fetch nothing."""
    siblings: list[dict[str, object]] = []
    for path, size in sizes.items():
        entry: dict[str, object] = {"rfilename": path, "size": size, "blobId": hashlib.sha1(path.encode()).hexdigest()}
        if size > 10**6:
            sha256 = hashlib.sha256(path.encode()).hexdigest()
            entry["lfs"] = {"size": size, "sha256": sha256, "pointerSize": 135}
        siblings.append(entry)
    return json.dumps({"id": REPOSITORY, "sha": revision, "siblings": siblings}).encode()


def content_listing(files: Mapping[str, bytes], revision: str = COMMIT) -> bytes:
    """A listing with the true hashes: git's for small files, sha256 for the others."""
    siblings: list[dict[str, object]] = []
    for path, data in files.items():
        blob = hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()
        entry: dict[str, object] = {"rfilename": path, "size": len(data), "blobId": blob}
        if len(data) > 2_000:
            entry["lfs"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "pointerSize": 130}
        siblings.append(entry)
    return json.dumps({"id": "us/toy", "sha": revision, "siblings": siblings}).encode()
