"""The Slack surface: what arrives becomes requests, what is answered becomes messages."""
