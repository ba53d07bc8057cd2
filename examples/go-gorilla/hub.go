// A small correct hub on gorilla/websocket.
// Build: GO111MODULE=off GOPATH=/usr/share/gocode go build -o bin/hub hub.go
// Run: bin/hub -port 0; it prints where it listens, and takes POST /broadcast and GET /stats.
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
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

type client struct {
	send   chan []byte   // closed when the client is out of the set; what is in it may still be written
	gone   chan struct{} // closed with it
	code   int           // why it is out; written before the channels are closed, read after
	reason string
}

type hub struct {
	mu      sync.Mutex
	clients map[*client]bool
}

func (h *hub) add(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients[c] = true
}

func (h *hub) drop(c *client, code int, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropLocked(c, code, reason)
}

func (h *hub) dropLocked(c *client, code int, reason string) {
	if h.clients[c] { // a client can be evicted and leave: the channels are closed once
		delete(h.clients, c)
		c.code, c.reason = code, reason
		close(c.send)
		close(c.gone)
	}
}

// publish never waits for a client: one message is in its writer's hand, 64 are queued, the next evicts it. It
// returns the length of the longest queue.
func (h *hub) publish(event []byte) (longest int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		select {
		case c.send <- event:
			if len(c.send) > longest {
				longest = len(c.send)
			}
		default:
			h.dropLocked(c, websocket.CloseTryAgainLater, "slow consumer")
		}
	}
	return longest
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	c := &client{send: make(chan []byte, 64), gone: make(chan struct{})}
	// The client is in the set before its 101 is written, so that it misses nothing it could have seen.
	upgrader := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool {
		if !mayEnter(r) {
			return false
		}
		h.add(c)
		return true
	}}
	conn, err := upgrader.Upgrade(w, r, nil)
	defer h.drop(c, websocket.CloseNormalClosure, "")
	if err != nil {
		return // Upgrade has answered
	}
	defer conn.Close()
	go c.write(conn)
	go func() { // a writer that is stuck in a full socket is only freed by closing it
		<-c.gone
		time.Sleep(time.Second)
		conn.Close()
	}()
	conn.SetReadLimit(64 << 10)
	for { // clients only listen; reading answers pings and notices when they leave
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

func (c *client) write(conn *websocket.Conn) {
	defer conn.Close()
	for event := range c.send {
		conn.SetWriteDeadline(time.Now().Add(time.Minute))
		if conn.WriteMessage(websocket.TextMessage, event) != nil {
			return
		}
	}
	conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(c.code, c.reason), time.Now().Add(time.Second))
}

// mayEnter: no Origin, a listed one, or one whose host is this machine.
func mayEnter(r *http.Request) bool {
	origins := r.Header["Origin"]
	if len(origins) == 0 || len(origins) == 1 && origins[0] == "" {
		return true
	}
	listed := "http://localhost:5173,http://localhost:3000," + os.Getenv("NORN_ALLOWED_ORIGINS")
	for _, allowed := range strings.Split(listed, ",") {
		if len(origins) == 1 && origins[0] == strings.TrimSpace(allowed) {
			return true
		}
	}
	u, err := url.Parse(origins[0])
	if err != nil || len(origins) > 1 {
		return false
	}
	host := u.Hostname()
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

func isEnvelope(text []byte) bool {
	var e struct {
		Type, AppID *string
		Payload     map[string]json.RawMessage
	}
	return utf8.Valid(text) && json.Unmarshal(text, &e) == nil && e.Type != nil && e.AppID != nil && e.Payload != nil
}

func (h *hub) broadcast(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	if !mayEnter(r) {
		http.Error(w, "foreign origin", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	events := [][]byte{body}
	switch strings.Split(r.Header.Get("Content-Type"), ";")[0] {
	case "application/json":
	case "application/x-ndjson":
		events = bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	default:
		http.Error(w, "application/json or application/x-ndjson", http.StatusUnsupportedMediaType)
		return
	}
	for i, event := range events {
		if !isEnvelope(event) {
			http.Error(w, fmt.Sprintf("line %d is not an envelope", i+1), http.StatusBadRequest)
			return
		}
	}
	for _, event := range events {
		if h.publish(event) > 32 {
			time.Sleep(time.Millisecond) // lets writers catch up, so that a burst does not evict those who read
		}
	}
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, `{"accepted":%d}`, len(events))
}

func (h *hub) stats(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintf(w, `{"clients":%d}`, len(h.clients))
}

func (h *hub) stop() {
	h.mu.Lock()
	for c := range h.clients {
		h.dropLocked(c, websocket.CloseGoingAway, "going away")
	}
	h.mu.Unlock()
	time.Sleep(500 * time.Millisecond)
	os.Exit(0)
}

func main() {
	port := flag.Int("port", 8800, "0 takes a free one")
	flag.Parse()
	if os.Getenv("NORN_EXIT_WITH_STDIN") == "1" { // so that a killed parent leaves no hub behind
		go func() { io.Copy(io.Discard, os.Stdin); os.Exit(0) }()
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	h := &hub{clients: map[*client]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/ws", h.serve)
	mux.HandleFunc("/broadcast", h.broadcast)
	mux.HandleFunc("/stats", h.stats)
	fmt.Printf(`{"ready":true,"url":"ws://%[1]s/ws","broadcastUrl":"http://%[1]s/broadcast","pid":%[2]d}`+"\n", listener.Addr(), os.Getpid())
	go http.Serve(listener, mux)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	listener.Close()
	h.stop()
}
