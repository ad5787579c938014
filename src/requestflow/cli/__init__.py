"""The command line: words, options, exit codes. Nothing of the rules is decided here."""
