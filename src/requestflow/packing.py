"""Word files as bytes that are the same each time they are made."""

import io
import zipfile

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip knows
_CONTENT_TYPES = "[Content_Types].xml"  # what readers expect first


def repacked(document: bytes) -> bytes:
    """The same parts in a fixed order, without the moment and the machine they were packed on."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != _CONTENT_TYPES, name)):
            part = zipfile.ZipInfo(name, _MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            part.external_attr = 0
            target.writestr(part, source.read(name))
    return made.getvalue()
