# methods.pl - the Perl side of SMSCrypto: hashes, lists, die objects.
package SMSCrypto;
use strict;
use warnings;
no warnings 'redefine';
use Carp ();

our $VERSION = version();
our @EXPORT_OK = qw(analyze code_in_row code_meaning code_name code_parse decode formats knowledge
                    knowledge_component knowledge_container knowledge_kind knowledge_meaning knowledge_severity
                    live_objects logs memory replay row_kind row_knowledge rule_advice rule_refutation rule_severity rules ticks time_format time_parse version);

# The last argument, when it is a plain hash: the options.
sub _options {
    my ($args) = @_;
    return @$args && ref $args->[-1] eq 'HASH' ? { %{ pop @$args } } : {};
}

sub open {
    my $options = _options(\@_);
    Carp::croak('usage: SMSCrypto::open($path, {options})') if @_ != 1;
    return _source_open($_[0], $options);
}

sub memory {
    my $options = _options(\@_);
    Carp::croak('usage: SMSCrypto::memory($name, $bytes, {options})') if @_ != 2;
    return _source_memory(@_, $options);
}

sub decode {
    my $options = _options(\@_);
    Carp::croak('usage: SMSCrypto::decode($name, $bytes, {options})') if @_ != 2;
    my $key = delete $options->{key};
    return defined $key ? _decode_path(@_, $key, $options) : _decode(@_, $options);
}

sub replay {
    Carp::croak('usage: SMSCrypto::replay($name, $hive, $log)') if @_ != 3;
    my $recovered = '';
    my $record = _replay(@_, sub { $recovered .= $_[0] });
    return ($recovered, $record);
}

sub logs {
    my $options = _options(\@_);
    Carp::croak('usage: SMSCrypto::logs($path_or_entry_or_handle, {options})') if @_ != 1;
    return _log_open_fd(fileno $_[0], '<fd ' . fileno($_[0]) . '>', $options) if ref $_[0] eq 'GLOB';
    return _log_open_entry($_[0], $options) if _is($_[0], 'SMSCrypto::Entry');
    return _log_open($_[0], $options);
}

sub analyze {
    my $options  = _options(\@_);
    my $progress = delete $options->{progress} // sub { };
    my $secrets  = delete $options->{secrets} // [];
    Carp::croak('progress must be a reference to a sub') if ref $progress ne 'CODE';
    my $case = _case_new($options);
    $case->_unlock($_) for ref $secrets ? @$secrets : $secrets;
    for my $evidence (@_) {
        my ($label, $piece) = ref $evidence eq 'ARRAY' ? @$evidence : (undef, $evidence);
        if   (_is($piece, 'SMSCrypto::Source')) { $case->_add_source($piece, $label) }
        else                                    { $case->_add($piece, $label) }
    }
    # Signal handlers run while Perl runs: within the sub, be it an empty one.
    _case_analyze($case, $progress);
    return $case;
}

sub _is {
    my ($thing, $class) = @_;
    return ref $thing && UNIVERSAL::isa($thing, $class);
}

sub _names {
    my ($at, $title) = @_;
    my %of;
    for (my $i = 0; defined(my $name = $at->($i)); $i++) { $of{$name} = $title->($name) }
    return \%of;
}

sub formats { return _names(\&_format_at, \&_format_title) }
sub knowledge { return _names(\&_knowledge_at, \&_knowledge_text) }
sub rules   { return _names(\&_rule_at,   \&_rule_title) }

# ---- objects read as hashes: $event->{text}, keys %$event, {%$event} ----------------------

my %members;    # of each class, sorted

sub _members {
    my $class = ref(shift);
    no strict 'refs';
    return $members{$class} //= [
        sort map { /^swig_(\w+)_get$/ && defined &{"${class}::$_"} ? $1 : () } keys %{"${class}::"}
    ];
}

sub FIRSTKEY { return $_[0]->_members->[0] }

