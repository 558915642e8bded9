# Values on their way between Perl and C: text, bytes, times, options, errors.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Scalar::Util qw(dualvar looks_like_number);
use Test::More;
use Evidence;

my $stamp = '2005-01-07T22:59:38.1234567Z';
my $ticks = 116444736000000000 + 11051387781234567;

# times
is(SMSCrypto::ticks($stamp), $ticks, 'ticks are exact');
is(SMSCrypto::time_format($stamp), $stamp, 'a time is text');
my $time = SMSCrypto::time_parse($stamp);
is("$time", $stamp, 'a time reads as text');
cmp_ok(abs($time - 1105138778.1234567), '<', 1e-5, 'and computes as Unix seconds');
ok($time > SMSCrypto::time_parse('2005-01-07'), 'and compares');
is(SMSCrypto::ticks($time), $ticks, 'and gives back every digit');
is(SMSCrypto::time_format(1105138778), '2005-01-07T22:59:38.0000000Z', 'Unix seconds are a time');
is(SMSCrypto::time_parse('yesterday'), undef, 'what is no time');
is(SMSCrypto::time_format(undef), '', 'no time');
like(dies('no time', sub { SMSCrypto::ticks('yesterday') }), qr/no time: 'yesterday'/);
is(SMSCrypto::ticks(1105138778.5), 116444736000000000 + 11051387785000000, 'with a fraction');
for my $far (1e300, -1e300, 9**9**9, -9**9**9 / 9**9**9) {
    like(dies('a number that is no time', sub { SMSCrypto::ticks($far) }), qr/no time/);
}
is(SMSCrypto::TICKS_A_SECOND, 10_000_000, 'a constant');

# bytes and text
my $data = load($CONTAINER);
is(SMSCrypto::decode('x', $data)->{format}, 'capi-container', 'bytes in');
utf8::upgrade(my $upgraded = $data);
is(SMSCrypto::decode('x', $upgraded)->{format}, 'capi-container', 'bytes are bytes however Perl holds them');
like(dies('wide characters', sub { SMSCrypto::decode('x', "\x{263a}") }), qr/Wide character/);
like(dies('undef', sub { SMSCrypto::decode('x', undef) }), qr/undef/);
like(dies('NUL in a path', sub { SMSCrypto::open("a\0b") }), qr/NUL/);
like(dies('no path', sub { SMSCrypto::open(undef) }), qr/undef/);
is(SMSCrypto::decode('näme ☺', $data)->{path}, 'näme ☺', 'text out is characters');

# options
ok(SMSCrypto::decode('x', $data, { codepage => 850, zone => '+01:00', max_depth => undef, threads => 3 }), 'options');
like(dies('unknown option', sub { SMSCrypto::decode('x', $data, { zones => 1 }) }), qr/no option 'zones'/);
like(dies('too large', sub { SMSCrypto::decode('x', $data, { max_depth => 1 << 32 }) }), qr/max_depth/);
like(dies('negative', sub { SMSCrypto::decode('x', $data, { max_stream => -1 }) }), qr/max_stream/);
like(dies('no number', sub { SMSCrypto::decode('x', $data, { max_stream => 'x' }) }), qr/max_stream/);
is(dies('unknown zone', sub { SMSCrypto::decode('x', $data, { zone => 'Mars' }) })->code, 'arg');
like(dies('too few arguments', sub { SMSCrypto::decode('x') }), qr/usage/);

# errors
my $error = dies('junk', sub { SMSCrypto::decode('näme', 'nothing that anybody knows') });
isa_ok($error, 'SMSCrypto::Error');
is($error->code, 'format');
is($error->path, 'näme');
like("$error", qr/^näme: .*\n\z/, 'an error is text');
ok($error, 'and true');
$error = SMSCrypto::Error->new(code => 'io', message => 'lost', path => 'a.zip', offset => 7);
is("$error", "a.zip: lost (at byte 7)\n", 'text of an error');
is($error->message . $error->offset, 'lost7');
for my $call (\&SMSCrypto::open, \&SMSCrypto::logs, \&SMSCrypto::analyze) {
    my $why = dies('a missing file', sub { $call->('no-such-file') });
    is($why->code . $why->path, 'iono-such-file');
}

# objects
my $record = SMSCrypto::decode('x', $data);
like(dies('a misspelt name', sub { $record->{typo} }), qr/has no 'typo'/);
like(dies('writing', sub { $record->{path} = 'x' }), qr/cannot be changed/);
like(dies('deleting', sub { delete $record->{path} }), qr/cannot be changed/);
like(dies('clearing', sub { %$record = () }), qr/cannot be changed/);
ok(exists $record->{path} && !exists $record->{typo}, 'exists');
is_deeply([sort keys %$record], ['format', 'path'], 'keys');
my %copy = %$record;
is_deeply(\%copy, { format => 'capi-container', path => 'x' }, 'a copy');
like(dies('a wrong object', sub { SMSCrypto::Report->new('jsonl', sub { })->findings($record) }),
     qr/SMSCrypto::Case is wanted/);
like(dies('no object', sub { SMSCrypto::Report->new('jsonl', sub { })->findings(undef) }),
     qr/SMSCrypto::Case is wanted/);
undef $record;

# names
is(SMSCrypto::code_name(0x8009000d), 'NTE_NO_KEY', 'a code');
ok(SMSCrypto::code_meaning(0x8009000d), 'its meaning');
is(SMSCrypto::code_name(0x12345678), undef, 'no code');
ok(SMSCrypto::formats()->{'capi-container'}, 'formats');
ok(SMSCrypto::rules()->{K003}, 'rules');
is(SMSCrypto::knowledge()->{L003}, 'CCMSignData failed', 'knowledge');
is(SMSCrypto::knowledge_kind('L003'), 'signing-failed', 'its kind');
is(SMSCrypto::knowledge_component('L003'), 'CcmExec', 'who says it');
is(SMSCrypto::knowledge_container('L003'), 'SMS', 'whose key');
is(SMSCrypto::knowledge_severity('L000'), -1, 'no such line');
is(SMSCrypto::knowledge_meaning('L000'), undef, 'no meaning');
like(SMSCrypto::version(), qr/^\d+\.\d+\.\d+$/, 'version');
is($SMSCrypto::VERSION, SMSCrypto::version(), 'the same');

alive();
done_testing;
