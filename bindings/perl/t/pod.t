# The manual: well-formed, and every sub is in it.
use strict;
use warnings;
use FindBin;
use Test::More;
use SMSCrypto;

my $pod = "$FindBin::Bin/../SMSCrypto.pod";
SKIP: {
    eval { require Test::Pod; 1 } or skip 'Test::Pod is not installed', 1;
    Test::Pod::pod_file_ok($pod);
}
SKIP: {
    eval { require Pod::Coverage; 1 } or skip 'Pod::Coverage is not installed', 1;
    # SWIG's, Exporter's and tie's own names are no part of it.
    my @private = (qr/^_/, qr/^swig_/, qr/^(?:new|this|DISOWN|ACQUIRE|TO_JSON|dl_load_flags|bootstrap)$/,
                   qr/^[A-Z]+(?:HASH|KEY)?$/, qr/^CLONE_SKIP$/);
    for my $class ('SMSCrypto', map { "SMSCrypto::$_" } qw(Case Entry Error Event Finding Generation Key
                                                          Log Record Report Source)) {
        my $coverage = Pod::Coverage->new(package => $class, pod_from => $pod, private => \@private);
        my @naked = defined $coverage->coverage ? $coverage->naked : ();
        is("@naked", '', "every sub of $class is described");
    }
}
{   # every member and function is named, too
    CORE::open(my $file, '<', $pod) or die $!;
    my $text = do { local $/; <$file> };
    for my $class (qw(Case Entry Event Finding Generation Key Log Record Source)) {
        my ($part) = $text =~ /^=head1 SMSCrypto::$class$(.*?)(?=^=head1)/ms;
        no strict 'refs';
        my @missing = grep { !/_ticks$/ && $part !~ /C<$_>/ }
            map { /^swig_(\w+)_get$/ && defined &{"SMSCrypto::${class}::$_"} ? $1 : () } keys %{"SMSCrypto::${class}::"};
        is("@missing", '', "every member of $class is described");
    }
    is((grep { $text !~ /^=item \Q$_\E\(/m } @SMSCrypto::EXPORT_OK), 0, 'so is every function');
}
done_testing;
