/* A hub on libwebsockets, on one thread. Each client has a ring of 64 messages behind the one that the library writes; a
 * client whose ring is full is closed. It passes texts on without reading them. POST /broadcast takes one envelope, or
 * NDJSON. Prints a ready line; SIGTERM stops it. */
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT_BUFFER_MESSAGES 64
#define MAX_BODY_BYTES (16 * 1024 * 1024)
#define MAX_HEADER_BYTES (16 * 1024)
#define CLOSE_SECONDS 1
#define CLOSE_TRY_AGAIN_LATER 1013
#define HTTP_ACCEPTED 202

struct message {
  int references;
  size_t length;
  unsigned char *bytes; /* LWS_PRE bytes of room come first */
};

struct client {
  struct lws *wsi;
  struct client *next;
  struct message *ring[CLIENT_BUFFER_MESSAGES];
  int first, count, close_code; /* 0: stays */
};

/* One POST /broadcast. Its lines are published one a turn, so that sockets drain and a burst does not evict readers. */
struct request {
  struct lws *wsi;
  struct request *next;
  char *body;
  size_t length, published;
  int is_lines, accepted, is_done;
};

static struct lws_context *context;
static struct client *clients;
static struct request *pending;
static lws_sorted_usec_list_t turn;
static volatile sig_atomic_t is_interrupted;

static void release(struct message *message) {
  if (--message->references > 0) return;
  free(message->bytes);
  free(message);
}

static void leave(struct client *client) {
  for (struct client **at = &clients; *at; at = &(*at)->next) {
    if (*at != client) continue;
    *at = client->next;
    return;
  }
}

/* The Close is written when the socket takes it; a client that does not read loses its socket by the timeout. */
static void disconnect(struct client *client, int code) {
  leave(client);
  client->close_code = code;
  lws_set_timeout(client->wsi, PENDING_TIMEOUT_USER_OK, CLOSE_SECONDS);
  lws_callback_on_writable(client->wsi);
}

static void offer(struct client *client, struct message *message) {
  if (client->count == CLIENT_BUFFER_MESSAGES) {
    disconnect(client, CLOSE_TRY_AGAIN_LATER);
    return;
  }
  client->ring[(client->first + client->count++) % CLIENT_BUFFER_MESSAGES] = message;
  message->references++;
  lws_callback_on_writable(client->wsi);
}

static void broadcast(const char *text, size_t length) {
  struct message *message = malloc(sizeof *message);
  message->references = 1;
  message->length = length;
  message->bytes = malloc(LWS_PRE + length);
  memcpy(message->bytes + LWS_PRE, text, length);
  for (struct client *client = clients, *next; client; client = next) {
    next = client->next;
    offer(client, message);
  }
  release(message);
}

static void publish_line(struct request *request) {
  const char *line = request->body + request->published;
  size_t left = request->length - request->published;
  const char *end = request->is_lines ? memchr(line, '\n', left) : NULL;
  size_t length = end ? (size_t)(end - line) : left;
  if (length > 0) {
    broadcast(line, length);
    request->accepted++;
  }
  request->published += length + (end ? 1 : 0);
}

static void take_turn(lws_sorted_usec_list_t *sul) {
  struct request *request = pending;
  if (!request) return;
  publish_line(request);
  if (request->published >= request->length) {
    pending = request->next;
    request->is_done = 1;
    lws_callback_on_writable(request->wsi);
  }
  if (pending) lws_sul_schedule(context, 0, sul, take_turn, 1);
}

static void enqueue(struct request *request) {
  struct request **last = &pending;
  while (*last) last = &(*last)->next;
  *last = request;
  lws_sul_schedule(context, 0, &turn, take_turn, 1);
}

static void forget(struct request *request) {
  for (struct request **at = &pending; *at; at = &(*at)->next) {
    if (*at != request) continue;
    *at = request->next;
    break;
  }
  free(request->body);
  request->body = NULL;
}

static int is_listed(const char *origin) {
  char listed[1024];
  const char *more = getenv("NORN_ALLOWED_ORIGINS");
  snprintf(listed, sizeof listed, "http://localhost:5173,http://localhost:3000,%s", more ? more : "");
  for (char *rest = listed, *one; (one = strsep(&rest, ","));)
    if (!strcmp(one, origin)) return 1;
  return 0;
}

/* scheme://[user@]host[:port][/path] */
static int is_local(char *origin) {
  char *host = strstr(origin, "://");
  if (!host) return 0;
  host += 3;
  host[strcspn(host, "/?#")] = 0;
  char *at = strrchr(host, '@');
  if (at) host = at + 1;
  if (*host == '[') {
    char *bracket = strchr(host, ']');
    if (!bracket || (bracket[1] && bracket[1] != ':')) return 0;
    *bracket = 0;
    return !strcmp(host + 1, "::1");
  }
  host[strcspn(host, ":")] = 0;
  return !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1");
}

static int is_allowed(struct lws *wsi) {
  char origin[512];
  if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0) return 1;
  if (lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0) return 0; /* too long to be one */
  return is_listed(origin) || is_local(origin);
}

static int has_path(struct lws *wsi, const char *wanted) {
  char path[256];
  return lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) > 0 && !strcmp(path, wanted);
}

static int refuse(struct lws *wsi, unsigned int status) {
  return lws_return_http_status(wsi, status, NULL) ? -1 : 1;
}

