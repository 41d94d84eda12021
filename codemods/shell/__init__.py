"""Reads scripts of the shell: which programs they call, with what, and which variables hold what.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""
