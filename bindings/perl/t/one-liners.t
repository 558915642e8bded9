# One-liners of the documentation, as a shell would run them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Test::More;
use Evidence;

# Output of perl with these words, as bytes.
sub perl {
    CORE::open(my $pipe, '-|', $^X, @_) or die $!;
    local $/;
    my $out = <$pipe>;
    close $pipe;
    is($?, 0, "perl @_[0 .. 2]");
    return $out;
}

my @events = SMSCrypto::analyze(@SNAPSHOTS)->events;
my $out = perl('-CS', '-MSMSCrypto', '-E',
               'say "$_->{time}  $_->{text}" for SMSCrypto::analyze(@ARGV)->events', @SNAPSHOTS);
utf8::decode($out);
is($out, join('', map { "$_->{time}  $_->{text}\n" } @events), 'a timeline');

$out = perl('-MSMSCrypto', '-e', 'print SMSCrypto::analyze(@ARGV)->write("generations", "jsonl")', @SNAPSHOTS);
is((grep { decode_json($_)->{type} ne 'generation' } split /\n/, $out), 0, 'generations as JSON');

$out = perl('-MSMSCrypto', '-MJSON::PP', '-E',
            'say JSON::PP->new->utf8->canonical->convert_blessed->encode($_) for SMSCrypto::analyze(@ARGV)->events',
            @SNAPSHOTS);
my @rows = map { decode_json($_) } split /\n/, $out;
is_deeply([map { $_->{time} } @rows], [map { "$_->{time}" } @events], 'any object as JSON');
is((grep { $_->{generation} && $_->{generation}{exchange}
           && $_->{generation}{exchange}{spki_sha256} !~ /^[0-9a-f]{64}$/ } @rows), 0, 'bytes as hex');

$out = perl('-MSMSCrypto', '-MJSON::PP', '-E',
            '$l = SMSCrypto::logs(shift); while ($r = $l->next) { say encode_json($r) }', $LOG);
is(scalar(split /\n/, $out), 2, 'rows of a log as JSON');

$out = perl('-MSMSCrypto', '-E', 'say $_->{path} for SMSCrypto::open(shift)->entries', $ZIP);
like($out, qr{MachineKeys/19c5cf9c}, 'a listing');

$out = perl('-0777', '-MSMSCrypto', '-MJSON::PP', '-nE',
            'print JSON::PP->new->convert_blessed->encode(SMSCrypto::decode($ARGV, $_))', $CONTAINER);
ok(keys %{ decode_json($out) } > 3, 'a record as JSON');

$out = perl('-MSMSCrypto=analyze', '-E', 'say scalar(() = analyze(@ARGV)->findings)', @SNAPSHOTS);
cmp_ok($out, '>', 3, 'imported by name');
@events = ();
alive();
done_testing;
