"""The seams: spec sheets, columns, SDL, settings, documents and rules of style agree."""
