"""The JSON Schema for editors is the shape that the reader checks."""

import json

from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_shape import schema


def test_the_schema_file_is_made_from_the_reader() -> None:
    """What an editor accepts is what the program accepts; `make fix` writes the file anew."""
    written = json.loads((shipped("workflows") / "workflow.schema.json").read_text("utf-8"))

    assert schema() == written
