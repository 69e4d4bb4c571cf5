"""The attack suite: essays that speak to the judge, how many are detected, and what the rest achieve.

No claim is made about real models: the judges are the emulator's.
"""
