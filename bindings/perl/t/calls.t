# Callbacks, signals and threads.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Config;
use File::Temp 'tempdir';
use Test::More;
use Time::HiRes 'time';
use Evidence;

{   # progress
    my @seen;
    SMSCrypto::analyze(@SNAPSHOTS, { progress => sub { push @seen, [@_] } });
    ok(@seen, 'is told');
    is((grep { @$_ != 3 || !$_->[0] } @seen), 0, 'stage, done and total');
    ok(SMSCrypto::analyze($ZIP, { progress => sub { $_[0] eq 'x' } }), 'what it returns does not matter');
    is_deeply(dies('a hash', sub { SMSCrypto::analyze($ZIP, { progress => sub { die { stop => 1 } } }) }), { stop => 1 });
    is(dies('a string', sub { SMSCrypto::analyze($ZIP, { progress => sub { die "stop\n" } }) }), "stop\n");
    my $own = bless [], 'Own';
    is(dies('an object', sub { SMSCrypto::analyze($ZIP, { progress => sub { die $own } }) }), $own);
    like(dies('no sub', sub { SMSCrypto::analyze($ZIP, { progress => 5 }) }), qr/sub/);
    alive();
}
{   # signals
    my $folder = tempdir(CLEANUP => 1);
    my $piece  = load("$INCIDENT/2005-01-07/C/SMS_CCM/Logs/CcmExec.log");
    CORE::open(my $file, '>:raw', "$folder/CcmExec.log") or die $!;
    print $file $piece for 1 .. 40_000_000 / length $piece;
    close $file;
    local $SIG{ALRM} = sub { die "alarm\n" };
    my $begin = time;
    Time::HiRes::alarm(0.1);
    is(dies('a signal handler', sub { SMSCrypto::analyze(("$folder/CcmExec.log") x 50) }), "alarm\n");
    cmp_ok(time - $begin, '<', 5, 'at once');
    alive();

    my $child = fork // die $!;
    if (!$child) {
        $SIG{INT} = 'DEFAULT';
        kill INT => $$ if !fork;
        SMSCrypto::analyze(("$folder/CcmExec.log") x 50);
        exit 0;
    }
    kill INT => $child;
    waitpid $child, 0;
    is($? & 127, 2, 'Ctrl-C ends a program');
}
SKIP: {    # threads
    skip 'no threads in this Perl', 2 if !$Config{useithreads};
    require threads;
    my $case  = SMSCrypto::analyze($ZIP);
    my $event = ($case->events)[0];
    my $said  = threads->create(sub { return ref $case eq 'SMSCrypto::Case' ? 'shared' : 'not there' })->join;
    is($said, 'not there', 'objects stay in their thread');
    my @found = map { $_->join } map { threads->create(sub { scalar(my @g = SMSCrypto::analyze($ZIP)->generations) }) } 1 .. 4;
    is_deeply(\@found, [($found[0]) x 4], 'every thread can have its own');
    ok($found[0] && $event->{text}, 'and nobody takes from the others');
}
alive();
done_testing;
