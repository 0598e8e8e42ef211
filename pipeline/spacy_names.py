"""What the component calls itself and its attributes in a spaCy pipeline, and where it looks for what is known of an article."""

from __future__ import annotations

NAME = "jianbao"
GROUPS = {"indicators": "indicators", "brands": "brands", "activities": "activities"}
ARTICLE = {field: f"user_data.{field}" for field in ("title", "published", "source", "contributor", "region")}
ATTRIBUTES = (
    "doc._.records", "doc._.refused", "span._.indicator", "span._.brand", "span._.activity", "span._.quantity",
    "span._.measure", "span._.period", "span._.whole", "span._.offsets",
)  # fmt: skip
