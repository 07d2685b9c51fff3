"""The C interface, and nothing else."""

import ctypes
import sys
from pathlib import Path

_NAMES = {"win32": "keystead_c.dll", "darwin": "libkeystead_c.dylib"}
_PATH = Path(__file__).with_name(_NAMES.get(sys.platform, "libkeystead_c.so"))

library = ctypes.CDLL(str(_PATH))

CHANGED = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

library.keystead_version.restype = ctypes.c_char_p
library.keystead_has_feature.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
library.keystead_has_feature.restype = ctypes.c_bool
library.keystead_string_free.argtypes = [ctypes.c_void_p]
library.keystead_string_free.restype = None
for _free in ["keystead_close", "keystead_sign_in_free", "keystead_settings_free", "keystead_auto_refresh_free"]:
    getattr(library, _free).argtypes = [ctypes.c_void_p]
    getattr(library, _free).restype = None


def call(function, *arguments):
    """Calls a function that can fail: its number and its JSON."""
    out = ctypes.c_void_p()
    number = getattr(library, function)(*arguments, ctypes.byref(out))
    try:
        return number, ctypes.string_at(out).decode()
    finally:
        library.keystead_string_free(out)
