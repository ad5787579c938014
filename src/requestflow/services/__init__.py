"""One act each; transactions begin and end here."""
