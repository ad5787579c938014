"""`python -m requestflow.definitions`: prints the JSON Schema of workflow files."""

import json

from requestflow.definitions.workflow_shape import schema

if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=2))  # noqa: T201  its one purpose
