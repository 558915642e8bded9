# Sources and entries: directory, archive, memory.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use File::Copy 'copy';
use File::Find 'find';
use File::Temp 'tempdir';
use Test::More;
use Evidence;

sub contents {
    my ($source) = @_;
    return { map { $_->{path} => $_->read } grep { $_->{kind} eq 'file' } $source->entries };
}

{   # backups
    my $bkf = "$ENV{SMSC_CORPUS}/incident-2005/2005-01-07";
    is_deeply(contents(SMSCrypto::open("$bkf.bkf")), contents(SMSCrypto::open($bkf)), 'a backup is its directory');

    my $two = SMSCrypto::open("$ENV{SMSC_CORPUS}/bkf/two-sets.bkf");
    is_deeply([map { "$_->{set} $_->{path} " . $_->read } $two->entries],
              ['1 C ', '1 C/boot.ini full', '2 C ', '2 C/boot.ini later'], 'two sets, folders first');
    is_deeply([map { $_->get('number') } $two->sets], [1, 2], 'their records');

    my ($rights) = grep { $_->{sddl} } SMSCrypto::open("$ENV{SMSC_CORPUS}/bkf/streams.bkf")->entries;
    is("$rights->{path} $rights->{sddl} $rights->{attributes}", 'C/rights D:(A;;FA;;;SY) 32', 'rights');

    my ($one, $other) = map { SMSCrypto::open("$ENV{SMSC_CORPUS}/bkf/spanned-$_.bkf") } 1, 2;
    ok(!$other->join($other), 'not its own medium');
    ok($other->join($one), 'two media');
    undef $one;
    is(join(' ', map { "$_->{kind} " . length $_->read } $other->entries), 'folder 0 file 5 file 5120 file 4', 'read as one');

    my $data = "x" x 100_001 . substr load("$ENV{SMSC_CORPUS}/bkf/plain.bkf"), 1500;
    my @found = SMSCrypto::memory('disk.img', $data, { allow_recovery => 1 })->entries;
    is(scalar(grep { $_->{recovered} && $_->{kind} eq 'file' } @found), 4, 'recovered');
}

{   # walks
    my %files;
    find({ no_chdir => 1, wanted => sub {
        $files{ substr $_, 1 + length $SNAPSHOTS[0] } = load($_) if -f;
    } }, $SNAPSHOTS[0]);
    is_deeply(contents(SMSCrypto::open($SNAPSHOTS[0])), \%files, 'a directory');
    is_deeply(contents(SMSCrypto::open($ZIP)), \%files, 'zip is directory');
    is_deeply(contents(SMSCrypto::memory('a.zip', load($ZIP))), \%files, 'is memory');

    my $source = SMSCrypto::open($ZIP);
    my @names;
    while (my $entry = $source->next) { push @names, $entry->{path} }
    is(scalar @names, scalar keys %files, 'one after the other');
    is($source->next, undef, 'the end');
    $source->rewind;
    is($source->next->{path}, $names[0], 'again');
    is_deeply([map { $_->{path} } $source->entries], \@names, 'all at once');
    is("$source->{kind} $source->{path} $source->{label}", "archive $ZIP 2004-12-28.zip", 'members');
    my ($entry) = $source->entries;
    ok($entry->{source} == $source, 'the same source');
    ok($entry->{source} != SMSCrypto::open($ZIP), 'another source');
}
{   # names
    my ($entry) = SMSCrypto::open("$CORPUS/archives/names-utf8.zip")->entries;
    like($entry->{path}, qr/[^\x00-\x7f]/, 'characters in names');
    my $folder = tempdir(CLEANUP => 1);
    my $path   = "$folder/naïve-☺.zip";
    copy($ZIP, $path) or die $!;
    is(SMSCrypto::open($path)->{kind}, 'archive', 'a path that is not ASCII');
    is(SMSCrypto::open($path)->{path}, $path, 'comes back as characters');
}
{   # times
    my $folder = tempdir(CLEANUP => 1);
    CORE::open(my $file, '>', "$folder/x") or die $!;
    close $file;
    utime 0, 1105138778, "$folder/x" or die $!;
    my ($entry) = SMSCrypto::open($folder)->entries;
    is("$entry->{modified}", '2005-01-07T22:59:38.0000000Z', 'time of a file');
    is($entry->{modified} + 0, 1105138778, 'as a number');
    is($entry->{modified_ticks}, 116444736000000000 + 1105138778 * 10_000_000, 'as ticks');
    is($entry->{clock}, 'file-system', 'its clock');
    is($entry->{created}, undef, 'a time that is not known');
    my ($here) = SMSCrypto::open("$CORPUS/archives/dos-times.zip")->entries;
    my ($east) = SMSCrypto::open("$CORPUS/archives/dos-times.zip", { zone => '+01:00' })->entries;
    is($here->{modified} - $east->{modified}, 3600, 'a zone');
    cmp_ok($here->{slack}, '>', $east->{slack}, 'slack');
}
{   # bytes
    my $data = join('', map { chr(rand 256) } 1 .. 100_000) . "\0" x 1000;
    my ($entry) = SMSCrypto::memory('bytes', $data)->entries;
    ok($entry->read(10) . $entry->read(0) . $entry->read eq $data, 'in pieces');
    is($entry->read, '', 'the end');
    $entry->rewind;
    ok($entry->read(1 << 40) eq $data, 'in one');
    ok($entry->bytes eq $data, 'whole');
    is($entry->{size}, length $data, 'size');
    $data = 'changed';
    $entry->rewind;
    isnt($entry->read(7), 'changed', 'memory is a copy');

    my ($limited) = SMSCrypto::memory('bytes', 'x' x 5000, { max_stream => 1000 })->entries;
    for my $read (qw(bytes read)) {
        my $why = dies("$read past the limit", sub { $limited->$read });
        is($why->code . $why->path, 'limitbytes');
    }
    is($limited->read(2000), 'x' x 2000, 'in pieces all the same');
}
{   # damage
    my $source = SMSCrypto::open("$CORPUS/archives/bad-checksum.zip");
    while (my $entry = $source->next) { $entry->read }
    my @findings = $source->findings;
    ok(@findings, 'becomes findings');
    ok(SMSCrypto::rules()->{ $findings[0]{rule} }, 'of a rule');
    ok($findings[0]{text} && $findings[0]{path} && $findings[0]{title}, 'told');
    is($findings[0]{generation}, undef, 'of no generation');
}
alive();
done_testing;
