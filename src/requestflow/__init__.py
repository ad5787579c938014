"""requestflow: the workflow engine for requests for government information."""
