"""A project: the document, its clock, what is wrong with it, and every edit of it. All pure."""