static int write_next(struct client *client) {
  if (client->close_code) {
    lws_close_reason(client->wsi, (enum lws_close_status)client->close_code, NULL, 0);
    return -1;
  }
  if (client->count == 0) return 0;
  struct message *message = client->ring[client->first];
  client->first = (client->first + 1) % CLIENT_BUFFER_MESSAGES;
  client->count--;
  /* The library writes its header into the room before the text: the message of several clients is copied for each. */
  unsigned char *copy = malloc(LWS_PRE + message->length);
  memcpy(copy + LWS_PRE, message->bytes + LWS_PRE, message->length);
  int written = lws_write(client->wsi, copy + LWS_PRE, message->length, LWS_WRITE_TEXT);
  free(copy);
  release(message);
  if (client->count > 0) lws_callback_on_writable(client->wsi);
  return written < 0 ? -1 : 0;
}

static int on_events(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
  struct client *client = user;
  (void)in;
  (void)length;
  switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      if (!has_path(wsi, "/ws")) return refuse(wsi, HTTP_STATUS_NOT_FOUND);
      return is_allowed(wsi) ? 0 : refuse(wsi, HTTP_STATUS_FORBIDDEN);
    /* The one above is not called for the second request of a connection. */
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return has_path(wsi, "/ws") && is_allowed(wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
      memset(client, 0, sizeof *client);
      client->wsi = wsi;
      client->next = clients;
      clients = client;
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return write_next(client);
    case LWS_CALLBACK_CLOSED:
      leave(client);
      for (; client->count > 0; client->count--) {
        release(client->ring[client->first]);
        client->first = (client->first + 1) % CLIENT_BUFFER_MESSAGES;
      }
      return 0;
    default:
      return 0; /* Clients only listen. */
  }
}

static int start_request(struct lws *wsi, struct request *request, const char *path) {
  char type[64] = "";
  memset(request, 0, sizeof *request);
  request->wsi = wsi;
  unsigned int problem = strcmp(path, "/broadcast")                            ? HTTP_STATUS_NOT_FOUND
                         : lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) == 0 ? HTTP_STATUS_METHOD_NOT_ALLOWED
                                                                              : 0;
  if (problem) {
    if (lws_return_http_status(wsi, problem, NULL)) return -1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
  }
  lws_hdr_copy(wsi, type, sizeof type, WSI_TOKEN_HTTP_CONTENT_TYPE);
  request->is_lines = !strncmp(type, "application/x-ndjson", 20);
  return 0;
}

static int add_body(struct request *request, const char *bytes, size_t length) {
  if (request->length + length > MAX_BODY_BYTES) return -1;
  request->body = realloc(request->body, request->length + length);
  memcpy(request->body + request->length, bytes, length);
  request->length += length;
  return 0;
}

static int answer(struct lws *wsi, struct request *request) {
  unsigned char buffer[LWS_PRE + 512], *start = buffer + LWS_PRE, *at = start, *end = buffer + sizeof buffer - 1;
  char text[64];
  if (!request->is_done) return 0;
  forget(request);
  int length = snprintf(text, sizeof text, "{\"accepted\":%d}", request->accepted);
  if (lws_add_http_common_headers(wsi, HTTP_ACCEPTED, "application/json", (lws_filepos_t)length, &at, end)) return -1;
  if (lws_finalize_write_http_header(wsi, start, &at, end)) return -1;
  memcpy(start, text, (size_t)length);
  if (lws_write(wsi, start, (size_t)length, LWS_WRITE_HTTP_FINAL) != length) return -1;
  return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
  struct request *request = user;
  switch (reason) {
    case LWS_CALLBACK_HTTP:
      return start_request(wsi, request, in);
    case LWS_CALLBACK_HTTP_BODY:
      return add_body(request, in, length);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
      enqueue(request);
      return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return answer(wsi, request);
    case LWS_CALLBACK_CLOSED_HTTP:
      if (request) forget(request);
      return 0;
    default:
      return lws_callback_http_dummy(wsi, reason, user, in, length);
  }
}

static const struct lws_protocols protocols[] = {
    {"http", on_http, sizeof(struct request), 0, 0, NULL, 0},
    {"events", on_events, sizeof(struct client), 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* Clients that name no subprotocol get "events". */
static const struct lws_protocol_vhost_options default_option = {NULL, NULL, "default", "1"};
static const struct lws_protocol_vhost_options events_options = {NULL, &default_option, "events", ""};

static void interrupt(int number) {
  (void)number;
  is_interrupted = 1;
}

static void end(lws_sorted_usec_list_t *sul) {
  (void)sul;
  is_interrupted = 2;
  lws_cancel_service(context); /* Timers run before the wait: without this the loop ends after the next event. */
}

int main(void) {
  struct lws_context_creation_info info;
  memset(&info, 0, sizeof info);
  lws_set_log_level(0, NULL);
  signal(SIGINT, interrupt);
  signal(SIGTERM, interrupt);
  info.port = 0;
  info.iface = "127.0.0.1";
  info.protocols = protocols;
  info.pvo = &events_options;
  info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
  info.max_http_header_data = MAX_HEADER_BYTES;
  info.pt_serv_buf_size = 128 * 1024;
  context = lws_create_context(&info);
  if (!context) return 1;
  int port = lws_get_vhost_port(lws_get_vhost_by_name(context, "default"));
  printf("{\"ready\":true,\"url\":\"ws://127.0.0.1:%d/ws\",\"broadcastUrl\":\"http://127.0.0.1:%d/broadcast\"}\n", port, port);
  fflush(stdout);
  while (!is_interrupted && lws_service(context, 0) >= 0) continue;

  while (clients) disconnect(clients, LWS_CLOSE_STATUS_GOINGAWAY);
  lws_sul_schedule(context, 0, &turn, end, LWS_USEC_PER_SEC / 2);
  while (is_interrupted == 1 && lws_service(context, 0) >= 0) continue;
  lws_context_destroy(context);
  return 0;
}
