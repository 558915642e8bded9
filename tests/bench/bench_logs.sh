#!/bin/sh
# bench_logs.sh BENCH_LOG [MEGABYTES [FILE...]]: how fast logs become rows, beside what else
# reads them: wc -l (the floor: one look at each byte), one regular expression in Perl, and, where
# it is installed, rg with one pattern.  Each number is the best of five runs in this
# one session; FILEs are joined to one more log.  SMSCRYPTO=COMMAND adds the command itself.
set -eu
bench=$1
megabytes=${2:-200}
[ $# -gt 2 ] && shift 2 || shift $#
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

python3 "$here/make_logs.py" ccm "$megabytes" "$work/ccm"
python3 "$here/make_logs.py" site "$megabytes" "$work/site"
logs="ccm site"
if [ $# -gt 0 ]; then
	while [ "$(stat -c %s "$work/files" 2>/dev/null || echo 0)" -lt "${megabytes}000000" ]; do
		cat "$@" >>"$work/files"
	done
	logs="$logs files"
fi

# Seconds of the best of five runs of a command, its own start included.
best() {
	perl -MTime::HiRes=time -e 'my $best; for (1 .. 5) { my $t = time; my $pid = fork;
		if (!$pid) { open STDOUT, ">", "/dev/null"; exec @ARGV or exit 9 } waitpid $pid, 0;
		die "@ARGV failed\n" if $? && $? != 256; $t = time - $t; $best = $t if !defined $best || $t < $best }
		printf "%.6f\n", $best' "$@"
}

perl_ccm='local $/; $_ = <STDIN>; my $n = 0; $n++ while /<!\[LOG\[(.*?)\]LOG\]!><time="([^"]*)" '\
'date="([^"]*)" component="([^"]*)" context="([^"]*)" type="([^"]*)" thread="([^"]*)" file="([^"]*)">/gs; print $n'
perl_site='my $n = 0; while (<STDIN>) { $n++ if /^(.*?) *\$\$<([^>]*)><([^>]*)><thread=(\d+) \(0x([0-9A-F]+)\)>/ } print $n'

size() { stat -c %s "$1"; }
row() { perl -e 'printf "%-8s %-30s %8.0f MB/s %8.3f\n", $ARGV[0], $ARGV[1], $ARGV[2] / $ARGV[3] / 1e6, $ARGV[4] / $ARGV[3]' "$@"; }

printf '%-8s %-30s %13s %8s\n' log program speed 'of wc'
for log in $logs; do
	file=$work/$log
	bytes=$(size "$file")
	wc=$(best wc -l "$file")
	row "$log" 'wc -l' "$bytes" "$wc" "$wc"
	row "$log" 'rows, all fields, UTC' "$bytes" "$(best "$bench" "$file")" "$wc"
	row "$log" 'rows about keys' "$bytes" "$(best "$bench" "$file" keys)" "$wc"
	case $log in
	site) regex=$perl_site ;;
	*)    regex=$perl_ccm ;;
	esac
	if command -v rg >/dev/null; then
		row "$log" 'rg, one pattern' "$bytes" "$(best rg -c -F 'Creating Signing Certificate' "$file")" "$wc"
	fi
	if [ -n "${SMSCRYPTO:-}" ]; then
		row "$log" 'smscrypto log --count' "$bytes" "$(best "$SMSCRYPTO" log -q --count "$file")" "$wc"
		gzip -1 -c "$file" >"$file.gz"
		row "$log" 'the same of a .gz' "$bytes" "$(best "$SMSCRYPTO" log -q --count "$file.gz")" "$wc"
	fi
	row "$log" 'perl, one regex' "$bytes" "$(best sh -c 'perl -e "$1" <"$2"' - "$regex" "$file")" "$wc"
done
