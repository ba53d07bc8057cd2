// A hub on Boost.Beast, on one thread. Each session has a queue of 64 messages behind the one that is written; a session
// whose queue is full is closed. It passes texts on without reading them. POST /broadcast takes one envelope, or NDJSON.
// Prints a ready line; SIGTERM stops it.
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Text = std::shared_ptr<const std::string>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::size_t client_buffer_messages = 64;
constexpr std::size_t max_client_message_bytes = 64 * 1024;
constexpr std::size_t max_body_bytes = 16 * 1024 * 1024;
constexpr std::chrono::seconds close_time{1};

std::set<std::string> listed{"http://localhost:5173", "http://localhost:3000"};

// scheme://[user@]host[:port][/path]: the host without the brackets of an IPv6 address; empty if it has another form.
std::string host_of(const std::string& origin) {
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string::npos) return "";
  auto authority = origin.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  if (at != std::string::npos) authority = authority.substr(at + 1);
  if (authority.empty() || authority[0] != '[') return authority.substr(0, authority.find(':'));
  const auto bracket = authority.find(']');
  if (bracket == std::string::npos) return "";
  if (bracket + 1 != authority.size() && authority[bracket + 1] != ':') return "";
  return authority.substr(1, bracket - 1);
}

bool is_allowed(const std::string& origin) {
  if (origin.empty() || listed.count(origin) > 0) return true;
  const auto host = host_of(origin);
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

class Session;
std::set<std::shared_ptr<Session>> sessions;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket&& socket) : ws_(std::move(socket)), closing_(ws_.get_executor()) {}

  void run(Request request) {
    ws_.set_option(websocket::stream_base::timeout{std::chrono::seconds(30), websocket::stream_base::none(), false});
    ws_.read_message_max(max_client_message_bytes);
    ws_.text(true);
    ws_.auto_fragment(false);  // Beast lets a Close pass between two fragments, and then goes on with the message.
    sessions.insert(shared_from_this());  // Before the 101, so that an event right after it is not missed.
    ws_.async_accept(request, [self = shared_from_this()](beast::error_code error) {
      if (error) return self->leave();
      self->is_open_ = true;
      self->read();
      if (!self->queue_.empty()) self->write();
    });
  }

  void offer(Text text) {
    if (queue_.size() > client_buffer_messages) return close(websocket::close_code::try_again_later, "slow consumer");
    queue_.push_back(std::move(text));
    if (queue_.size() == 1 && is_open_) write();
  }

  // Beast may write a Close while a message is written; a client that does not read never takes it.
  void close(websocket::close_code code, const char* reason) {
    const auto self = shared_from_this();
    leave();
    closing_.expires_after(close_time);
    closing_.async_wait([self](beast::error_code) {
      beast::error_code ignored;
      self->ws_.next_layer().socket().close(ignored);
    });
    ws_.async_close({code, reason}, [self](beast::error_code) { self->closing_.cancel(); });
  }

 private:
  void read() {
    ws_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->leave();
      self->buffer_.clear();  // Clients only listen.
      self->read();
    });
  }

  void write() {
    ws_.async_write(asio::buffer(*queue_.front()), [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->leave();
      self->queue_.pop_front();
      if (!self->queue_.empty()) self->write();
    });
  }

  void leave() { sessions.erase(shared_from_this()); }

  websocket::stream<beast::tcp_stream> ws_;
  asio::steady_timer closing_;
  beast::flat_buffer buffer_;
  std::deque<Text> queue_;  // The first is being written.
  bool is_open_ = false;
};

// One HTTP connection: requests one after the other, until one of them is a WebSocket handshake.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(tcp::socket&& socket) : stream_(std::move(socket)) {}

  void read() {
    parser_ = std::make_unique<http::request_parser<http::string_body>>();
    parser_->body_limit(max_body_bytes);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->handle(self->parser_->release());
    });
  }

 private:
  void handle(Request request) {
    const bool is_handshake = websocket::is_upgrade(request);
    if (request.target() == "/broadcast" && !is_handshake) return handle_broadcast(std::move(request));
    if (request.target().substr(0, request.target().find('?')) != "/ws")
      return answer(request, http::status::not_found, "no such path");
    if (!is_handshake) return answer(request, http::status::upgrade_required, "a WebSocket handshake is needed");
    if (!is_allowed(std::string(request["Origin"])))
      return answer(request, http::status::forbidden, "this Origin is not allowed");
    std::make_shared<Session>(stream_.release_socket())->run(std::move(request));
  }

  void handle_broadcast(Request request) {
    if (request.method() != http::verb::post)
      return answer(request, http::status::method_not_allowed, "POST an envelope");
    const bool is_lines = request["Content-Type"].starts_with("application/x-ndjson");
    std::deque<Text> texts;
    std::istringstream body(request.body());
    if (!is_lines) texts.push_back(std::make_shared<const std::string>(request.body()));
    for (std::string line; is_lines && std::getline(body, line);)
      if (!line.empty()) texts.push_back(std::make_shared<const std::string>(line));
    const auto accepted = texts.size();
    request.body().clear();
    publish(std::move(texts), [self = shared_from_this(), request = std::move(request), accepted] {
      self->answer(request, http::status::accepted, "{\"accepted\":" + std::to_string(accepted) + "}");
    });
  }

  // One event a turn, so that sockets drain and a burst does not evict those who read.
  void publish(std::deque<Text> texts, std::function<void()> done) {
    if (texts.empty()) return done();
    const auto everyone = sessions;
    for (const auto& session : everyone) session->offer(texts.front());
    texts.pop_front();
    asio::post(stream_.get_executor(), [self = shared_from_this(), texts = std::move(texts), done = std::move(done)]() mutable {
      self->publish(std::move(texts), std::move(done));
    });
  }

  void answer(const Request& request, http::status status, std::string body) {
    response_ = std::make_unique<Response>(status, request.version());
    response_->set(http::field::content_type, "application/json");
    response_->keep_alive(request.keep_alive());
    response_->body() = std::move(body);
    response_->prepare_payload();
    http::async_write(stream_, *response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error && self->response_->keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::unique_ptr<http::request_parser<http::string_body>> parser_;
  std::unique_ptr<Response> response_;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Connection>(std::move(socket))->read();
    }
    accept(acceptor);
  });
}

int main() {
  if (const char* more = std::getenv("NORN_ALLOWED_ORIGINS")) {
    std::istringstream origins(more);
    for (std::string origin; std::getline(origins, origin, ',');) listed.insert(origin);
  }
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
  acceptor.listen(4096);
  accept(acceptor);

  asio::steady_timer end(context);
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](beast::error_code, int) {
    acceptor.close();
    const auto everyone = sessions;
    for (const auto& session : everyone) session->close(websocket::close_code::going_away, "the hub stops");
    end.expires_after(close_time);
    end.async_wait([&](beast::error_code) { context.stop(); });
  });

  const auto at = "127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  std::cout << "{\"ready\":true,\"url\":\"ws://" << at << "/ws\",\"broadcastUrl\":\"http://" << at << "/broadcast\"}"
            << std::endl;
  context.run();
}
