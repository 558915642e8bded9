# Logs: rows in a stream.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use File::Temp 'tempdir';
use Test::More;
use Time::Local 'timegm';
use Evidence;

my $ccm = "$INCIDENT/2005-01-07/C/SMS_CCM/Logs/CcmExec.log";
# One CCM record, by its definition; times are civil, and UTC = civil + bias.
my $record = qr/<!\[LOG\[(.*?)\]LOG\]!>
    <time="(\d+):(\d+):(\d+)\.(\d+)([+-]\d+)"\ date="(\d+)-(\d+)-(\d+)"\ component="(.*?)"
    \ context="(.*?)"\ type="(\d)"\ thread="(\d+)"\ file="(.*?):(\d+)">/sx;

sub rows {
    my ($log) = @_;
    my @rows;
    while (my $row = $log->next) { push @rows, $row }
    return @rows;
}

{   # against a regular expression
    my $text = load($ccm);
    my @rows = rows(SMSCrypto::logs($ccm));
    my ($seen, $wrong) = (0, 0);
    while ($text =~ /$record/g) {
        my ($message, $h, $m, $s, $ms, $bias, $month, $day, $year, $component, undef, $type,
            $thread, $file, $line) = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);
        my $row = $rows[$seen++] or last;
        my $ticks = (timegm($s, $m, $h, $day, $month - 1, $year) + $bias * 60 + 11644473600) * 10_000_000
                  + $ms * 10_000;
        $wrong++ if join('|', @$row{qw(text time_ticks bias component severity thread file source_line offset)})
                 ne join('|', $message, $ticks, $bias + 0, $component, $type, $thread, $file, $line, $-[0]);
    }
    cmp_ok($seen, '>', 50, 'records');
    is(scalar @rows, $seen, 'as many rows');
    is($wrong, 0, 'and what they say');
}
{   # an event log
    my @rows = rows(SMSCrypto::logs("$CORPUS/evt/plain.Evt"));
    is(join(' ', map $_->{event_id}, @rows), '6005 116 7023 1 529', 'events');
    is_deeply($rows[3]{strings}, ['', "two\r\n\tlines", ''], 'strings');
    is("@{$rows[3]}{qw(data sid computer category number)}", 'odd S-1-5-21-1-2-3-500 SMSSRV01 3 4', 'parts');
    is("$rows[3]{written}", "$rows[3]{time}", 'times');
    is($rows[3]{local}, undef, 'no civil time');
}
{   # a log
    my $log = SMSCrypto::logs($ccm);
    is("$log->{format} $log->{path}", "ccm-log $ccm", 'members');
    my $row = $log->next;
    is(scalar keys %$row, 16, 'a row');
    is(SMSCrypto::ticks($row->{time}), $row->{time_ticks}, 'its time');
    unlike("$row->{local}", qr/Z/, 'the civil time has no zone');
    my $text = $row->{text};
    1 while $log->next;
    is($row->{text}, $text, 'a row outlives the next');
    is($log->next, undef, 'the end');
    is($log->next, undef, 'stays the end');
}
{   # no bias
    my @rows = rows(SMSCrypto::logs("$CORPUS/trace-text/tabbed.txt"));
    is(scalar @rows, 3, 'pasted rows');
    is_deeply([@{ $rows[0] }{qw(time time_ticks bias)}], [undef, 0, undef], 'without UTC');
}
{   # not ASCII
    my $folder = tempdir(CLEANUP => 1);
    my $text   = "Schlüssel € \x{1f511}";
    my ($line) = load($ccm) =~ /^(.*)$/m;
    utf8::encode(my $bytes = $text);
    $line =~ s/LOG\[.*?\]LOG/LOG[$bytes]LOG/;
    CORE::open(my $file, '>:raw', "$folder/x.log") or die $!;
    print $file "$line\r\n";
    close $file;
    is_deeply([map { $_->{text} } rows(SMSCrypto::logs("$folder/x.log"))], [$text], 'characters');
}
{   # out of a source
    my ($entry) = grep { $_->{path} =~ m{/CcmExec\.log$} } SMSCrypto::open("$INCIDENT/2005-01-07")->entries;
    is_deeply([rows(SMSCrypto::logs($entry))], [rows(SMSCrypto::logs($ccm))], 'of an entry');
    is(dies('no log', sub { SMSCrypto::logs($CONTAINER) })->code, 'format');
    my $log = SMSCrypto::logs("$CORPUS/sms-log/bad-tail-torn.log");
    is(scalar(my @rows = rows($log)), 1, 'what is whole');
    ok($log->findings, 'damage becomes findings');
}
alive();
done_testing;
