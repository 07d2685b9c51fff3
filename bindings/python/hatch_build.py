"""Puts the native library that KEYSTEAD_LIBRARY names into the wheel, which fits any Python on this platform."""

import os
import sysconfig
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NativeLibrary(BuildHookInterface):
    def initialize(self, version, build_data):
        library = Path(os.environ["KEYSTEAD_LIBRARY"])
        build_data["force_include"][str(library)] = f"keystead/{library.name}"
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
        build_data["pure_python"] = False
