from pathlib import Path

from sana_desktop.cli.pack_documents import (
    manifest_document,
    offer_document,
    offer_line,
    unfinished_line,
    verdict_document,
    verdict_lines,
)
from sana_desktop.services.pack_care import PackVerdict
from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.system.fetch.checking import BadFile, Fault
from sana_desktop.system.fetch.record import FetchRecord
from sana_desktop.system.fetch.remote import RemoteFile
from support.listings import COMMIT
from support.pack_surveys import survey
from support.packs import manifest

FILE = RemoteFile(path="vae/a", size=4_000_000_000, sha256="a" * 64)


def test_an_offer_is_a_line_that_begins_with_its_id_and_says_what_fits(tmp_path: Path) -> None:
    offer = survey(tmp_path).offers[0]
    line = offer_line(offer)
    assert line.split()[0] == offer.model.id
    assert " GB memory " in line
    document = offer_document(offer)
    assert document["terms"] == [{"name": terms.name, "url": terms.url} for terms in offer.model.terms]
    assert document["fit"] == offer.fit.level


def test_an_unfinished_fetch_says_how_to_go_on() -> None:
    record = FetchRecord(
        pack_id="sana", repository="us/toy", revision=COMMIT, endpoint="http://hub.test", terms=(), files=(FILE,)
    )
    line = unfinished_line(UnfinishedFetch(record=record, done=10**9))
    assert line == "sana: 1.00 of 4.00 GB fetched; go on with `packs fetch sana`"


def test_a_verdict_names_every_fault(tmp_path: Path) -> None:
    pack = manifest(tmp_path)
    verdict = PackVerdict(pack=pack, recorded=True, bad=(BadFile(FILE, Fault.MISSING),), problem="Odd\nshape.")
    assert list(verdict_lines(verdict)) == ["missing: vae/a", "Odd shape."]
    assert verdict_document(verdict)["bad"] == [{"path": "vae/a", "fault": "missing"}]


def test_a_manifest_says_what_is_missing(tmp_path: Path) -> None:
    assert manifest_document(manifest(tmp_path))["missing"] == ["transformer", "vae", "text_encoder", "tokenizer"]
