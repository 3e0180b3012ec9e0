"""The list of parts for programs: a CycloneDX document. Small enough to be written by hand; checked by its schema."""

import hashlib
import json
from collections.abc import Iterable

from bundling.components import Component
from sana_desktop import __version__


def sbom(components: Iterable[Component], timestamp: str) -> str:
    """The text of a CycloneDX 1.6 document; the same parts give the same text."""
    parts = [_part(component) for component in sorted(set(components)) if component.kind != "application"]
    content = json.dumps(parts, sort_keys=True).encode()
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{_uuid(content)}",
        "version": 1,
        "metadata": {
            "timestamp": timestamp,
            "component": {
                "type": "application",
                "bom-ref": "sana-desktop",
                "name": "sana-desktop",
                "version": __version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": parts,
        "dependencies": [{"ref": "sana-desktop", "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _part(component: Component) -> dict[str, object]:
    part: dict[str, object] = {
        # What the operating system brought is a library here.
        "type": "platform" if component.kind == "platform" else "library",
        "bom-ref": f"{component.name}@{component.version}",
        "name": component.name,
        "licenses": [{"license": {"name": component.licence}}],
    }
    if component.version:
        part["version"] = component.version
    return part


def _uuid(content: bytes) -> str:
    digits = hashlib.sha256(content).hexdigest()
    # Version 8 (of one's own making) and the variant of RFC 9562.
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
