#!/usr/bin/env bash
# ci/test_package.sh: makes the packages of preset release and uses each in a clean root of Debian: the .deb by apt, with its
# manual, completions and CMake function, the .tgz by tar and nothing else. Needs root and debootstrap.
# shellcheck disable=SC2016  # scripts in single quotes are for the shells in the root
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/servers/support/lib.sh
source ci/servers/support/lib.sh

build=$project/build/release
rm -rf "$build/packages"
cpack --config "$build/CPackConfig.cmake" >"$build/packages.log" 2>&1 ||
  { tail -n 20 "$build/packages.log" >&2 && fail "cpack failed"; }
deb=("$build"/packages/*.deb)
tgz=("$build"/packages/*.tar.gz)
[[ ${#deb[@]} -eq 1 && ${#tgz[@]} -eq 1 ]] || fail "one package of each kind was expected in $build/packages"

require_box
mkdir -p "$installed"
(
  flock 9
  base_tree
) 9>"$installed/base.lock"

# in_clean_root SCRIPT: /packages holds the packages; nothing that is changed in the root is left.
in_clean_root() {
  unshare --mount --uts --pid --fork --kill-child bash -euc '
    base=$1 packages=$2 root=$3
    mkdir -p "$root"
    mount -t tmpfs -o mode=755 layer "$root"
    mkdir "$root/upper" "$root/work" "$root/view"
    mount -t overlay -o "lowerdir=$base,upperdir=$root/upper,workdir=$root/work" overlay "$root/view"
    mount -t proc proc "$root/view/proc"
    mkdir "$root/view/packages"
    mount --bind "$packages" "$root/view/packages"
    exec chroot "$root/view" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root bash -euc "$4"
  ' _ "$installed/base" "$build/packages" "$build/clean-root" "$1"
}

echo "the .deb, by apt"
in_clean_root '
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends /packages/*.deb >/var/log/install.log 2>&1 ||
    { cat /var/log/install.log; exit 1; }
  cd /tmp
  smtpspec --version
  smtpspec run --report html:report.html | tail -3
  test -s report.html
  test -s /usr/share/man/man1/smtpspec.1
  source /usr/share/bash-completion/completions/smtpspec
  COMP_WORDS=(smtpspec run --role s) COMP_CWORD=3
  _smtpspec
  [[ ${COMPREPLY[*]} == submission ]] || { echo "completion gave: ${COMPREPLY[*]}"; exit 1; }
  test -s /usr/lib/cmake/smtpspec/smtpspecConfig.cmake
  test -s /usr/share/smtpspec/fuzz/coverage.c
'
echo "the .tgz, by tar"
in_clean_root '
  cd /tmp
  tar xzf /packages/*.tar.gz
  smtpspec-*/bin/smtpspec run | tail -3
  test -s smtpspec-*/share/smtpspec/fuzz/coverage.c
'
