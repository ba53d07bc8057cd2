# A hub on Mojolicious. Each client has a queue of 64 messages that the drain callback of send works off; a client whose
# queue is full is disconnected. POST /broadcast takes one envelope, or NDJSON. Prints a ready line; SIGTERM stops it.
use Mojolicious::Lite -signatures;
use Mojo::IOLoop;
use Mojo::JSON qw(decode_json encode_json);
use Mojo::Server::Daemon;
use Mojo::URL;
use Mojo::WebSocket qw(WS_CLOSE);

use constant {
  CLIENT_BUFFER_MESSAGES   => 64,
  MAX_CLIENT_MESSAGE_BYTES => 64 * 1024,
  MAX_BODY_BYTES           => 16 * 1024 * 1024,
  CLOSE_SECONDS            => 1,
};

my %clients;
my %listed = map { $_ => 1 } 'http://localhost:5173', 'http://localhost:3000', split /,/,
  $ENV{NORN_ALLOWED_ORIGINS} // '';
my %local = map { $_ => 1 } 'localhost', '127.0.0.1', '[::1]';

sub is_allowed ($origin) {
  return 1 if !defined $origin || $origin eq '' || $listed{$origin};
  return $local{Mojo::URL->new($origin)->host // ''};
}

# Nothing may follow a Close, so what is queued goes.
sub leave ($client) {
  $client->{queue} = [];
  delete $clients{$client->{tx}};
}

# A client that does not read never takes the Close: its stream is closed a little later.
sub disconnect ($client, $code, $reason) {
  leave($client);
  my $tx = $client->{tx}->finish($code, $reason);
  Mojo::IOLoop->timer(
    CLOSE_SECONDS,
    sub {
      my $stream = Mojo::IOLoop->stream($tx->connection);
      $stream->close if $stream;
    }
  );
}

sub send_next ($client) {
  my $text = shift @{$client->{queue}};
  $client->{is_sending} = defined $text;
  $client->{tx}->send({text => $text}, sub { send_next($client) }) if defined $text;
}

sub offer ($client, $text) {
  return disconnect($client, 1013, 'slow consumer') if @{$client->{queue}} == CLIENT_BUFFER_MESSAGES;
  push @{$client->{queue}}, $text;
  send_next($client) unless $client->{is_sending};
}

websocket '/ws' => sub ($c) {
  my $tx = $c->tx;
  $c->inactivity_timeout(0);
  $tx->max_websocket_size(MAX_CLIENT_MESSAGE_BYTES);
  my $client = $clients{$tx} = {tx => $tx, queue => []};
  $c->on(message => sub { });    # Clients only listen.
  $c->on(finish  => sub { leave($client) });
  $tx->on(frame => sub ($tx, $frame) { leave($client) if $frame->[4] == WS_CLOSE });
};

sub is_envelope ($text) {
  my $event = eval { decode_json($text) };
  return ref $event eq 'HASH'
    && !grep({ !defined $event->{$_} || ref $event->{$_} } 'type', 'appId')
    && ref $event->{payload} eq 'HASH';
}

post '/broadcast' => sub ($c) {
  my $body     = $c->req->body;
  my $is_lines = ($c->req->headers->content_type // '') =~ m{^application/x-ndjson};
  my @texts    = $is_lines ? grep {/\S/} split(/\n/, $body) : ($body);
  return $c->render(json => {error => 'not an envelope'}, status => 400) if grep { !is_envelope($_) } @texts;
  my $accepted = @texts;
  $c->render_later;

  # One event a turn of the loop, so that sockets drain and a burst does not evict those who read. What next_tick is given
  # runs before the sockets' turn.
  my $publish_next;
  $publish_next = sub {
    if (defined(my $text = shift @texts)) {
      offer($_, $text) for values %clients;
      return Mojo::IOLoop->timer(0, $publish_next);
    }
    undef $publish_next;
    $c->render(json => {accepted => $accepted}, status => 202);
  };
  $publish_next->();
};

hook around_dispatch => sub ($next, $c) {
  my $is_handshake = lc($c->req->headers->upgrade // '') eq 'websocket';
  return $c->render(text => 'this Origin is not allowed', status => 403)
    if $is_handshake && !is_allowed($c->req->headers->origin);
  $next->();
};

app->mode('production')->log->level('fatal');
app->max_request_size(MAX_BODY_BYTES);
my $daemon
  = Mojo::Server::Daemon->new(app => app, listen => ['http://127.0.0.1'], silent => 1, inactivity_timeout => 0);
$daemon->max_clients(4096)->start;
$SIG{TERM} = $SIG{INT} = sub {
  disconnect($_, 1001, 'the hub stops') for values %clients;
  Mojo::IOLoop->timer(0.5, sub { Mojo::IOLoop->stop });
};
my $at = '127.0.0.1:' . $daemon->ports->[0];
$| = 1;
print encode_json({ready => \1, url => "ws://$at/ws", broadcastUrl => "http://$at/broadcast"}), "\n";
Mojo::IOLoop->start;
