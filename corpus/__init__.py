"""What an article is and what a record is: types, readers, regions, lexicons and gold."""
