"""The software bill of materials, in CycloneDX: what a release consists of, from whom, and under which licences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.contact import OrganizationalContact
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from publishing.archives import sha256
from publishing.inventory import Item
from publishing.works import Work

VERSION = SchemaVersion.V1_6


@dataclass(frozen=True)
class Product:
    """What the bill is for; `pinned` are the packages of PyPI that only the terminal needs, and are not shipped."""

    name: str
    version: str
    description: str
    licence: str
    author: str
    pinned: tuple[Work, ...]


def bill(product: Product, items: Sequence[Item], artefacts: Iterable[Path], moment: datetime) -> str:
    """The bill as JSON; the same arguments give the same text."""
    files = [_file(path.name, sha256(path)) for path in sorted(artefacts)]
    root = Component(
        name=product.name,
        type=ComponentType.APPLICATION,
        version=product.version,
        bom_ref=product.name,
        description=product.description,
        purl=PackageURL("generic", None, product.name, product.version),
        licenses=[LicenseFactory().make_from_string(product.licence)],
        components=files,
    )
    shipped = {item.name: _component(item) for item in items}
    pinned = [
        _library(work, PackageURL("pypi", None, work.name, work.version), scope=ComponentScope.OPTIONAL)
        for work in product.pinned
    ]
    bom = Bom(
        components=[*shipped.values(), *pinned],
        serial_number=uuid5(NAMESPACE_URL, "\n".join(f"{file.name} {_hash_of(file)}" for file in files)),
        metadata=BomMetaData(
            component=root,
            timestamp=moment,
            authors=[OrganizationalContact(name=product.author)],
            lifecycles=[PredefinedLifecycle(LifecyclePhase.BUILD)],
            tools=ToolRepository(components=[this_component()]),
        ),
    )
    needed = {need for item in items for need in item.needs}
    bom.register_dependency(root, [*(shipped[name] for name in shipped if name not in needed), *pinned])
    for item in items:
        parts = [part for part in shipped[item.name].components if part.type is not ComponentType.FILE]
        bom.register_dependency(shipped[item.name], [*(shipped[need] for need in item.needs), *parts])
    text: str = make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string(indent=2)
    return text + "\n"


def _component(item: Item) -> Component:
    group, _, name = item.name.rpartition("/")
    purl = PackageURL(item.kind, group or None, name, item.work.version)
    inside = [_library(work, None, prefix=f"{purl.to_string()}#") for work in item.contains]
    files = [_file(path, sha) for path, sha in item.files]
    return _library(
        item.work, purl, scope=ComponentScope.REQUIRED, hashes=item.hashes, parts=[*inside, *files]
    )


def _library(  # a component's facts, by name
    work: Work,
    purl: PackageURL | None,
    *,
    prefix: str = "",
    scope: ComponentScope | None = None,
    hashes: Iterable[tuple[str, str]] = (),
    parts: Iterable[Component] = (),
) -> Component:
    return Component(
        name=work.name,
        type=ComponentType.LIBRARY,
        version=work.version,
        bom_ref=purl.to_string() if purl else prefix + work.name,
        purl=purl,
        scope=scope,
        licenses=[LicenseFactory().make_from_string(work.licence)],
        hashes=[HashType(alg=HashAlgorithm(kind), content=digest) for kind, digest in hashes],
        components=parts,
    )


def _file(name: str, sha: str) -> Component:
    digest = HashType(alg=HashAlgorithm.SHA_256, content=sha)
    return Component(name=name, type=ComponentType.FILE, bom_ref=f"file:{name}", hashes=[digest])


def _hash_of(file: Component) -> str:
    return str(next(digest.content for digest in file.hashes))
