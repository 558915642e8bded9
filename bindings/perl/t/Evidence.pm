package Evidence;    # where the evidence of the tests is, and what is true of it
use strict;
use warnings;
use Exporter 'import';
use File::Basename 'dirname';
use JSON::PP ();
use Test::More ();
use SMSCrypto;

our ($CORPUS, $INCIDENT, @SNAPSHOTS, $ZIP, $CONTAINER, $LOG, $TORN);
our @EXPORT = qw($CORPUS $INCIDENT @SNAPSHOTS $ZIP $CONTAINER $LOG $TORN
                 load answers samples resident dies alive);

$CORPUS    = $ENV{SMSC_CORPUS} // dirname(__FILE__) . '/../../../corpus';
$INCIDENT  = "$CORPUS/incident-2005";
@SNAPSHOTS = map { "$INCIDENT/$_" } qw(2004-12-28 2005-01-07 2005-01-09 2005-01-12);
$ZIP       = "$INCIDENT/2004-12-28.zip";
$CONTAINER = "$CORPUS/capi-container/two-pairs";
$LOG       = "$CORPUS/sms-log/form-c.log";
$TORN      = "$CORPUS/capi-container/bad-private-cut";

binmode $_, ':utf8' for map { Test::More->builder->$_ } qw(output failure_output todo_output);

sub load {
    my ($path) = @_;
    CORE::open(my $file, '<:raw', $path) or die "$path: $!";
    local $/;
    return scalar <$file>;
}

sub answers { return JSON::PP::decode_json(load("$INCIDENT/ANSWERS.json")) }
sub samples { return JSON::PP::decode_json(load("$CORPUS/SAMPLES.json"))->{samples} }

# Bytes of this process in memory.
sub resident { return (split ' ', load('/proc/self/statm'))[1] * 4096 }

# The call dies; returns what it died of.
sub dies {
    my ($name, $call) = @_;
    my $lived = eval { $call->(); 1 };
    my $why = $@;
    Test::More::ok(!$lived, "$name dies");
    return $why;
}

# As many objects live as at the start of the file.
my $start = SMSCrypto::live_objects();
sub alive { return Test::More::is(SMSCrypto::live_objects(), $start, shift // 'nothing is left behind') }

1;
