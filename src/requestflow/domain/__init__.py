"""The rules: values in, values out; no file, no database, no clock."""
