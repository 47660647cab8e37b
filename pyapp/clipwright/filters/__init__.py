"""FFmpeg's filters as values: expressions, filters, chains and graphs, builders that know their ranges, layouts."""
