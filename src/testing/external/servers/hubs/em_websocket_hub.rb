# A hub on em-websocket. EventMachine counts the bytes that wait for a client, not the messages: a client with more than
# 64 times the largest event waiting is disconnected. Events come in over a small HTTP listener on a port of its own,
# since the library serves WebSockets only. Prints a ready line; SIGTERM stops it.
require 'em-websocket'
require 'json'
require 'set'
require 'uri'

LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'].freeze
LISTED = ['http://localhost:5173', 'http://localhost:3000', *ENV.fetch('NORN_ALLOWED_ORIGINS', '').split(',')].freeze
MAX_EVENT_BYTES = 64 * 1024
CLIENT_BUFFER_BYTES = 64 * MAX_EVENT_BYTES
MAX_CLIENT_MESSAGE_BYTES = 64 * 1024
CLOSE_SECONDS = 1
CLIENTS = Set.new

def allowed?(origin)
  return true if origin.nil? || origin.empty? || LISTED.include?(origin)

  LOCAL_HOSTS.include?(URI.parse(origin).host)
rescue URI::Error
  false
end

# The library lets an application close with 1008, not with 1013. A client that does not read never takes the Close.
def disconnect(client, code, reason)
  CLIENTS.delete(client)
  client.close(code, reason)
  EM.add_timer(CLOSE_SECONDS) { client.close_connection }
end

def publish(text)
  CLIENTS.to_a.each do |client|
    if client.get_outbound_data_size > CLIENT_BUFFER_BYTES
      disconnect(client, 1008, 'slow consumer')
    else
      client.send_text(text)
    end
  end
end

def check_envelope(text)
  event = JSON.parse(text)
  valid = event.is_a?(Hash) && event['type'].is_a?(String) && event['appId'].is_a?(String) && event['payload'].is_a?(Hash)
  raise ArgumentError, 'not an envelope' unless valid
end

# What POST /broadcast needs of HTTP: kept connections, Content-Length, Expect: 100-continue. A body in chunks is refused.
module BroadcastListener
  def post_init
    @buffer = String.new(encoding: Encoding::BINARY)
    @head = nil
  end

  def receive_data(data)
    @buffer << data
    loop do
      read_head if @head.nil?
      break if @head.nil? || @buffer.bytesize < @length

      body = @buffer.slice!(0, @length).force_encoding(Encoding::UTF_8)
      respond(body)
      @head = nil
    end
  end

  def read_head
    head_end = @buffer.index("\r\n\r\n") or return
    @head = @buffer.slice!(0, head_end + 4)
    if @head.match?(/^transfer-encoding:/i)
      answer('411 Length Required', error: 'send Content-Length')
      close_connection_after_writing
      @buffer.clear
      return @head = nil
    end
    @length = @head[/^content-length:\s*(\d+)/i, 1].to_i
    send_data("HTTP/1.1 100 Continue\r\n\r\n") if @head.match?(/^expect:\s*100-continue/i)
  end

  def respond(body)
    verb, path = @head.split(' ', 3)
    return answer('404 Not Found', error: 'no such path') unless path == '/broadcast'
    return answer('405 Method Not Allowed', error: 'POST an envelope') unless verb == 'POST'

    is_lines = @head.match?(%r{^content-type:\s*application/x-ndjson}i)
    texts = is_lines ? body.split("\n").reject { |line| line.strip.empty? } : [body]
    if texts.any? { |text| text.bytesize > MAX_EVENT_BYTES }
      return answer('413 Payload Too Large', error: "an event has at most #{MAX_EVENT_BYTES} bytes")
    end

    texts.each { |text| check_envelope(text) }
    texts.each { |text| publish(text) }
    answer('202 Accepted', accepted: texts.length)
  rescue JSON::ParserError, ArgumentError, EncodingError => e
    answer('400 Bad Request', error: e.message[0, 200].scrub)
  end

  def answer(status, value)
    text = JSON.generate(value)
    send_data("HTTP/1.1 #{status}\r\nContent-Type: application/json\r\nContent-Length: #{text.bytesize}\r\n\r\n#{text}")
  end
end

EM.epoll
EM.run do
  events = EM.start_server('127.0.0.1', 0, EM::WebSocket::Connection, {}) do |client|
    client.max_frame_size = MAX_CLIENT_MESSAGE_BYTES
    # The library shows path and headers only once it has sent the 101.
    client.onopen do |handshake|
      if handshake.path != '/ws' || !allowed?(handshake.origin)
        client.close(1008, 'not allowed')
      else
        CLIENTS.add(client)
      end
    end
    client.onclose { CLIENTS.delete(client) }
    client.onmessage { |_| } # Clients only listen.
    client.onerror { |_| }
  end
  http = EM.start_server('127.0.0.1', 0, BroadcastListener)

  is_stopping = false
  %w[TERM INT].each { |name| trap(name) { is_stopping = true } }
  EM.add_periodic_timer(0.05) do
    next unless is_stopping

    CLIENTS.to_a.each { |client| disconnect(client, 1000, 'the hub stops') } # The library does not allow 1001.
    EM.add_timer(0.3) { EM.stop }
  end

  at = ->(signature) { "127.0.0.1:#{Socket.unpack_sockaddr_in(EM.get_sockname(signature))[0]}" }
  $stdout.sync = true
  puts JSON.generate(ready: true, url: "ws://#{at.call(events)}/ws", broadcastUrl: "http://#{at.call(http)}/broadcast")
end
