# Any part may be the last that is left, in any order; memory stays flat.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Evidence;

sub use_it {
    my ($thing) = @_;
    return if !UNIVERSAL::isa($thing, 'SMSCrypto');
    my %all = %$thing;
    for my $method (qw(events generations findings records fields entries files)) {
        my @list = $thing->$method if $thing->can($method);
    }
    return;
}

sub last_one {
    my ($name, $made, $part) = @_;
    my $before = SMSCrypto::live_objects();
    my $whole  = $made->();
    my $thing  = $part->($whole);
    ok(defined $thing, $name);
    undef $whole;
    cmp_ok(SMSCrypto::live_objects(), '>', $before, 'is kept');
    use_it($thing);
    undef $thing;
    is(SMSCrypto::live_objects(), $before, 'and let go');
}

my %parts = (
    source                 => sub { ($_[0]->sources)[0] },
    'entry of a source'    => sub { (($_[0]->sources)[0]->entries)[0] },
    record                 => sub { ($_[0]->records)[0] },
    'inner record'         => sub {
        (map { $_->{value} } grep { $_->{type} eq 'record' } map { $_->fields } $_[0]->records)[0]
    },
    generation             => sub { ($_[0]->generations)[-1] },
    signature              => sub { (grep { defined } map { $_->{signature} } $_[0]->generations)[0] },
    exchange               => sub { (grep { defined } map { $_->{exchange} } $_[0]->generations)[0] },
    file                   => sub { (($_[0]->generations)[0]->files)[0]{source} },
    event                  => sub { ($_[0]->events)[-1] },
    "event's generation"   => sub { (grep { defined } map { $_->{generation} } $_[0]->events)[0] },
    "event's source"       => sub { ($_[0]->events)[0]{source} },
    finding                => sub { ($_[0]->findings)[0] },
    "finding's generation" => sub { (grep { defined } map { $_->{generation} } $_[0]->findings)[0] },
    key_when               => sub { $_[0]->key_when('SMS', '2005-01-01') },
);
last_one($_, sub { SMSCrypto::analyze(@SNAPSHOTS[0, 1]) }, $parts{$_}) for sort keys %parts;

my $torn = load($TORN);
last_one('finding of a record', sub { SMSCrypto::decode('x', $torn) }, sub { ($_[0]->findings)[0] });
for my $open (sub { SMSCrypto::open($ZIP) }, sub { SMSCrypto::open($SNAPSHOTS[0]) },
              sub { SMSCrypto::memory('a.zip', load($ZIP)) }) {
    last_one('entry', $open, sub { $_[0]->next });
    last_one("entry's source", $open, sub { $_[0]->next->{source} });
    last_one('log of an entry', $open,
             sub { SMSCrypto::logs((grep { $_->{path} =~ /CcmExec\.log$/ } $_[0]->entries)[0]) });
}
last_one('finding of a source', sub {
    my $source = SMSCrypto::open("$CORPUS/archives/bad-checksum.zip");
    $_->read for $source->entries;
    return $source;
}, sub { ($_[0]->findings)[0] });
last_one('finding of a log', sub {
    my $log = SMSCrypto::logs("$CORPUS/sms-log/bad-tail-torn.log");
    1 while $log->next;
    return $log;
}, sub { ($_[0]->findings)[0] });
last_one('event of memory', sub { SMSCrypto::analyze(SMSCrypto::memory('a.zip', load($ZIP))) },
         sub { ($_[0]->events)[0] });

# failures leave nothing
for my $call (sub { SMSCrypto::open('missing') }, sub { SMSCrypto::logs($CONTAINER) },
              sub { SMSCrypto::decode('x', 'junk') }, sub { SMSCrypto::open($ZIP, { zone => 'x' }) },
              sub { SMSCrypto::memory('x', '', { codepage => 3 }) },
              sub { SMSCrypto::analyze($ZIP, 'missing') }, sub { SMSCrypto::Report->new('x', sub { }) }) {
    isa_ok(dies('it', sub { $call->() }), 'SMSCrypto::Error');
    alive();
}

# loops
sub flat {
    my ($name, $rounds, $work) = @_;
    $work->() for 1 .. $rounds / 3;
    my ($live, $memory) = (SMSCrypto::live_objects(), resident());
    $work->() for 1 .. $rounds;
    is(SMSCrypto::live_objects(), $live, "$name: nothing is left");
    cmp_ok(resident() - $memory, '<', 1 << 20, "$name: memory is flat");
}
my $data = load($CONTAINER);
flat('decode', 6000, sub { my $r = SMSCrypto::decode('x', $data); my @n = $r->names });
flat('failures', 6000, sub { eval { SMSCrypto::decode('x', 'junk') } });
my $case  = SMSCrypto::analyze($ZIP);
my $event = ($case->events)[0];
flat('members', 6000, sub {
    my %all = %$event;
    my $key = $case->key_when('SMS', '2005-01-01')->{exchange};
});
flat('rows', 600, sub { my $log = SMSCrypto::logs($LOG); 1 while $log->next });
my $zip = load($ZIP);
flat('sources', 200, sub { my @names = map { $_->{path} } SMSCrypto::memory('a.zip', $zip)->entries });
flat('cases', 600, sub { SMSCrypto::analyze($CONTAINER)->write('generations', 'jsonl') });
flat('dying callbacks', 600, sub {
    eval { SMSCrypto::analyze($CONTAINER, { progress => sub { die { stop => 1 } } }) };
});
undef $_ for $case, $event;
alive();
done_testing;
