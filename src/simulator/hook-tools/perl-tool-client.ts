/**
 * The program behind every hook tool where there is a perl, which is on every Debian and Ubuntu: it starts in a fraction of
 * node's time, as long as it loads no module. It says what tool-wire.ts describes; its twin is in tool-client.ts.
 *
 * Called through a link, it knows its tool by the link's name. `mark` is put before that.
 */
export function perlToolClient(mark: string): string {
  return `#!/usr/bin/perl -C0\nmy $mark = '${mark}';\n${PROGRAM}`;
}

const PROGRAM = String.raw`
my $name = substr $0, rindex($0, '/') + 1;
my $pipe = $SIG{PIPE};
$SIG{PIPE} = 'IGNORE';
my ($context, $address) = @ENV{'JUJU_CONTEXT_ID', 'JUJU_AGENT_SOCKET_ADDRESS'};
if (!length $context) {
  fail("cannot run $name: it is recorded in hooks only, and this is no hook of the model") if $mark;
  fail('JUJU_CONTEXT_ID not set');
}
fail('JUJU_AGENT_SOCKET_ADDRESS not set') if !length $address;
# Without /proc it takes a module to know.
my $cwd = readlink('/proc/self/cwd') // do { require Cwd; Cwd::getcwd() } // '/';

# A local stream socket, and its address, which begins with its length on systems other than Linux.
my $place = $^O eq 'linux' ? pack('S Z*', 1, $address) : pack('C C Z*', 3 + length $address, 1, $address);
my $socket;
socket($socket, 1, 1, 0) && connect($socket, $place)
  or fail("cannot connect to the agent: connect $address: $!");

my ($word, $stdout, $stderr) = call('', '');
($word, $stdout, $stderr) = call('1', all_of_stdin()) if $word eq 'stdin';
run_host() if $word eq 'exec';
put(*STDOUT, $stdout);
put(*STDERR, $stderr);
exit $word;

sub call {
  put($socket, 'TOOL' . pack 'N/a*', pack '(N/a*)*', $context, "$mark$name", $cwd, @_, @ARGV)
    or fail("the agent closed the connection: $!");
  my $length = unpack 'N', get(4);
  return unpack '(N/a*)*', get($length);
}

sub get {
  my ($length) = @_;
  my $bytes = '';
  while (length $bytes < $length) {
    my $count = sysread $socket, $bytes, $length - length $bytes, length $bytes;
    fail('the agent closed the connection') if defined $count ? !$count : !may_go_on($socket, 0);
  }
  return $bytes;
}

sub all_of_stdin {
  my $bytes = '';
  while (1) {
    my $count = sysread STDIN, $bytes, 65536, length $bytes;
    return $bytes if defined $count ? !$count : !may_go_on(*STDIN, 0);
  }
}

# False where nobody reads what is written.
sub put {
  my $file = $_[0];
  my $done = 0;
  while ($done < length $_[1]) {
    my $count = syswrite $file, $_[1], length($_[1]) - $done, $done;
    if (defined $count) { $done += $count }
    elsif (!may_go_on($file, 1)) { return 0 }
  }
  return 1;
}

# Whether the last error was none: a signal (EINTR), or a stream that does not wait, which is waited for (EAGAIN: 11 on
# Linux, 35 elsewhere).
sub may_go_on {
  my ($file, $is_writing) = @_;
  return 1 if $! == 4;
  return 0 if $! != 11 && $! != 35;
  my $set = '';
  vec($set, fileno $file, 1) = 1;
  $is_writing ? select(undef, $set, undef, undef) : select($set, undef, undef, undef);
  return 1;
}

# Those before this very program on PATH, and other names of it, would come here again.
sub run_host {
  my @folders = grep { length } split /:/, $ENV{PATH} // '';
  my $self = join ' ', (stat $0)[0, 1];
  my ($own) = grep { (join ' ', (stat "$folders[$_]/$name")[0, 1]) eq $self } reverse 0 .. $#folders;
  $SIG{PIPE} = $pipe || 'DEFAULT';
  for my $file (map "$_/$name", @folders[($own // -1) + 1 .. $#folders]) {
    exec { $file } $name, @ARGV if -f $file && -x _;
  }
  put(*STDERR, "$name: command not found\n");
  exit 127;
}

sub fail {
  put(*STDERR, "ERROR $_[0]\n");
  exit 1;
}
`;
