#!/bin/sh
# run.sh - every test there is, from a fresh clone on Debian 12, with one command.
#
# Installs what the tests need, then
#   build/gcc    warnings are errors; all tests
#   build/asan   AddressSanitizer and UBSan; the tests of C code and of the command
#   build/clang  warnings are errors there too; compiled only
# and ends with "N passed, N failed".
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
sh tests/packages.sh build test
/usr/bin/python3 corpus/make/restore_times.py

failed=
say() { printf '\n== %s\n' "$*"; }

# build NAME OPTION...: configures build/NAME if it is new or its options changed, and compiles.
build() {
	name=$1
	shift
	say "build/$name"
	log=build/$name.log
	mkdir -p build
	again=
	[ -f "build/$name/build.ninja" ] && again=--reconfigure
	if meson setup $again "build/$name" "$@" >"$log" 2>&1 && ninja -C "build/$name" >>"$log" 2>&1; then
		return 0
	fi
	grep -E 'error|ERROR|FAILED' -A 8 "$log" | head -60
	failed="$failed --failed build/$name"
	return 1
}

if build gcc -Dwerror=true; then
	meson test -C build/gcc --no-rebuild --print-errorlogs || true
fi

# LeakSanitizer reads all memory at the end of each process, which is less without the library of
# its own.  Criterion runs each test in a process of its own and does not notice a leak there: what
# the sanitizers have to say goes to files, and any file that is not empty is a failure.
if build asan -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false "-Dc_args=-fno-sanitize-recover=all -g1" \
	"-Dc_link_args=-static-libasan -static-libubsan" -Dpython=disabled -Dperl=disabled; then
	reports=$top/build/asan/reports
	rm -rf "$reports"
	mkdir "$reports"
	chmod 1777 "$reports"  # one test runs the command as nobody
	# What was freed is kept from use for 16 MiB: the 256 of the default take half of the time.
	ASAN_OPTIONS=log_path=$reports/asan:detect_leaks=1:quarantine_size_mb=16 \
	UBSAN_OPTIONS=log_path=$reports/ubsan:print_stacktrace=1 \
		meson test -C build/asan --no-rebuild --print-errorlogs \
		--suite unit --suite prop --suite fuzz --suite cli || true
fi

CC=clang build clang -Dwerror=true -Dtests=false -Doptimization=0 -Ddebug=false || true

say "All tests"
exec /usr/bin/python3 tests/fold.py build/gcc build/asan --reports build/asan/reports $failed