sub NEXTKEY {
    my ($self, $last) = @_;
    my $all = $self->_members;
    for my $i (0 .. $#$all - 1) { return $all->[ $i + 1 ] if $all->[$i] eq $last }
    return;
}

sub EXISTS { return defined $_[0]->can("swig_$_[1]_get") }
sub SCALAR { return scalar @{ $_[0]->_members } }

sub FETCH {
    my ($self, $name) = @_;
    my $get = $self->can("swig_${name}_get") or Carp::croak(ref($self) . " has no '$name'");
    return $get->($self);
}

sub STORE  { Carp::croak(ref(shift) . ' cannot be changed') }
sub DELETE { Carp::croak(ref(shift) . ' cannot be changed') }
sub CLEAR  { Carp::croak(ref(shift) . ' cannot be changed') }

# A clone in another interpreter would give back what it never took.
sub CLONE_SKIP { return 1 }

# For JSON encoders with convert_blessed: bytes as hex, objects in turn.
my %is_bytes = map { $_ => 1 } qw(spki_sha256 spki_sha1 public_blob der sha1);

sub TO_JSON {
    my ($self) = @_;
    return { map { $_ => $is_bytes{$_} ? unpack('H*', $self->{$_}) : $self->{$_} }
             @{ (tied %$self)->_members } };
}

sub _list {
    my ($self, $name) = @_;
    my ($count, $at) = ("_${name}_count", "_${name}_at");
    return map { $self->$at($_) } 0 .. $self->$count - 1;
}

# Two objects that stand for the same thing are ==.  No other operator: SWIG keeps its
# owners under the name an object has as a string.
for my $class (qw(Case Certificate Entry Event Finding Generation Key Log Match Matches Record Source Step)) {
    eval "package SMSCrypto::$class; use overload '==' => \\&SMSCrypto::_same,"
       . " '!=' => sub { !&SMSCrypto::_same }, fallback => 1; 1" or die $@;
}

sub _same {
    my ($one, $other) = @_;
    return ref $one eq ref $other && ${ $one->this } == ${ $other->this };
}

package SMSCrypto::Source;

sub next     { return $_[0]->_next }
sub rewind   { return $_[0]->_rewind }
sub findings { return $_[0]->_list('finding') }
sub sets     { return $_[0]->_list('set') }

sub entries {
    my ($self) = @_;
    my @entries;
    $self->_rewind;
    while (my $entry = $self->_next) { push @entries, $entry }
    return @entries;
}

package SMSCrypto::Entry;

sub rewind { return $_[0]->_rewind }
sub bytes  { return $_[0]->_bytes }

sub read {
    my ($self, $size) = @_;
    my $data = '';
    $size //= $self->_hold;
    while ((my $left = $size - length $data) > 0) {
        my $piece = $self->_read($left < 1 << 20 ? $left : 1 << 20);
        last if $piece eq '';
        $data .= $piece;
    }
    return $data;
}

package SMSCrypto::Record;

sub fields   { my ($self) = @_; return map { $self->_at($_) } 0 .. $self->_count - 1 }
sub field    { return $_[0]->_get($_[1]) }
sub get      { my $field = $_[0]->_get($_[1]); return $field && $field->{value} }
sub findings { return $_[0]->_list('finding') }

sub names {
    my %seen;
    return grep { !$seen{$_}++ } map { $_->{name} } $_[0]->fields;
}

sub TO_JSON {
    my %of;
    for my $field ($_[0]->fields) {
        my $value = $field->{value};
        $value = unpack 'H*', $value if $field->{type} eq 'bytes';
        $of{ $field->{name} } //= $value;
    }
    return \%of;
}

package SMSCrypto::Log;

# A call less for each of millions of rows.
*next = \&SMSCryptoc::Log__next;
sub findings { return $_[0]->_list('finding') }

package SMSCrypto::Generation;

sub export {
    my ($self, $key, $format, $passphrase) = @_;
    my $data = '';
    $self->_export($key, $format, $passphrase, sub { $data .= $_[0] });
    return $data;
}

sub files {
    my ($self) = @_;
    return map { { source => $self->_file_source($_), path => $self->_file_path($_) } }
           0 .. $self->_file_count - 1;
}

sub certificates { return $_[0]->_list('certificate') }

package SMSCrypto::Certificate;

sub places {
    my ($self) = @_;
    return map { { source => $self->_place_source($_), path   => $self->_place_path($_),
                   store  => $self->_place_store($_),  offset => $self->_place_offset($_) } }
           0 .. $self->_place_count - 1;
}

package SMSCrypto::Match;

sub decrypt {
    my ($self) = @_;
    my $data = '';
    $self->_decrypt(sub { $data .= $_[0] });
    return $data;
}

package SMSCrypto::Event;

sub sources { return $_[0]->_list('source') }

package SMSCrypto::Case;

sub match {
    my ($self, $data, $name) = @_;
    my $found = $self->_match($name, $data);
    return map { $found->_at($_) } 0 .. $found->_count - 1;
}


sub sources     { return $_[0]->_list('source') }
sub records     { return $_[0]->_list('record') }
sub generations { return $_[0]->_list('generation') }
sub certificates { return $_[0]->_list('certificate') }
sub events      { return $_[0]->_list('event') }
sub plan        { return $_[0]->_list('step') }
sub findings    { return $_[0]->_list('finding') }

sub write {
    my ($self, $what, $format, $options) = @_;
    Carp::croak("a case has no '$what'")
        if $what !~ /^(?:timeline|sources|generations|certificates|findings|plan|case)$/;
    my %o      = %{ $options // {} };
    my $file   = delete $o{file};
    my @bounds = $what eq 'timeline' ? (delete $o{since}, delete $o{until}) : ();
    my $text   = '';
    my $report = SMSCrypto::Report->new($format, _sink($file, \$text), delete $o{color});
    Carp::croak("write has no option '$_'") for sort keys %o;
    $report->$what($self, @bounds);
    $report->end;
    return $file ? () : $text;
}

# Takes bytes of UTF-8, in pieces that may end within a character, to a file with or without
# :utf8, or to a text.
sub _sink {
    my ($file, $text) = @_;
    require Encode;
    my $raw = $file && !grep { $_ eq 'utf8' } PerlIO::get_layers($file, output => 1);
    my $rest = '';
    return sub {
        $rest .= $_[0];
        my $piece = $raw ? $_[0] : Encode::decode('UTF-8', $rest, Encode::FB_QUIET());
        $rest = '' if $raw;
        if (!$file) { $$text .= $piece; return }
        print {$file} $piece or die SMSCrypto::Error->new(code => 'io', message => "$!");
    };
}

package SMSCrypto::Report;

sub new {
    my ($class, $format, $sink, $color) = @_;
    return SMSCryptoc::new_Report($format, $sink, $color ? 1 : 0);
}

sub timeline { my ($self, $case, $since, $until) = @_; return $self->_timeline($case, $since, $until) }
sub entry    { my ($self, $entry, $hash) = @_; return $self->_entry($entry, $hash ? 1 : 0) }

package SMSCrypto::Error;
use overload '""' => \&text, bool => sub { 1 }, fallback => 1;

sub new { my ($class, %of) = @_; return bless { path => undef, offset => undef, %of }, $class }

# Ends in a newline, as the text of any die that names its place.
sub text {
    my ($self) = @_;
    my $text = defined $self->{path} ? "$self->{path}: $self->{message}" : $self->{message};
    $text .= " (at byte $self->{offset})" if defined $self->{offset};
    return "$text\n";
}

sub code    { return $_[0]{code} }
sub message { return $_[0]{message} }
sub path    { return $_[0]{path} }
sub offset  { return $_[0]{offset} }

package SMSCrypto;
