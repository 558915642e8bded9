#!/bin/sh
# packages.sh - the one list of Debian packages, and the way to install what is missing.
#
#   sh tests/packages.sh --list build        prints the packages of a group
#   sh tests/packages.sh build [test]        installs those of the groups that are missing
set -eu

# What building the library, the command and both bindings takes.
build="gcc libc6-dev meson pkgconf libssl-dev zlib1g-dev libarchive-dev
       swig python3 python3-dev perl libperl-dev"

# What the tests take besides: Criterion, a second compiler, and programs by other people
# that must give the same answers.
test="libcriterion-dev clang python3-jsonschema python3-mypy python3-cryptography
      python3-pycryptodome python3-hivex python3-impacket libhivex-bin libtest-pod-perl
      libtest-pod-coverage-perl libtest-leaktrace-perl mandoc openssl
      libarchive-tools zip p7zip-full gcab genisoimage bzip2 xz-utils zstd"

# What the measurements are compared with, where it is installed.
bench="ripgrep lnav"

packages_of() {
	case $1 in
	build) echo $build ;;
	test)  echo $test ;;
	bench) echo $bench ;;
	*)     echo "packages.sh: no such group: $1" >&2; exit 2 ;;
	esac
}

if [ "${1:-}" = --list ]; then
	packages_of "${2:-build}" | tr ' ' '\n'
	exit 0
fi

missing=
for group in "$@"; do
	for package in $(packages_of "$group"); do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
		[ "$status" = installed ] || missing="$missing $package"
	done
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "packages.sh: as root, please: apt-get install$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "Installing with apt:$missing" >&2
# Another apt may be at work, as on a machine that has just started.
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=500"
$apt update >&2
$apt install -y --no-install-recommends $missing >&2
