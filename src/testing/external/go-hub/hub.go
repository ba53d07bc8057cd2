// A broadcast hub in Go on gorilla/websocket, built as in the protocol's diagram, with defects that can be switched on.
// `-defect ID` breaks one thing; without it the hub is correct. Independent of the TypeScript hubs on purpose: it is
// what a real hub's author would have written, bugs included.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o hub hub.go http.go
package main

import (
	"flag"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

var defect = flag.String("defect", "none", "which bug to have")
var port = flag.Int("port", 0, "0 = any free port")
var clientBuffer = flag.Int("client-buffer", 64, "messages queued per client")
var compression = flag.Bool("compression", false, "agree to permessage-deflate")
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
func (h *hub) fanOut(message []byte) (isBacklogged bool) {
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
		isBacklogged = isBacklogged || len(c.send) > cap(c.send)/2
	}
	return isBacklogged
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
