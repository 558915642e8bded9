# A case: what the incident's answers say must come out.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Evidence;

my $case    = SMSCrypto::analyze(@SNAPSHOTS);
my $answers = answers();

sub same_keys {
    my ($truth) = @_;
    my $known = join ' ', map { $_ ? $_->{spki_sha256} : '-' } @$truth{qw(signature exchange)};
    return grep {
        my $g = $_;
        $g->{file_hash} eq $truth->{file_hash} && $known eq join ' ',
            map { $_ ? unpack('H*', $_->{spki_sha256}) : '-' } @$g{qw(signature exchange)}
    } $case->generations;
}

my $found = 0;
for my $truth (@{ $answers->{generations} }) {
    my @same = same_keys($truth);
    my $g    = $same[0];
    my $name = "$truth->{container} $truth->{number}";
    $found += @same;
    is_deeply([@$g{qw(container number size machine_guid)}, "$g->{modified}"],
              [@$truth{qw(container number size machine_guid modified)}], $name);
    for my $key (grep { defined } @$g{qw(signature exchange)}) {
        is("$key->{algorithm} " . length($key->{spki_sha1}) . " $key->{master_key}",
           "RSA 20 $truth->{master_key}", "$name: a key");
    }
    my @files = map { my $g = $_; map { "$_->{source}{label}/$_->{path}" } $g->files } @same;
    my $places = $truth->{places};
    is_deeply([sort @files], [sort map { my $day = $_; map { "$day/$_" } @{ $places->{$day} } } keys %$places],
              "$name: files");
}
is($found, scalar $case->generations, 'no other generation');

is($case->key_when('SMS', '2005-01-01')->{number}, 1, 'the key before');
is($case->key_when('SMS', '2005-01-08T00:00Z')->{number}, 2, 'and after');
is($case->key_when('SMS', 1105142400)->{number}, 2, 'at a Unix time');
is($case->key_when('SMS', '1999-01-01'), undef, 'none yet');
is($case->key_when('Küche', '2005-01-01'), undef, 'no such container');
like(dies('no time', sub { $case->key_when('SMS', 'noon') }), qr/no time/);

my @events = $case->events;
my @times  = map { $_->{time} // () } @events;
is_deeply(\@times, [sort { $a <=> $b } @times], 'events are in order');
is((grep { !$_->{kind} || !$_->{text} || !$_->{path} } @events), 0, 'and told');
ok($events[0]{source} == ($case->sources)[0], 'by their source');
ok(($events[0]->sources)[0] == $events[0]{source}, 'and all of these');
is_deeply([sort keys %{ $events[0] }],
          [qw(bias clock generation kind local local_ticks meaning offset path severity slack source
              text time time_ticks)], 'members');
my %rules = map { $_->{rule} => 1 } $case->findings;
ok($rules{K002} && $rules{K003}, 'findings');
is((grep { $_->{refutation} ne SMSCrypto::rule_refutation($_->{rule}) } $case->findings), 0, 'and what would refute them');
{
    my @plan = SMSCrypto::analyze(@SNAPSHOTS[0, 1])->plan;
    is_deeply([map { $_->{number} } @plan], [1 .. @plan], 'the plan is numbered');
    my @copies = grep { $_->{action} eq 'copy' } @plan;
    is(@copies, 6, 'six files come back');
    is((grep { $_->{proof} ne 'private-verified' || index($_->{what}, $_->{source}{label}) } @copies), 0, 'proved, each from its source');
}
ok((grep { $_->{format} eq 'capi-container' } $case->records), 'records');

for my $snapshot ($case->sources) {
    is($snapshot->{machine_guid}, $answers->{snapshots}{ $snapshot->{label} }{machine_guid},
       "MachineGuid of $snapshot->{label}");
}
is(SMSCrypto::open($ZIP)->{machine_guid}, undef, 'not known before');

my $known  = JSON::PP::decode_json(load("$CORPUS/SAMPLES.json"))->{shared}{master_key};
my $secret = "master-key=$known->{guid}:$known->{key}";
for my $secrets ($secret, [$secret]) {
    my ($g) = SMSCrypto::analyze($CONTAINER, { secrets => $secrets })->generations;
    is("$g->{signature}{proof} $g->{exchange}{proof}", 'private-verified private-verified', 'a secret opens it');
}
is((SMSCrypto::analyze($CONTAINER)->generations)[0]{exchange}{proof}, 'locked', 'without it is locked');
{
    my $opened = SMSCrypto::analyze($CONTAINER, { secrets => $secret, allow_export => 1 });
    my ($match) = grep { $_->{role} eq 'message-recipient' } $opened->match(load("$CORPUS/cms/plain.p7m"));
    is($match->{proof}, 'none', 'no certificate names the key');
    my ($g) = $opened->generations;
    is($g->export('exchange', 'blob', ''), load("$CORPUS/key-blob/private-exchange"), 'export');
    like($g->export('exchange', 'pem', 'x'), qr/^-----BEGIN ENCRYPTED/, 'export with a passphrase');
    is(dies('no passphrase', sub { $g->export('exchange', 'pem', undef) })->code, 'arg');
    my ($not) = SMSCrypto::analyze($CONTAINER, { secrets => $secret })->generations;
    is(dies('not allowed', sub { $not->export('exchange', 'pem', 'x') })->code, 'arg');
}
is(dies('no secret', sub { SMSCrypto::analyze($CONTAINER, { secrets => ['magic=5'] }) })->code, 'arg');

my $source   = SMSCrypto::open($SNAPSHOTS[1]);
my $labelled = SMSCrypto::analyze(['früher', $ZIP], ['later', $source], $SNAPSHOTS[2], { zone => 'UTC' });
is_deeply([map { $_->{label} } $labelled->sources], ['früher', 'later', '2005-01-09'], 'labels');
is(scalar(() = SMSCrypto::analyze()->events), 0, 'no evidence');
dies('undef as evidence', sub { SMSCrypto::analyze(undef) });
dies('a label of nothing', sub { SMSCrypto::analyze(['a', undef]) });

undef $_ for $case, $source, $labelled;
@events = ();
alive();
done_testing;
