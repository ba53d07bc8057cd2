// The HTTP side of the hub in hub.go: the origin rule, the handshake, POST /broadcast, /stats, and the start and stop of
// the process.
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
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

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
	upgrader := websocket.Upgrader{
		CheckOrigin:       func(*http.Request) bool { return true },
		EnableCompression: *compression,
	}
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

func (h *hub) closeAll() {
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
	h.closeAll()
	time.Sleep(200 * time.Millisecond)
}
