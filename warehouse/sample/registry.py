"""The source systems that have sample rows; a further one is a module and a line here."""

from warehouse.errors import WarehouseError
from warehouse.sample.auto_analyst.source import AutoAnalystSample
from warehouse.sample.enclava.source import EnclavaSample
from warehouse.sample.kaapi.source import KaapiSample
from warehouse.sample.litellm.source import LitellmSample
from warehouse.sample.sources import SampleSource

_SOURCES: tuple[SampleSource, ...] = (
    KaapiSample(),
    LitellmSample(),
    AutoAnalystSample(),
    EnclavaSample(),
)

SOURCES: dict[str, SampleSource] = {source.name: source for source in _SOURCES}


def find_source(name: str) -> SampleSource:
    """The source system of that name."""
    if name not in SOURCES:
        known = ", ".join(SOURCES)
        raise WarehouseError(
            "UNKNOWN_SOURCE_SYSTEM",
            f"there are no sample rows for the source system {name!r}: choose from {known}",
        )
    return SOURCES[name]
