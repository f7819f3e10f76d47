"""What callers are told without asking: published builds, and what each of them changed.

``feed`` hears of builds; ``updates`` makes of them what one subscriber gets.
"""
