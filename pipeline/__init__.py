"""Articles in, tables out: the only place where rules and learning meet."""
