# For PlatformIO: which of the archives in src/ a board takes. For Arduino, its builder finds them by the same folders.
Import("env")  # noqa: F821

import os

# build.mcu of Espressif, build.cpu of all others.
board = env.BoardConfig()  # noqa: F821
chip = board.get("build.mcu", "")
if not chip.startswith("esp"):
    chip = board.get("build.cpu", "")
flags = " ".join(str(flag) for flag in env.Flatten(env.get("CCFLAGS", [])))  # noqa: F821
unit = [part for part in flags.split() if part.startswith(("-mfpu=", "-mfloat-abi="))]
unit = {part.split("=")[0]: part.split("=")[1] for part in unit}
folder = os.path.join("src", chip)
if unit.get("-mfloat-abi", "soft") != "soft":
    folder = os.path.join(folder, "%s-%s" % (unit.get("-mfpu", ""), unit["-mfloat-abi"]))

if not os.path.isfile(os.path.join(folder, "libcreatio_auth.a")):
    raise SystemExit("creatio_auth: there is no archive for this board (%s)" % folder)
env.Append(LIBPATH=[os.path.realpath(folder)], LIBS=["creatio_auth"])  # noqa: F821
