#!/bin/sh
# quickstart.sh - from a fresh clone on Debian 12 to the answer, with one command.
#
# Installs what is missing, builds, installs below .local/ of this project (nothing else on the
# machine changes) and looks into the example case of the corpus.  May be started from anywhere.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
sh tests/packages.sh build

say() { printf '\n== %s\n' "$*" >&2; }

# Does one step; what it has to say is shown only when it fails.
quietly() {
	"$@" >build/quickstart.log 2>&1 || { tail -30 build/quickstart.log >&2; exit 1; }
}

say "Building into build/quickstart"
mkdir -p build
again=
[ -f build/quickstart/build.ninja ] && again=--reconfigure
quietly meson setup $again build/quickstart --prefix "$top/.local" --buildtype release -Dtests=false \
	-Dpython_dir="$top/.local/lib/python" -Dperl_dir="$top/.local/lib/perl"
quietly ninja -C build/quickstart
say "Installing into .local"
quietly meson install -C build/quickstart

# Where this shell finds it all.
cat >.local/env.sh <<EOT
export PATH='$top/.local/bin':"\$PATH"
export PYTHONPATH='$top/.local/lib/python'\${PYTHONPATH:+:"\$PYTHONPATH"}
export PERL5LIB='$top/.local/lib/perl'\${PERL5LIB:+:"\$PERL5LIB"}
export LD_LIBRARY_PATH='$top/.local/lib'\${LD_LIBRARY_PATH:+:"\$LD_LIBRARY_PATH"}
export PKG_CONFIG_PATH='$top/.local/lib/pkgconfig'\${PKG_CONFIG_PATH:+:"\$PKG_CONFIG_PATH"}
export MANPATH='$top/.local/share/man':"\${MANPATH:-}"
EOT

# git keeps no file times; those of the case are part of the evidence.
/usr/bin/python3 corpus/make/restore_times.py >/dev/null

cd corpus/incident-2005
set -- 2004-12-28 2005-01-07 2005-01-09 2005-01-12 client-CL01
say "smscrypto timeline $*"
"$top/.local/bin/smscrypto" timeline "$@"
say "smscrypto keys $*"
"$top/.local/bin/smscrypto" keys "$@"
set -- 2004-12-28.zip 2005-01-07.bkf --with evidence/discarded-message.p7m --with client-CL01
say "smscrypto diagnose $*"
"$top/.local/bin/smscrypto" diagnose "$@" || test $? -eq 1  # an error stands: that is the answer

cat >&2 <<EOT

== Where to go from here
    . '$top/.local/env.sh'      then this shell knows the command, its pages, Python and Perl
    smscrypto diagnose before.bkf after.bkf    your own backups
    smscrypto inspect FILE                     one file, every field with its offset
    smscrypto help
    man smscrypto; man libsmscrypto
    sh tests/run.sh                            every test there is
EOT
