"""Kill a program while it fetches a pack, again and again, and see that nothing is fetched twice or comes out wrong.

    PYTHONPATH=.:models:kernels:tests python scripts/kill_while_fetching.py --kills 20
    PYTHONPATH=.:models:kernels:tests python scripts/kill_while_fetching.py --runs 50
    PYTHONPATH=.:models:kernels:tests python scripts/kill_while_fetching.py --hub-alone

A server on this machine stands in for the hub. `--kills` ends `sana-desktop packs fetch` (with its guard of the
user's privacy) by SIGKILL once a random number of bytes was sent, and starts it again, until it is done; `--fake`
installs without looking, which needs no torch. `--runs` lets the server break, lie, refuse and damage, each time
otherwise. `--hub-alone` does to `huggingface_hub.hf_hub_download` what the others do to us. Bytes are counted by the
server, as handed to the network.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sana_desktop.errors import FetchError
from sana_desktop.services.fetch_files import FetchWatch
from sana_desktop.services.pack_hands import pack_hands
from sana_desktop.system.catalog import Variant
from sana_desktop.system.fetch.choice import choose_files
from sana_desktop.system.fetch.remote import read_listing
from sana_desktop.system.packs import shipped_catalog
from sana_desktop.system.privacy import OfflineGuard
from support.fetches import MODEL, SIZES, move_in
from support.hub_stand_in import HubStandIn, Vices, serve_port, toy_files
from support.listings import listing_json

CLEAR = ("arrived damaged", "cannot go on in the middle", "could not be fetched")
# What waits in the network when a connection ends was sent in vain: files must be large beside it, as they are.
SCALE = 100
HUB_CHILD = """
import sys
from huggingface_hub import hf_hub_download
hf_hub_download("us/toy", sys.argv[1], revision=sys.argv[2], local_dir=sys.argv[3], endpoint=sys.argv[4])
"""


def main() -> int:
    """Do what was asked and say what came of it; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--hub-alone", action="store_true")
    parser.add_argument("--fake", action="store_true")
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=2, metavar=("HOME", "ENDPOINT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        fetch(Path(arguments.child[0]), arguments.child[1], OfflineGuard(), install_guard=True)
        return 0
    problems = 0
    with tempfile.TemporaryDirectory() as folder:
        if arguments.kills:
            problems += kill_ours(Path(folder), arguments)
        if arguments.runs:
            problems += bad_networks(Path(folder), arguments.runs)
        if arguments.hub_alone:
            hub_alone(Path(folder), arguments.seed)
    print(f"problems: {problems}")
    return 1 if problems else 0


def fetch(home: Path, endpoint: str, guard: OfflineGuard, *, install_guard: bool = False) -> Path:
    """Fetch the model into `home`/packs with an installer that does not look; returns the pack's folder."""
    if install_guard:
        guard.install()
    packs = home / "packs"
    hands = pack_hands(
        packs, (packs,), move_in, lambda pack: None, guard, endpoint=endpoint, proxy="", scatter=lambda: 1.0
    )
    watch = FetchWatch(check=lambda: None, wait=lambda seconds: time.sleep(0.001))
    return hands.fetching.fetch(MODEL, watch, accepted=True).folder


def kill_ours(folder: Path, arguments: argparse.Namespace) -> int:
    """Kill our program so many times, then let it end."""
    home = folder / "home"
    files = published(folder, arguments)
    hub = HubStandIn(files, pause=lambda: time.sleep(0.0001))
    command = [sys.executable, str(Path(__file__)), "--child", str(home)]
    environment = os.environ | {"SANA_DESKTOP_HOME": str(home)}
    if not arguments.fake:
        command = [sys.executable, "-m", "sana_desktop", "packs", "fetch", MODEL, "--accept-licence", "--endpoint"]
    with serve_port(hub) as endpoint:
        total = wanted_bytes(files)
        starts = run_with_kills([*command, endpoint], environment, hub, total, arguments)
    pack = home / "packs" / MODEL
    record = json.loads((pack / "fetched.json").read_text())
    wrong = [file["path"] for file in record["files"] if digest(pack / file["path"]) != digest_of(files[file["path"]])]
    ratio = hub.sent / total
    print(
        f"killed {arguments.kills} times, {starts} starts; sent {hub.sent} of {total} bytes, {ratio:.4f} x; "
        f"wrong files {len(wrong)} of {len(record['files'])}"
    )
    return len(wrong) + (ratio > 1.05)


def run_with_kills(
    command: list[str], environment: dict[str, str], hub: HubStandIn, total: int, arguments: argparse.Namespace
) -> int:
    """Start the program, kill it when so much was sent, and so on; how often it was started."""
    dice = random.Random(arguments.seed)
    moments = sorted(dice.randrange(total) for _ in range(arguments.kills))
    # The last start is left alone.
    for moment in [*moments, None]:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as program:
            while moment is not None and program.poll() is None and hub.sent < moment:
                time.sleep(0.001)
            if moment is not None:
                program.send_signal(signal.SIGKILL)
            output = program.communicate()[0].decode()
        if moment is None and program.returncode:
            raise SystemExit(f"it did not end well:\n{output}")
    return len(moments) + 1


def bad_networks(folder: Path, runs: int) -> int:
    """So many fetches over networks with vices: each right or with a message, none with much fetched twice."""
    outcomes: Counter[str] = Counter()
    worst, problems, refetched = 0.0, 0, Counter[str]()
    sizes = {path: SCALE * size if size > 10_000 else size for path, size in SIZES.items()}
    total = wanted_bytes(sizes)
    for seed in range(runs):
        dice = random.Random(seed)
        vices = Vices(
            seed=seed,
            drop=dice.choice((0.0, 0.2, 0.6)),
            corrupt=dice.choice((0.0, 0.0, 0.05)),
            longer=dice.choice((0.0, 0.1)),
            shorter=dice.choice((0.0, 0.1)),
            no_ranges=dice.choice((0.0, 0.0, 0.3)),
            busy=dice.choice((0.0, 0.3)),
            wrong_place=dice.choice((0.0, 0.1)),
            redirect=dice.choice((0.0, 1.0)),
        )
        hub = HubStandIn(toy_files(seed, sizes), vices)
        with serve_port(hub) as endpoint:
            try:
                pack = fetch(folder / f"run-{seed}", endpoint, OfflineGuard(enabled=False))
            except FetchError as error:
                said = next((words for words in CLEAR if words in str(error)), "")
                outcomes[said or str(error)] += 1
                problems += not said or not error.hint
            else:
                record = json.loads((pack / "fetched.json").read_text())
                paths = [file["path"] for file in record["files"]]
                right = all(digest(pack / path) == digest_of(hub.files[path]) for path in paths)
                outcomes["right" if right else "WRONG"] += 1
                problems += not right
        ratio = hub.sent / total
        worst = max(worst, ratio)
        if ratio > 1.05:
            refetched[f"seed {seed}: {ratio:.3f}"] += 1
    print(f"{runs} runs: {dict(outcomes)}; most bytes sent {worst:.4f} x; above 1.05: {dict(refetched)}")
    return problems + len(refetched)


def hub_alone(folder: Path, seed: int) -> None:
    """What the hub's own function does when it is killed, and with a damaged file."""
    data = random.Random(seed).randbytes(20_000_000)
    hub = HubStandIn({"a.safetensors": data}, pause=lambda: time.sleep(0.0001))
    environment = os.environ | {"HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
    with serve_port(hub) as endpoint:
        code = [sys.executable, "-c", HUB_CHILD, "a.safetensors", hub.revision, str(folder / "hub"), endpoint]
        for moment in (0.3, 0.6):
            already = hub.sent
            with subprocess.Popen(code, env=environment, stderr=subprocess.DEVNULL) as program:
                while program.poll() is None and hub.sent - already < moment * len(data):
                    time.sleep(0.001)
                program.send_signal(signal.SIGKILL)
        ended = subprocess.run(code, env=environment, capture_output=True, text=True, check=False)
        print(
            f"hf_hub_download, killed twice (at 0.3 and 0.6): exit {ended.returncode}, "
            f"{hub.sent / len(data):.3f} x the bytes {ended.stderr[-300:]}"
        )
        hub.vices.corrupt = 1.0
        code[-2] = str(folder / "damaged")
        ended = subprocess.run(code, env=environment, capture_output=True, text=True, check=False)
        target = folder / "damaged" / "a.safetensors"
        accepted = target.is_file() and digest(target) != digest_of(data)
        print(f"hf_hub_download, one byte damaged on the way: exit {ended.returncode}, damaged file kept: {accepted}")


def published(folder: Path, arguments: argparse.Namespace) -> dict[str, bytes]:
    """The files of a repository of that size; a real pack of random networks unless `--fake`."""
    large = random.Random(arguments.seed).randbytes(int(arguments.megabytes * 1e6))
    if arguments.fake:
        return {**toy_files(1, SIZES), "text_encoder/model-00001-of-00002.safetensors": large}
    # Imported here because it brings torch and diffusers.
    from support.tiny_pack import write_tiny_pack

    pack = write_tiny_pack(folder / "published")
    files = {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    # Installing does not look into the text encoder.
    return {**files, "text_encoder/model.safetensors": large}


def wanted_bytes(files: Mapping[str, bytes] | Mapping[str, int]) -> int:
    """How much of it is fetched."""
    sizes = {path: value if isinstance(value, int) else len(value) for path, value in files.items()}
    listed = read_listing(listing_json(sizes), "us/toy")
    return sum(file.size for file in choose_files(listed, shipped_catalog().fetch, Variant.FP16))


def digest(path: Path) -> str:
    """The hash of a file, empty if there is none."""
    return digest_of(path.read_bytes()) if path.is_file() else ""


def digest_of(data: bytes) -> str:
    """The hash of bytes."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
