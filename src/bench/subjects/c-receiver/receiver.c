// The receiving side of the receive bench in C: counts frames and does nothing else, by epoll or through an io_uring, as
// its argument says. What it needs is what the kernel costs. It takes the orders of the other subjects of the bench, one
// line of JSON each on stdin, answers each with one line, and ends with its stdin.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_CLIENTS = 4000, STDIN = 0, ORDERS = MOST_CLIENTS };
enum { REQUESTS = 4096, COMPLETIONS = 16384, BUFFERS = 256, BUFFER_BYTES = 4096, BUFFER_GROUP = 1 };

static const char *group;
static int client_count, control;
static int sockets[MOST_CLIENTS];
// How far the last frame of a client goes on into its next read.
static long unread[MOST_CLIENTS];
static long deliveries, reads, deliveries_per_tick, tick_end;
static long begun_micros;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long cpu_micros(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

static int connect_to(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

static void open_client(int id, int port) {
  char head[1024];
  int length = 0, fd = sockets[id] = connect_to(port);
  dprintf(fd, "GET /%s HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", group);
  dprintf(fd, "Sec-WebSocket-Key: bm9ybi1iZW5jaC1yZWNlaQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  // The first frame must not be read here, and the head ends with an empty line.
  while (length < 4 || memcmp(head + length - 4, "\r\n\r\n", 4) != 0) {
    if (length == sizeof head || read(fd, head + length, 1) != 1) fail("handshake");
    length++;
  }
}

static long number_of(const char *order, const char *field) {
  const char *at = strstr(order, field);
  return at == NULL ? 0 : strtol(at + strlen(field), NULL, 10);
}

static void connect_all(const char *order) {
  int port = number_of(order, "\"port\":");
  client_count = number_of(order, "\"clients\":");
  if (client_count > MOST_CLIENTS) exit(2);
  control = connect_to(port);
  dprintf(control, "ACK /%s\n", group);
  for (int id = 0; id < client_count; id++) open_client(id, port);
  printf("{\"connected\":%d}\n", client_count);
}

static void begin(const char *order) {
  deliveries = reads = 0;
  deliveries_per_tick = tick_end = client_count * number_of(order, "\"framesPerTick\":");
  begun_micros = cpu_micros();
  printf("{\"begun\":true}\n");
}

static void obey(void) {
  char order[512];
  ssize_t length = read(STDIN, order, sizeof order - 1);
  if (length <= 0) exit(0);
  order[length] = 0;
  if (strstr(order, "\"connect\"") != NULL) connect_all(order);
  else if (strstr(order, "\"begin\"") != NULL) begin(order);
  else
    printf("{\"cpuMicros\":%ld,\"deliveries\":%ld,\"reads\":%ld}\n", cpu_micros() - begun_micros, deliveries,
           reads);
  fflush(stdout);
}

// The bench's frames are short, and reads are cut at their borders: headers are whole (RFC 6455 section 5.2).
static void count_frames(int id, const uint8_t *bytes, long length) {
  long at = unread[id];
  reads++;
  for (; at < length; deliveries++) {
    int short_length = bytes[at + 1] & 0x7f;
    at += short_length == 126 ? 4 + (bytes[at + 2] << 8 | bytes[at + 3]) : 2 + short_length;
  }
  unread[id] = at - length;
  if (deliveries < tick_end) return;
  tick_end += deliveries_per_tick;
  if (write(control, ".", 1) != 1) fail("acknowledge");
}

static void watch(int epoll, int fd, uint32_t id) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = id};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

static void read_by_epoll(void) {
  static struct epoll_event events[1024];
  static uint8_t bytes[65536];
  int epoll = epoll_create1(0);
  watch(epoll, STDIN, ORDERS);
  obey();
  for (int id = 0; id < client_count; id++) watch(epoll, sockets[id], id);
  for (;;) {
    int count = epoll_wait(epoll, events, 1024, -1);
    for (int i = 0; i < count; i++) {
      uint32_t id = events[i].data.u32;
      if (id == ORDERS) {
        obey();
        continue;
      }
      ssize_t length = recv(sockets[id], bytes, sizeof bytes, 0);
      if (length <= 0) exit(0);
      count_frames(id, bytes, length);
    }
  }
}

#ifdef IORING_SETUP_DEFER_TASKRUN
static struct {
  int fd;
  unsigned unsubmitted, request_mask, completion_mask;
  volatile unsigned *request_tail, *completion_head, *completion_tail;
  unsigned *request_order;
  struct io_uring_sqe *requests;
  struct io_uring_cqe *completions;
  struct io_uring_buf_ring *buffer_ring;
  uint8_t *buffers;
  unsigned short buffer_tail;
} ring;

static void *map(size_t bytes, int flags, int fd, off_t offset) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);
  if (memory == MAP_FAILED) fail("mmap");
  return memory;
}

