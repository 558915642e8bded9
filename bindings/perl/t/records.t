# Records: names and values, each with the bytes it was read from.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Evidence;

sub walk {
    my ($record) = @_;
    return map { $_, $_->{type} eq 'record' ? walk($_->{value}) : () } $record->fields;
}

{   # fields say which bytes they are
    my ($seen, $wrong) = (0, 0);
    for my $path (glob "$CORPUS/capi-container/*") {
        my $data   = load($path);
        my $record = eval { SMSCrypto::decode($path, $data) } or next;
        for my $field (grep { $_->{bytes} } walk($record)) {
            my $raw = substr $data, $field->{at}, $field->{bytes};
            $seen++;
            $wrong++ if $field->{type} eq 'bytes' && $field->{value} ne $raw;
            $wrong++ if $field->{type} eq 'int' && $field->{bytes} == 4
                && $field->{value} != unpack('V', $raw) && $field->{value} != unpack('l<', $raw);
        }
    }
    cmp_ok($seen, '>', 1000, 'fields');
    is($wrong, 0, 'are what their bytes say');
}
{   # names and values
    my $record = SMSCrypto::decode('näme', load($CONTAINER));
    is("$record->{format} $record->{path}", 'capi-container näme', 'members');
    my %seen;
    is_deeply([$record->names], [grep { !$seen{$_}++ } map { $_->{name} } $record->fields], 'names');
    my ($first) = $record->fields;
    is_deeply($record->field($first->{name}), $first, 'a field by name');
    is_deeply([sort keys %$first], [qw(at bytes meaning name note ticks type value)], 'its members');
    is($record->get($first->{name}), $first->{value}, 'a value by name');
    is($record->get('nothing'), undef, 'no such value');
    is($record->field('nothing'), undef, 'no such field');
    my ($inner) = grep { $_->{type} eq 'record' } $record->fields;
    my ($name) = map { $_->{name} } grep { $_->{type} ne 'record' } $inner->{value}->fields;
    is($record->get("$inner->{name}.$name"), $inner->{value}->get($name), 'a dotted name');
    my $truth = samples()->{'capi-container/two-pairs'}{container};
    ok((grep { defined $_->{value} && $_->{value} eq $truth } walk($record)), 'what is in it');
}
{   # one key of a hive
    my $data   = load("$SNAPSHOTS[1]/C/WINNT/system32/config/SOFTWARE");
    my $record = SMSCrypto::decode('SOFTWARE', $data, { key => 'Microsoft\\Cryptography' });
    my $guid   = answers()->{snapshots}{'2005-01-07'}{machine_guid};
    ok((grep { defined $_->{value} && $_->{value} eq $guid } walk($record)), 'a key of a hive');
    is(dies('no such key', sub { SMSCrypto::decode('x', $data, { key => 'none' }) })->code, 'arg');
}
{   # text that is not ASCII
    my $truth = samples()->{'capi-container/name-1252'}{container};
    like($truth, qr/[^\x00-\x7f]/);
    my $record = SMSCrypto::decode('x', load("$CORPUS/capi-container/name-1252"));
    ok((grep { defined $_->{value} && $_->{value} eq $truth } walk($record)), 'is characters');
    is(SMSCrypto::decode("raw-\xff", load($CONTAINER))->{path}, 'raw-\xff', 'undecodable names');
}
{   # damage
    my $data   = load($TORN);
    my $record = SMSCrypto::decode('torn', $data);
    cmp_ok(scalar $record->names, '>', 3, 'what was read is kept');
    my @findings = $record->findings;
    ok(@findings, 'damage becomes findings');
    is((grep { $_->{offset} > length $data || $_->{path} ne 'torn' } @findings), 0, 'with their place');
    for my $junk ('', "\0" x 100, 'junk') {
        is(dies('what nobody knows', sub { SMSCrypto::decode('junk', $junk) })->code, 'format');
    }
}
{   # the bytes may go
    my $data   = load($CONTAINER);
    my $record = SMSCrypto::decode('x', $data);
    my @before = map { $_->{value} } grep { $_->{type} ne 'record' } walk($record);
    substr($data, $_, 1) = "\xff" for 0 .. length($data) - 1;
    undef $data;
    is_deeply([map { $_->{value} } grep { $_->{type} ne 'record' } walk($record)], \@before,
              'the record does not need them');
}
alive();
done_testing;
