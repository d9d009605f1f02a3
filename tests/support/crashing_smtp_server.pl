#!/usr/bin/perl
# A server for the tests of target: it greets, and does on command what a server under test may do wrong.
# Arguments: PORT, or "-" for stdin and stdout; then any of "deaf" (SIGTERM is ignored), "late" (it listens after a while).
use strict;
use warnings;
use IO::Socket::INET;
use IO::Handle;

my ( $port, @habits ) = @ARGV;
$SIG{TERM} = 'IGNORE' if grep { $_ eq 'deaf' } @habits;
select( undef, undef, undef, 0.2 ) if grep { $_ eq 'late' } @habits;

sub serve {
    my ( $in, $out ) = @_;
    $out->autoflush(1);
    print $out "220 crashing.example.org ready\r\n";
    while ( defined( my $line = <$in> ) ) {
        $line =~ s/\r?\n$//;
        if ( $line eq 'QUIT' ) { print $out "221 bye\r\n"; return }
        elsif ( $line eq 'SEGV' ) { kill 'SEGV', $$; sleep 5 }
        elsif ( $line =~ /^EXIT (\d+)$/ ) { exit $1 }
        elsif ( $line eq 'ASAN' ) {
            print STDERR "noise\n==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 in smtp()\n";
            exit 1;
        }
        elsif ( $line eq 'UBSAN' ) {
            print STDERR "smtp.c:1:2: runtime error: signed integer overflow\n";
            print $out "250 reported\r\n";
        }
        elsif ( $line eq 'CHILD' ) {
            my $pid = fork();
            if ( !$pid ) { exec 'sleep', '60' }
            print $out "250 $pid\r\n";
        }
        else { print $out "250 $line\r\n" }
    }
}

if ( $port eq '-' ) { serve( \*STDIN, \*STDOUT ); exit 0 }
my $listener = IO::Socket::INET->new( Listen => 5, LocalAddr => '127.0.0.1', LocalPort => $port, ReuseAddr => 1 )
  or die "cannot listen on port $port: $!\n";
while ( my $client = $listener->accept ) { serve( $client, $client ); close $client }
