# shellcheck shell=bash
# Sourced by every script of ci/servers. A server is one script that defines
#   protocol (smtp or lmtp), install, launch PORT NEXT_HOP_PORT, version
# and ends with: server_main "$@".
#
# Two kinds:
#   boxed   Debian packages that conflict with each other. `install` copies one debootstrap tree and installs the package in
#           the copy; `start` mounts it read-only under a throw-away layer in mount, PID and host name spaces of its own.
#           Every start is a factory-fresh server, and killing the first process of its PID space ends the whole tree.
#   plain   user processes, started in a session of their own.
# Both listen on 127.0.0.1 only. One that relays passes mail for relay.example on to 127.0.0.1:NEXT_HOP_PORT. SMTPSPEC_SERVER_STATE is the folder of one run (log, pid, port, home/Maildir), emptied by
# `start`; what `install` fetched stays in build/servers/installed.
set -euo pipefail

script_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$(cd "$script_folder/../.." && pwd)
name=$(basename "$0")
installed=$project/build/servers/installed
state=${SMTPSPEC_SERVER_STATE:-$project/build/servers/state/$name}
start_limit_seconds=30
alice_uid=2000

fail() {
  echo "$name: $*" >&2
  exit 1
}

# ---- packages in a box ----------------------------------------------------------------------------------------------

require_box() {
  [[ $(id -u) -eq 0 ]] || fail "needs root: this server's package conflicts with others and runs in a mount of its own"
  unshare --mount --uts --pid --fork true 2>/dev/null ||
    fail "this machine does not allow unshare(1) with mount and PID name spaces (a container without CAP_SYS_ADMIN?)"
}

# Lines for sources.list: the Debian archives that this machine's own apt uses, and no others.
debian_sources() {
  local format="deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)"
  apt-get indextargets 'Created-By: Packages' 'Origin: Debian' --format "$format" 2>/dev/null | sort -u
}

base_tree() {
  local base=$installed/base
  [[ -e $base.ready ]] && return 0
  command -v debootstrap >/dev/null || fail "debootstrap is missing: ci/install_packages.sh test"
  local sources mirror suite proxy
  sources=$(debian_sources)
  if [[ -z $sources ]]; then
    apt-get update -qq || true
    sources=$(debian_sources)
  fi
  read -r mirror suite < <(awk '$3 !~ /[-\/]/ && $4 == "main" { print $2, $3; exit }' <<<"$sources") ||
    fail "this machine's apt has no Debian archive to take packages from"
  proxy=$(apt-config shell proxy Acquire::http::Proxy | sed "s/^proxy='//;s/'\$//")
  [[ -z $proxy || $proxy == DIRECT ]] || export http_proxy=$proxy

  rm -rf "$base"
  mkdir -p "$base"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" "$mirror" >"$installed/base.log" 2>&1 ||
    fail "debootstrap of $suite failed, see $installed/base.log"
  printf '%s\n' "$sources" >"$base/etc/apt/sources.list"
  apt-config dump | grep '^Acquire::' >"$base/etc/apt/apt.conf.d/90machine" || true
  cp -rL /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt" 2>/dev/null || true
  printf '#!/bin/sh\nexit 101\n' >"$base/usr/sbin/policy-rc.d" # no service starts at installation
  chmod 755 "$base/usr/sbin/policy-rc.d"
  printf '127.0.0.1 mail.example.org mail localhost example.org\n' >"$base/etc/hosts"
  echo mail.example.org >"$base/etc/mailname"
  chroot "$base" useradd --uid "$alice_uid" --create-home alice
  chroot "$base" useradd --uid $((alice_uid + 1)) --create-home elsewhere
  mkdir -p "$base/box"
  cp -L /etc/resolv.conf "$base/etc/resolv.conf"
  chroot "$base" apt-get update -qq >>"$installed/base.log" 2>&1 || fail "apt-get update failed, see $installed/base.log"
  touch "$base.ready"
}

# box_install PACKAGE...; box_answers, if set, holds debconf lines.
box_install() {
  local tree=$installed/$name
  [[ -e $tree.ready ]] && return 0
  require_box
  mkdir -p "$installed"
  ( # several servers may be installed at the same time
    flock 9
    base_tree
  ) 9>"$installed/base.lock"
  rm -rf "$tree"
  cp -a --reflink=auto "$installed/base" "$tree"
  [[ -z ${box_answers:-} ]] || chroot "$tree" debconf-set-selections <<<"$box_answers"
  # In a PID space of its own: a maintainer script sees, and can end, only what belongs to this box.
  unshare --mount --uts --pid --fork --kill-child bash -euc '
    hostname mail.example.org
    mount -t proc proc "$1/proc"
    tree=$1
    shift
    chroot "$tree" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get install -y --no-install-recommends "$@"
    chroot "$tree" apt-get clean
  ' _ "$tree" "$@" >"$installed/$name.log" 2>&1 </dev/null || fail "installation failed, see $installed/$name.log"
  rm -rf "$tree/var/lib/apt/lists"
  touch "$tree.ready"
}

