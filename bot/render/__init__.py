"""What Footnote has to say, made ready for a surface. Pure functions; the surface prints."""
