#!/usr/bin/env perl
# consume_tap.pl FILE: Perl's own reader of TAP takes the file, and reads from it what was meant.
use strict;
use warnings;
use TAP::Parser;

my ($path) = @ARGV;
open my $file, '<:raw', $path or die "$path: $!\n";
my $text = do { local $/; <$file> };
my @failures;
push @failures, 'a control octet' if $text =~ /[\x00-\x09\x0b-\x1f\x7f]/;

# The reader of Debian 12 knows 13, of which what is written here keeps to the common part.
(my $read = $text) =~ s/\ATAP version 14\n/TAP version 13\n/ or push @failures, 'no version';
my $parser = TAP::Parser->new({tap => $read});
my ($points, $diagnostics) = (0, 0);
while (my $result = $parser->next) {
    push @failures, 'not TAP: ' . $result->as_string if $result->is_unknown;
    $points++ if $result->is_test;
    push @failures, 'bails out: ' . $result->as_string if $result->is_bailout;
    next unless $result->is_yaml;
    $diagnostics++;
    my $data = $result->data;
    push @failures, 'no severity' unless ref $data eq 'HASH' && $data->{severity} =~ /\A(?:fail|error|comment)\z/;
}
push @failures, 'parse error: ' . $_ for $parser->parse_errors;
push @failures, 'the plan is not met' unless $parser->is_good_plan && $points == $parser->tests_planned;
my $written = () = $text =~ /^  ---$/mg;
push @failures, "$diagnostics of $written diagnostics were read" unless $diagnostics == $written;
# The gate comes first, and a run whose gate is shut is never green.
my $is_open = $text =~ /^ok 1 - gate$/m;
push @failures, 'green, and the gate is shut' if !$is_open && !$parser->failed;
push @failures, 'no gate' unless $text =~ /^(?:not )?ok 1 - gate$/m;
print STDERR "$_\n" for @failures;
exit(@failures ? 1 : 0);
