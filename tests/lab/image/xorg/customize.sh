#!/bin/sh
# Runs on the host with the finished root tree as $1: makes a Debian into the lab's guest, with lightdm and Xorg.
set -eu
here=$(dirname "$0")
"$here/../basics.sh" "$1" host card
cp -r --preserve=mode "$here/overlay/." "$1/"
