#!/bin/sh
# The browser that tests drive: Chromium with its driver, and a font with Chinese characters. Where
# Debian's packages can be installed they are; elsewhere the tests of pages are left out, and say so.
set -eu

command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium and its driver from Debian's packages"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install --no-install-recommends --yes \
        chromium chromium-driver fonts-noto-cjk >/dev/null && exit 0
fi
echo "chromium and chromedriver are not here: tests of pages are left out" >&2