static void return_buffer(unsigned id) {
  struct io_uring_buf *entry = &ring.buffer_ring->bufs[ring.buffer_tail++ & (BUFFERS - 1)];
  entry->addr = (uintptr_t)(ring.buffers + id * BUFFER_BYTES);
  entry->len = BUFFER_BYTES;
  entry->bid = id;
}

static void publish_buffers(void) { __atomic_store_n(&ring.buffer_ring->tail, ring.buffer_tail, __ATOMIC_RELEASE); }

static void open_buffers(void) {
  int private = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
  ring.buffers = map(BUFFERS * BUFFER_BYTES, private, -1, 0);
  ring.buffer_ring = map(BUFFERS * sizeof(struct io_uring_buf), private, -1, 0);
  struct io_uring_buf_reg list = {
      .ring_addr = (uintptr_t)ring.buffer_ring, .ring_entries = BUFFERS, .bgid = BUFFER_GROUP};
  if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PBUF_RING, &list, 1) < 0) fail("buffers");
  for (unsigned id = 0; id < BUFFERS; id++) return_buffer(id);
  publish_buffers();
}

static void open_ring(void) {
  struct io_uring_params params = {.cq_entries = COMPLETIONS};
  params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER |
                 IORING_SETUP_DEFER_TASKRUN;
  ring.fd = syscall(SYS_io_uring_setup, REQUESTS, &params);
  if (ring.fd < 0) fail("io_uring_setup");
  size_t request_bytes = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  size_t completion_bytes = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
  size_t bytes = request_bytes > completion_bytes ? request_bytes : completion_bytes;
  char *queues = map(bytes, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
  ring.requests = map(params.sq_entries * sizeof(struct io_uring_sqe), MAP_SHARED | MAP_POPULATE, ring.fd,
                      IORING_OFF_SQES);
  ring.request_tail = (unsigned *)(queues + params.sq_off.tail);
  ring.request_order = (unsigned *)(queues + params.sq_off.array);
  ring.request_mask = *(unsigned *)(queues + params.sq_off.ring_mask);
  ring.completion_head = (unsigned *)(queues + params.cq_off.head);
  ring.completion_tail = (unsigned *)(queues + params.cq_off.tail);
  ring.completion_mask = *(unsigned *)(queues + params.cq_off.ring_mask);
  ring.completions = (struct io_uring_cqe *)(queues + params.cq_off.cqes);
}

static struct io_uring_sqe *next_request(uint8_t opcode, int fd, uint64_t id) {
  unsigned tail = *ring.request_tail, at = tail & ring.request_mask;
  struct io_uring_sqe *request = &ring.requests[at];
  memset(request, 0, sizeof *request);
  request->opcode = opcode;
  request->fd = fd;
  request->user_data = id;
  ring.request_order[at] = at;
  *ring.request_tail = tail + 1;
  ring.unsubmitted++;
  return request;
}

static void receive(int id) {
  struct io_uring_sqe *request = next_request(IORING_OP_RECV, sockets[id], id);
  request->flags = IOSQE_BUFFER_SELECT;
  request->ioprio = IORING_RECV_MULTISHOT;
  request->buf_group = BUFFER_GROUP;
}

static void await_order(void) { next_request(IORING_OP_POLL_ADD, STDIN, ORDERS)->poll32_events = EPOLLIN; }

static void take(const struct io_uring_cqe *completion) {
  unsigned id = completion->user_data, flags = completion->flags;
  if (id == ORDERS) {
    obey();
    await_order();
    return;
  }
  if (completion->res == 0) exit(0);
  if (completion->res > 0) {
    unsigned buffer = flags >> IORING_CQE_BUFFER_SHIFT;
    count_frames(id, ring.buffers + buffer * BUFFER_BYTES, completion->res);
    return_buffer(buffer);
  }
  if (!(flags & IORING_CQE_F_MORE)) receive(id);
}

static void read_by_ring(void) {
  open_ring();
  open_buffers();
  await_order();
  obey();
  for (int id = 0; id < client_count; id++) receive(id);
  for (;;) {
    int submitted = syscall(SYS_io_uring_enter, ring.fd, ring.unsubmitted, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    if (submitted < 0 && errno != EINTR) fail("io_uring_enter");
    if (submitted > 0) ring.unsubmitted -= submitted;
    unsigned head = *ring.completion_head, tail = __atomic_load_n(ring.completion_tail, __ATOMIC_ACQUIRE);
    while (head != tail) take(&ring.completions[head++ & ring.completion_mask]);
    __atomic_store_n(ring.completion_head, head, __ATOMIC_RELEASE);
    publish_buffers();
  }
}
#else
static void read_by_ring(void) {
  fprintf(stderr, "compiled without the headers of a kernel that reads on and on by itself\n");
  exit(1);
}
#endif

int main(int count, char **arguments) {
  group = count > 1 ? arguments[1] : "c-epoll";
  if (strcmp(group, "c-ring") == 0) read_by_ring();
  else read_by_epoll();
}
