// A broadcast hub in Go on gorilla/websocket, built as in the protocol's diagram, with defects that can be switched on.
// `-defect ID` breaks one thing; without it the hub is correct. Independent of the TypeScript hubs on purpose: it is
// what a real hub's author would have written, bugs included.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o go-hub go-hub.go
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

var defect = flag.String("defect", "none", "which bug to have")
var port = flag.Int("port", 0, "0 = any free port")
var clientBuffer = flag.Int("client-buffer", 64, "messages queued per client")
var evictionGrace = flag.Duration("eviction-grace", time.Second, "how long an evicted client may drain")

// Every bug this hub can have.
var defects = strings.Fields(`none diagram head-of-line-block evict-deadlock crash-after-eviction
	eviction-aborts-fan-out timed-block forget-without-close close-after-drain deadline-set-too-late
	any-origin origin-prefix null-origin empty-origin-refused never-evict queue-sixteen-fold evicts-one-early
	evicts-one-late drop-newest drop-oldest burst-evicts-readers register-late no-read-limit shared-buffer
	reorder duplicate identity-by-address coalesce-newline app-id-renamed binary-opcode number-precision
	client-text-rebroadcast client-data-kills history-replay stops-without-close eviction-without-close`)

func has(ids ...string) bool {
	for _, id := range ids {
		if *defect == id {
			return true
		}
	}
	return false
}

type client struct {
	conn    *websocket.Conn
	ready   chan struct{} // closed when conn is set
	send    chan []byte
	address string
	evicted bool
}

type hub struct {
	mu        sync.Mutex
	clients   map[*client]bool
	broadcast chan []byte
	recent    [][]byte
	pooled    []byte
	events    int
	origins   []string
}

func (h *hub) register(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if has("identity-by-address") {
		for other := range h.clients {
			if other.address == c.address {
				delete(h.clients, other)
			}
		}
	}
	h.clients[c] = true
	if has("history-replay") {
		for _, message := range h.recent {
			c.send <- message
		}
	}
}

func (h *hub) unregister(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.clients[c] {
		delete(h.clients, c)
		close(c.send)
	}
}

func (h *hub) run() {
	for message := range h.broadcast {
		if has("reorder") {
			go h.fanOut(message)
			continue
		}
		for pacing := 0; h.fanOut(message) && pacing < 20 && !has("burst-evicts-readers", "diagram"); pacing++ {
			time.Sleep(100 * time.Microsecond)
			message = nil
		}
	}
}

// fanOut gives the message to every client and says whether a queue is half full, so that the loop lets writers work.
func (h *hub) fanOut(message []byte) (isCrowded bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if message != nil {
		h.events++
		h.recent = append(h.recent, message)
		if len(h.recent) > 5 {
			h.recent = h.recent[1:]
		}
		if has("shared-buffer") {
			h.pooled = append(h.pooled[:0], message...)
			message = h.pooled
		}
	}
	for c := range h.clients {
		if message != nil {
			if stop := h.deliver(c, message); stop {
				break
			}
			if has("duplicate") && h.events%50 == 7 {
				h.deliver(c, message)
			}
		}
		isCrowded = isCrowded || len(c.send) > cap(c.send)/2
	}
	return isCrowded
}

func (h *hub) deliver(c *client, message []byte) (stop bool) {
	if has("head-of-line-block") {
		c.send <- message
		return false
	}
	select {
	case c.send <- message:
		return false
	default:
	}
	switch *defect {
	case "drop-newest":
	case "drop-oldest":
		select {
		case <-c.send:
		default:
		}
		c.send <- message
	case "timed-block":
		select {
		case c.send <- message:
		case <-time.After(time.Second):
			h.evict(c)
		}
	case "evict-deadlock":
		h.unregister(c)
	case "eviction-aborts-fan-out":
		h.evict(c)
		return true
	default:
		h.evict(c)
	}
	return false
}

func (h *hub) evict(c *client) {
	c.evicted = true
	if has("crash-after-eviction") {
		close(c.send)
		return
	}
	delete(h.clients, c)
	if has("forget-without-close") {
		return
	}
	close(c.send)
	if has("deadline-set-too-late") {
		c.conn.SetWriteDeadline(time.Now().Add(time.Second))
	}
	if has("close-after-drain", "deadline-set-too-late", "diagram") {
		return
	}
	go func() {
		time.Sleep(*evictionGrace)
		<-c.ready
		if !has("eviction-without-close") {
			c.conn.WriteControl(websocket.CloseMessage, closeSlow, time.Now().Add(50*time.Millisecond))
		}
		c.conn.Close()
	}()
}

var closeSlow = websocket.FormatCloseMessage(websocket.CloseTryAgainLater, "slow consumer")

func (c *client) writePump(h *hub) {
	defer c.conn.Close()
	kind := websocket.TextMessage
	if has("binary-opcode") {
		kind = websocket.BinaryMessage
	}
	for message := range c.send {
		if has("coalesce-newline") {
			for waiting := len(c.send); waiting > 0; waiting-- {
				message = append(append(append([]byte{}, message...), '\n'), <-c.send...)
			}
		}
		if c.conn.WriteMessage(kind, message) != nil {
			h.unregister(c)
			return
		}
	}
	if c.evicted && !has("eviction-without-close", "diagram", "close-after-drain", "deadline-set-too-late") {
		c.conn.WriteControl(websocket.CloseMessage, closeSlow, time.Now().Add(time.Second))
		time.Sleep(100 * time.Millisecond)
	}
}

