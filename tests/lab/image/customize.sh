#!/bin/sh
# Runs on the host with the finished root tree as $1: makes a Debian into the lab's guest, with lightdm and Xorg.
set -eu
"$(dirname "$0")/basics.sh" "$1" host card
