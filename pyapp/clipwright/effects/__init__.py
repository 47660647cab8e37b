"""Every effect, transition and look of text that a project may ask for: what each takes, and what it builds. Pure."""
