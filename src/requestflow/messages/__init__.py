"""What the program says: catalogues in Chinese and English, one sentence a code."""
