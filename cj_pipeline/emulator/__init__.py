"""Loopback emulator of the OpenAI and Anthropic batch APIs with synthetic judges and scripted faults.

It speaks the providers' wire formats over a real socket, so that the unmodified SDKs can be pointed at it by changing
nothing but ``base_url``. Every answer is marked as synthetic. Nothing of the rest of the project is imported here, and
nothing of the project's field names or prompts is known here apart from the essay delimiters in ``prompt_reading``.
"""

from cj_pipeline.emulator.embedding import EmulatorDidNotStartError, RunningEmulator, running_emulator
from cj_pipeline.emulator.settings import EmulatorSettings, Limits

__all__ = ["EmulatorDidNotStartError", "EmulatorSettings", "Limits", "RunningEmulator", "running_emulator"]
