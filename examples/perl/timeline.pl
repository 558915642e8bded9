# Every event of some backups, in order of time: timeline.pl BACKUP...
use strict;
use warnings;
use SMSCrypto;

binmode STDOUT, ':utf8';
my $case = eval { SMSCrypto::analyze(@ARGV) } or die "timeline.pl: $@";
for my $event ($case->events) {
    print join("\t", $event->{time} // '', $event->{kind}, $event->{text},
               "$event->{path}\@$event->{offset}"), "\n";
}
