# The generations of every container as a table: generations.pl BACKUP...
use strict;
use warnings;
use SMSCrypto;

binmode STDOUT, ':utf8';
my $case = eval { SMSCrypto::analyze(@ARGV) } or die "generations.pl: $@";
for my $g ($case->generations) {
    print join("\t", @$g{qw(container number state size)}, $g->{created} // '',
               $g->{machine_guid}), "\n";
    for my $use (qw(signature exchange)) {
        my $key = $g->{$use};
        my $what = $key ? "$key->{algorithm} $key->{bits} " . unpack('H*', $key->{spki_sha256}) : 'none';
        print "\t$use\t$what\n";
    }
}
