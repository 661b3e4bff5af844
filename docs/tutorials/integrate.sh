#!/bin/sh
# The tour of docs/tutorials/integrate.md, from a clean clone: sh docs/tutorials/integrate.sh
set -eu
cd "$(dirname "$0")/../.."
sh scripts/environment requirements-dev.txt
exec .venv/bin/python scripts/integrate.py
