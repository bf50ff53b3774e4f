#!/usr/bin/env bash
# Makes the one file that users install, exactly as install.sh does; needs a C compiler as well as the SDK. Usage: publish.sh FOLDER
set -euo pipefail
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
exec dotnet publish src/GpuTty -p:PublishProfile=Installed -o "$folder"
