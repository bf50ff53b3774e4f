#!/usr/bin/env bash
# Makes the one file that users install: no runtime needed, trimmed, compiled ahead. Usage: publish.sh FOLDER
set -euo pipefail
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
exec dotnet publish src/GpuTty -c Release -r linux-x64 --self-contained -o "$folder" \
    -p:PublishSingleFile=true -p:PublishTrimmed=true -p:PublishReadyToRun=true
