#!/usr/bin/env bash
# ci/install_packages.sh LIST...: installs the Debian packages of ci/packages/LIST.txt that are not there yet.
# Needs root or sudo only when something is missing; asks the archive for its index at most once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $# -eq 0 ]]; then
  echo "usage: ci/install_packages.sh build|test..." >&2
  exit 3
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "ci/install_packages.sh: this is not a Debian system. Install what ci/packages/*.txt name by your own means." >&2
  exit 1
fi

wanted=()
for list in "$@"; do
  while read -r package word command; do
    [[ -z $package || $package == \#* ]] && continue
    if [[ $word == unless ]] && command -v "$command" >/dev/null; then continue; fi
    wanted+=("$package")
  done <"ci/packages/$list.txt"
done

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed* ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "ci/install_packages.sh: missing: ${missing[*]}" >&2
    echo "ci/install_packages.sh: neither root nor sudo; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
# Other sources of this machine may be out of order; what counts is whether the packages can be installed.
"${as_root[@]}" apt-get update -qq || echo "ci/install_packages.sh: apt-get update had errors; going on" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" >/dev/null
