# Which key did a container hold at a time, and which files hold it?
#
#     which_key.pl SMS 2005-01-07T22:00Z BACKUP...
use strict;
use warnings;
use SMSCrypto;

binmode STDOUT, ':utf8';
my ($container, $when, @backups) = @ARGV;
my $case = eval { SMSCrypto::analyze(@backups) } or die "which_key.pl: $@";
my $generation = $case->key_when($container, $when);
if (!$generation) {
    print "not known\n";
    exit 1;
}
print "$generation->{container} generation $generation->{number}, $generation->{state}\n";
print "$_->{source}{label}\t$_->{path}\n" for $generation->files;
