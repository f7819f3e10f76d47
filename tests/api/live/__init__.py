"""Subscriptions, on a real server with a real client."""
