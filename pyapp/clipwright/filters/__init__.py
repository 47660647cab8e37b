"""FFmpeg's filters as values: expressions, filters, chains and graphs, and builders that know their ranges."""
