// A hub built exactly as the protocol's diagram says, weaknesses included: a client is registered after its 101, the
// writer has no deadline, inbound messages have no limit, and eviction only closes the send channel, so the socket of
// a client that does not read is never closed. What is judged wrong about it stands in known-failing.yaml.
// Build: GO111MODULE=off GOPATH=/usr/share/gocode go build -o bin/hub hub.go
// Run: bin/hub -port 0; it prints where it listens and takes POST /broadcast.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/gorilla/websocket"
)

type Event struct {
	Type    string          `json:"type"`
	AppID   string          `json:"appId"`
	Payload json.RawMessage `json:"payload"`
}

type Client struct {
	conn *websocket.Conn
	send chan []byte
}

type Hub struct {
	clients              map[*Client]bool
	register, unregister chan *Client
	broadcast            chan []byte
}

func (h *Hub) Run() {
	for {
		select {
		case c := <-h.register:
			h.clients[c] = true
		case c := <-h.unregister:
			h.remove(c)
		case message := <-h.broadcast:
			for c := range h.clients {
				select {
				case c.send <- message:
				default:
					h.remove(c)
				}
			}
		}
	}
}

func (h *Hub) remove(c *Client) {
	if h.clients[c] {
		delete(h.clients, c)
		close(c.send)
	}
}

func (h *Hub) Broadcast(evt Event) {
	if message, err := json.Marshal(evt); err == nil {
		h.broadcast <- message
	}
}

func (h *Hub) serve(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: checkOrigin}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &Client{conn: conn, send: make(chan []byte, 64)}
	h.register <- c
	go c.writePump()
	defer conn.Close()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			h.unregister <- c
			return
		}
	}
}

func (c *Client) writePump() {
	defer c.conn.Close()
	for message := range c.send {
		if c.conn.WriteMessage(websocket.TextMessage, message) != nil {
			return
		}
	}
}

func checkOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	listed := "http://localhost:5173,http://localhost:3000," + os.Getenv("NORN_ALLOWED_ORIGINS")
	for _, allowed := range strings.Split(listed, ",") {
		if origin == strings.TrimSpace(allowed) {
			return true
		}
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
}

// post takes one event or many, one after the other.
func (h *Hub) post(w http.ResponseWriter, r *http.Request) {
	decoder, accepted := json.NewDecoder(r.Body), 0
	for r.Method == http.MethodPost {
		var evt Event
		if err := decoder.Decode(&evt); err == io.EOF {
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprintf(w, `{"accepted":%d}`, accepted)
			return
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		h.Broadcast(evt)
		accepted++
	}
	http.Error(w, "POST only", http.StatusMethodNotAllowed)
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
	h := &Hub{clients: map[*Client]bool{}, register: make(chan *Client), unregister: make(chan *Client), broadcast: make(chan []byte, 256)}
	go h.Run()
	http.HandleFunc("/ws", h.serve)
	http.HandleFunc("/broadcast", h.post)
	fmt.Printf(`{"ready":true,"url":"ws://%[1]s/ws","broadcastUrl":"http://%[1]s/broadcast","pid":%[2]d}`+"\n", listener.Addr(), os.Getpid())
	http.Serve(listener, nil)
}
