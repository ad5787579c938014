"""Letters and reports: from templates and facts to paragraphs, and from paragraphs to files."""
