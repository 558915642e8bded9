# Reports: rows in, text out, into anything that takes it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Test::More;
use Evidence;

sub lines { return map { decode_json($_) } split /\n/, shift }

my $case = SMSCrypto::analyze(@SNAPSHOTS);
{   # writing
    my $text = $case->write('timeline', 'jsonl');
    utf8::encode(my $bytes = $text);
    my @rows = lines($bytes);
    is_deeply([map { $_->{text} } @rows], [map { $_->{text} } $case->events], 'a timeline');
    for my $what (qw(generations findings sources)) {
        is(scalar(my @of = lines($case->write($what, 'jsonl'))), scalar(my @all = $case->$what), $what);
    }
    ok(length $case->write('timeline', $_), $_) for qw(text jsonl csv bodyfile timesketch l2tcsv);
    like($case->write('findings', 'text', { color => 1 }), qr/\e\[/, 'in colour');
    unlike($case->write('findings', 'text'), qr/\e\[/, 'without');
    my $bounds = { since => '2005-01-07', until => SMSCrypto::time_parse('2005-01-08') };
    is(scalar(lines($case->write('timeline', 'jsonl', $bounds))),
       scalar(grep { $_->{time} && $_->{time} =~ /^2005-01-07/ } $case->events), 'bounds');

    for my $layer ('', ':utf8', ':encoding(UTF-8)') {
        CORE::open(my $file, ">$layer", \my $out) or die $!;
        $case->write('timeline', 'jsonl', { file => $file });
        close $file;
        ok($out eq $bytes, "to a file $layer");
    }
    is(dies('no such format', sub { $case->write('timeline', 'pdf') })->code, 'arg');
    like(dies('no such thing', sub { $case->write('secrets', 'jsonl') }), qr/no 'secrets'/);
    like(dies('no such option', sub { $case->write('sources', 'jsonl', { since => 1 }) }), qr/'since'/);
}
{   # mixing
    my $out    = '';
    my $report = SMSCrypto::Report->new('jsonl', sub { $out .= $_[0] });
    my ($entry) = SMSCrypto::open($ZIP)->entries;
    my $log = SMSCrypto::logs($LOG);
    my @rows;
    while (my $row = $log->next) { push @rows, $row }
    $report->entry($entry);
    $report->entry($entry, 1);
    $report->record(SMSCrypto::decode('x', load($CONTAINER)));
    $report->row($log, $_) for @rows;
    $report->finding(($case->findings)[0]);
    $report->end;
    my @told = lines($out);
    is(join(' ', map { $_->{type} } @told), 'entry entry record log log finding', 'rows of every kind');
    ok(!defined $told[0]{sha256} && length $told[1]{sha256} == 64, 'a hash when asked for');
    is_deeply([map { $_->{text} } @told[3, 4]], [map { $_->{text} } @rows], 'rows of a log');
    my $python = { map { $_ => $told[3]{$_} } qw(time local bias component thread severity) };
    is($python->{bias}, $rows[0]{bias}, 'with their bias');
}
{   # sinks that fail
    my $report = SMSCrypto::Report->new('jsonl', sub { die { room => 0 } });
    is_deeply(dies('a sink', sub { $report->generations($case); $report->end }), { room => 0 });
    my $again;
    $again = SMSCrypto::Report->new('jsonl', sub { $again->end });
    like(dies('coming back', sub { $again->generations($case); $again->end }), qr/sink/);
    undef $again;
    like(dies('no sub', sub { SMSCrypto::Report->new('jsonl', 'x') }), qr/sub/);
    is(dies('no such format', sub { SMSCrypto::Report->new('pdf', sub { }) })->code, 'arg');
}
undef $case;
alive();
done_testing;
