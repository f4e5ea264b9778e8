/**
 * The program that starts hooks for a model, in perl: see `ProcessLauncher`. It reads requests from its standard input,
 *
 *     <id> <length>\n  file \0 cwd \0 <count of args> \0 args… \0 NAME=value \0 …
 *
 * starts each as the leader of a session of its own, and reports on its standard output:
 *
 *     <id> p <pid>\n                  it has started
 *     <id> o <length>\n bytes         it printed this; `e` for standard error
 *     <id> f <length>\n message       it did not start
 *     <id> x <exit code> <signal>\n   it has ended; what it left behind may print still
 *     <id> c 0\n                      nothing can print any more
 *
 * It ends when its standard input does, and leaves alone what runs then.
 */
export const PERL_LAUNCHER = String.raw`
use POSIX ();
$| = 1; $SIG{PIPE} = 'IGNORE'; $SIG{CHLD} = sub { };
binmode(STDIN); binmode(STDOUT);
my ($input, %job, %stream) = ('');
sub tell_node {
  my ($text) = @_;
  for (my $at = 0; $at < length $text;) {
    my $n = syswrite(STDOUT, $text, length($text) - $at, $at);
    if (defined $n) { $at += $n } elsif (!$!{EINTR}) { exit 1 }
  }
}
sub launch {
  my ($id, $spec) = @_;
  my ($file, $cwd, $count, @rest) = split(/\0/, $spec, -1);
  my @args = splice(@rest, 0, $count);
  pipe(my $out, my $outw); pipe(my $err, my $errw); pipe(my $bad, my $badw);
  my $pid = fork();
  if (!defined $pid) { my $why = "fork: $!"; tell_node("$id f " . length($why) . "\n$why"); return }
  if (!$pid) {
    POSIX::setsid();
    open(STDIN, '<', '/dev/null'); open(STDOUT, '>&', $outw); open(STDERR, '>&', $errw);
    $SIG{PIPE} = 'DEFAULT'; $SIG{CHLD} = 'DEFAULT';
    %ENV = ();
    for (@rest) { my ($name, $value) = split(/=/, $_, 2); $ENV{$name} = $value if length $name }
    if (chdir($cwd)) { exec { $file } $file, @args }
    syswrite($badw, "$!"); POSIX::_exit(127);
  }
  close($_) for $outw, $errw, $badw;
  my $why = ''; sysread($bad, $why, 4096);
  if (length $why) { waitpid($pid, 0); $why = "spawn $file: $why"; tell_node("$id f " . length($why) . "\n$why"); return }
  tell_node("$id p $pid\n");
  $job{$pid} = $id;
  $stream{fileno $out} = [$id, 'o', $out]; $stream{fileno $err} = [$id, 'e', $err];
}
while (1) {
  my $want = ''; vec($want, 0, 1) = 1; vec($want, $_, 1) = 1 for keys %stream;
  my $n = select(my $ready = $want, undef, undef, %job ? 0.05 : undef);
  if ($n && $n > 0) {
    for my $fd (keys %stream) {
      next unless vec($ready, $fd, 1);
      my ($id, $kind, $handle) = @{$stream{$fd}};
      my $got = sysread($handle, my $text, 65536);
      next if !defined $got && $!{EINTR};
      if ($got) { tell_node("$id $kind $got\n$text"); next }
      close($handle); delete $stream{$fd};
      tell_node("$id c 0\n") unless grep { $_->[0] eq $id } values %stream;
    }
    if (vec($ready, 0, 1)) {
      my $got = sysread(STDIN, $input, 65536, length $input);
      exit 0 if defined $got && !$got;
      while ($input =~ /^(\d+) (\d+)\n/ && length($input) >= $+[0] + $2) {
        my ($id, $length, $head) = ($1, $2, $+[0]);
        my $spec = substr($input, $head, $length);
        $input = substr($input, $head + $length);
        launch($id, $spec);
      }
    }
  }
  while ((my $pid = waitpid(-1, 1)) > 0) {
    my $id = delete $job{$pid}; next unless defined $id;
    tell_node("$id x " . ($? >> 8) . ' ' . ($? & 127) . "\n");
  }
}
`;