func (c *client) readPump(h *hub) {
	defer c.conn.Close()
	defer h.unregister(c)
	if !has("no-read-limit", "diagram") {
		c.conn.SetReadLimit(65536)
	}
	for {
		kind, data, err := c.conn.ReadMessage()
		if err != nil || has("client-data-kills") {
			return
		}
		if has("client-text-rebroadcast") && kind == websocket.TextMessage {
			h.broadcast <- data
		}
	}
}

func (h *hub) isOriginAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return !has("empty-origin-refused")
	}
	if has("any-origin") || has("null-origin") && origin == "null" {
		return true
	}
	if has("origin-prefix") && strings.HasPrefix(origin, "http://localhost") {
		return true
	}
	for _, listed := range h.origins {
		if origin == listed {
			return true
		}
	}
	parsed, err := url.Parse(origin)
	if err != nil {
		return false
	}
	host := parsed.Hostname()
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

func (h *hub) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !h.isOriginAllowed(r) {
		http.Error(w, "origin not allowed", http.StatusForbidden)
		return
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	size := *clientBuffer
	switch *defect {
	case "never-evict":
		size = 1 << 20
	case "queue-sixteen-fold":
		size *= 16
	case "evicts-one-early":
		size--
	case "evicts-one-late":
		size++
	}
	c := &client{ready: make(chan struct{}), send: make(chan []byte, size), address: host}
	isLate := has("register-late", "diagram")
	if !isLate {
		h.register(c)
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		h.unregister(c)
		return
	}
	c.conn = conn
	close(c.ready)
	if isLate {
		if has("register-late") {
			time.Sleep(250 * time.Millisecond)
		}
		h.register(c)
	}
	go c.writePump(h)
	go c.readPump(h)
}

type envelope struct {
	Type    *string         `json:"type"`
	AppID   *string         `json:"appId"`
	Payload json.RawMessage `json:"payload"`
}

type renamedEnvelope struct {
	Type    *string         `json:"type"`
	AppID   *string         `json:"appID"`
	Payload json.RawMessage `json:"payload"`
}

func (h *hub) encode(line []byte) ([]byte, error) {
	var parsed envelope
	if err := json.Unmarshal(line, &parsed); err != nil {
		return nil, err
	}
	if parsed.Type == nil || parsed.AppID == nil || !bytes.HasPrefix(bytes.TrimSpace(parsed.Payload), []byte("{")) {
		return nil, fmt.Errorf("not an envelope")
	}
	switch *defect {
	case "app-id-renamed":
		return json.Marshal(renamedEnvelope(parsed))
	case "number-precision":
		var loose map[string]interface{}
		json.Unmarshal(line, &loose)
		return json.Marshal(loose)
	}
	return append([]byte{}, line...), nil
}

func (h *hub) serveBroadcast(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST", http.StatusMethodNotAllowed)
		return
	}
	if !h.isOriginAllowed(r) && r.Header.Get("Origin") != "" {
		http.Error(w, "origin not allowed", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	lines := [][]byte{body}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-ndjson") {
		lines = bytes.Split(body, []byte("\n"))
	}
	var messages [][]byte
	for number, line := range lines {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		message, err := h.encode(line)
		if err != nil {
			http.Error(w, fmt.Sprintf("line %d: %v", number+1, err), http.StatusBadRequest)
			return
		}
		messages = append(messages, message)
	}
	for _, message := range messages {
		h.broadcast <- message
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, "{\"accepted\":%d}\n", len(messages))
}

func (h *hub) serveStats(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, "{\"clients\":%d}\n", len(h.clients))
}

func (h *hub) goodbye() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		<-c.ready
		if !has("stops-without-close", "diagram") {
			away := websocket.FormatCloseMessage(websocket.CloseGoingAway, "")
			c.conn.WriteControl(websocket.CloseMessage, away, time.Now().Add(100*time.Millisecond))
		}
	}
}

func main() {
	flag.Parse()
	known := false
	for _, id := range defects {
		known = known || id == *defect
	}
	if !known {
		fmt.Fprintf(os.Stderr, "no defect %q; there are: %s\n", *defect, strings.Join(defects, " "))
		os.Exit(2)
	}
	h := &hub{clients: map[*client]bool{}, broadcast: make(chan []byte, 256)}
	h.origins = append(strings.Split(os.Getenv("NORN_ALLOWED_ORIGINS"), ","), flag.Args()...)
	go h.run()
	http.HandleFunc("/ws", h.serveSocket)
	http.HandleFunc("/broadcast", h.serveBroadcast)
	http.HandleFunc("/stats", h.serveStats)
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	address := listener.Addr()
	fmt.Printf("{\"ready\":true,\"url\":\"ws://%s/ws\",\"broadcastUrl\":\"http://%s/broadcast\",\"pid\":%d}\n", address, address, os.Getpid())
	if os.Getenv("NORN_EXIT_WITH_STDIN") == "1" {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
	}
	go http.Serve(listener, nil)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
	listener.Close()
	h.goodbye()
	time.Sleep(200 * time.Millisecond)
}
