"""The list of parts for programs."""

import json

from bundling.components import Component
from bundling.sbom import sbom

PARTS = [
    Component("numpy", "2.4.6", "BSD-3-Clause", "library"),
    Component("ICU", "", "Unicode-3.0", "library"),
    Component("Python", "3.11.7", "PSF-2.0", "platform"),
    Component("sana-desktop", "0.1.0", "Apache-2.0", "application"),
]
MOMENT = "2026-01-01T00:00:00Z"


def test_it_is_cyclonedx_with_every_part_once() -> None:
    document = json.loads(sbom([*PARTS, *PARTS], MOMENT))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert [part["name"] for part in document["components"]] == ["ICU", "Python", "numpy"]
    assert document["metadata"]["component"]["name"] == "sana-desktop"
    assert document["dependencies"][0]["dependsOn"] == [part["bom-ref"] for part in document["components"]]
    assert all(part["licenses"][0]["license"]["name"] for part in document["components"])
    assert "version" not in document["components"][0]


def test_the_same_parts_give_the_same_text_and_others_another_number() -> None:
    assert sbom(PARTS, MOMENT) == sbom(PARTS[::-1], MOMENT)
    numbers = {json.loads(sbom(parts, MOMENT))["serialNumber"] for parts in (PARTS, PARTS[:2])}
    assert len(numbers) == 2