box_version() { # PACKAGE
  chroot "$installed/$name" dpkg-query -W -f='${Version}' "$1" 2>/dev/null || echo unknown
}

# box_start PORT: runs $state/box/run, which the box sees as /box/run, as its first process.
box_start() {
  local tree=$installed/$name
  [[ -e $tree.ready ]] || fail "not installed: run 'ci/servers/$name install' first"
  require_box
  mkdir -p "$state/root"
  make_certificate "$state/box"
  chown "$alice_uid:$alice_uid" "$state/home"
  setsid unshare --mount --uts --pid --fork --kill-child bash -euc '
    state=$1 tree=$2
    root=$state/root
    mount -t tmpfs -o mode=755 layer "$root"
    mkdir "$root/upper" "$root/work" "$root/view"
    mount -t overlay -o "lowerdir=$tree,upperdir=$root/upper,workdir=$root/work" overlay "$root/view"
    mount -t proc proc "$root/view/proc"
    mount --bind "$state/home" "$root/view/home/alice"
    mount --bind "$state/box" "$root/view/box"
    hostname mail.example.org
    exec chroot "$root/view" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root bash -eu /box/run
  ' _ "$state" "$tree" >"$state/log" 2>&1 </dev/null &
  echo $! >"$state/pid"
  wait_until_ready "$1"
}

# ---- plain processes ------------------------------------------------------------------------------------------------

plain_start() { # PORT COMMAND...
  local port=$1
  shift
  setsid "$@" >"$state/log" 2>&1 </dev/null &
  echo $! >"$state/pid"
  wait_until_ready "$port"
}

# ---- both -----------------------------------------------------------------------------------------------------------

make_certificate() { # FOLDER
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=mail.example.org \
    -addext 'subjectAltName=DNS:mail.example.org,DNS:localhost,IP:127.0.0.1' \
    -keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
}

is_running() { [[ -s $state/pid ]] && kill -0 "$(cat "$state/pid")" 2>/dev/null; }

# Exit 0 once the server answers a line that begins with 220; says QUIT to it.
greets() { # PORT
  local line=
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  IFS= read -r -t 20 line <&3 || true
  if [[ $line == 220* ]]; then
    printf 'QUIT\r\n' >&3 || true
    IFS= read -r -t 5 line <&3 || true
    exec 3>&-
    return 0
  fi
  exec 3>&-
  return 1
}

wait_until_ready() { # PORT
  local deadline=$((SECONDS + start_limit_seconds))
  until (greets "$1") 2>/dev/null; do
    if ! is_running; then
      tail -20 "$state/log" >&2
      rm -f "$state/pid"
      fail "ended before it answered 220"
    fi
    if ((SECONDS > deadline)); then
      tail -20 "$state/log" >&2
      stop
      fail "no 220 within $start_limit_seconds s"
    fi
    sleep 0.05
  done
  echo "$name: ready on 127.0.0.1:$1"
}

start() { # PORT [NEXT_HOP_PORT]: the latter is PORT + 1 unless it is given
  local port=${1:-}
  [[ $port =~ ^[0-9]+$ ]] || fail "usage: $name start PORT [NEXT_HOP_PORT]"
  local next_hop=${2:-$((port + 1))}
  [[ $next_hop =~ ^[0-9]+$ ]] || fail "usage: $name start PORT [NEXT_HOP_PORT]"
  is_running && fail "is running already (pid $(cat "$state/pid"), state $state)"
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then fail "port $port is taken"; fi
  rm -rf "$state"
  mkdir -p "$state/home" "$state/box"
  chmod 755 "$state" "$state/box"
  echo "$port" >"$state/port"
  launch "$port" "$next_hop"
}

stop() {
  [[ -s $state/pid ]] || return 0
  local pid
  pid=$(cat "$state/pid")
  # A box ends with its first process; a plain server leads a process group of its own.
  kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  rm -f "$state/pid"
}

info() {
  echo "name=$name"
  echo "version=$(version)"
  echo "protocol=$protocol"
  echo "host=127.0.0.1"
  echo "port=$(cat "$state/port" 2>/dev/null || true)"
  echo "running=$(is_running && echo yes || echo no)"
  echo "state=$state"
  echo "log=$state/log"
  echo "mailbox=$mailbox"
  echo "profile=$project/ci/profiles/$name.toml"
}

protocol=smtp
mailbox=maildir:$state/home/Maildir

server_main() {
  local command=${1:-}
  shift || true
  case $command in
    install) install ;;
    start) start "$@" ;;
    stop) stop ;;
    info) info ;;
    *)
      echo "usage: $name install | start PORT [NEXT_HOP_PORT] | stop | info" >&2
      exit 3
      ;;
  esac
}
