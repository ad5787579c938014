"""`python -m requestflow` and the `requestflow` command."""

from requestflow.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
