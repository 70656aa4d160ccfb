#!/bin/sh
# A secret store that is a folder: `store.sh NAME` keeps its standard input as the newest version of the secret NAME.
set -eu
umask 077
folder="$(dirname "$0")/store/$1"
mkdir -p "$folder"
version=$(($(ls "$folder" | wc -l) + 1))
cat >"$folder/$version"
