"""What ``bench/api.py`` is made of: the reference marts, the questions, and who answers them."""
