"""Killing the service at each named step, and looking at what is left once it has been started again.

The steps are found by a recording run, watched from outside: the service knows nothing of them.
"""
