use strict;
use warnings;
use Test::More;
use SMSCrypto;

sub base_block {
    my ($primary, $secondary, $kind) = @_;
    my $block = pack 'a4 V V x8 V7', 'regf', $primary, $secondary, 1, 3, $kind, 1, 32, 4096, 1;
    $block .= "\0" x (508 - length $block);
    my $sum = 0;
    $sum ^= $_ for unpack 'V127', $block;
    return $block . pack 'V', $sum;
}

my $hive = base_block(2, 1, 0) . "\0" x 3584 . pack('a4 V V x20', 'hbin', 0, 4096) . "\0" x 4064;
my $page = pack('C*', 0 .. 255) x 2;
my $log  = base_block(2, 2, 1) . 'DIRT' . "\2";
$log .= "\0" x (-length($log) % 512) . $page;

my ($recovered, $record) = SMSCrypto::replay('SYSTEM', $hive, $log);
is substr($recovered, 4096 + 512, 512), $page, 'the dirty page is laid over';
is length $recovered, length $hive, 'nothing else is added';
is $record->get('run')->get('at'), 4608, 'the run says where';
is $record->get('changed'), 510, 'and how much changed';
eval { SMSCrypto::replay('SYSTEM', $hive, 'no log') };
is $@->{code}, 'format', 'a log of another kind is refused';
done_testing;
