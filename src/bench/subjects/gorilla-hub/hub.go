// The fan-out of a Go hub on gorilla/websocket as most are written: a goroutine and a channel of 64 for each client.
// It takes the same orders as the other subjects of the fan-out bench, one JSON line each, and ends with its stdin.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/gorilla/websocket"
)

type order struct {
	Ticks         int
	EventsPerTick int
}

type hub struct {
	mu      sync.Mutex
	clients map[chan []byte]bool
	pending int64         // deliveries of this tick that are not written yet
	idle    chan struct{} // notified when there is none
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	send := make(chan []byte, 64)
	h.mu.Lock()
	h.clients[send] = true
	h.mu.Unlock()
	go func() {
		for event := range send {
			conn.WriteMessage(websocket.TextMessage, event)
			if atomic.AddInt64(&h.pending, -1) == 0 {
				h.idle <- struct{}{}
			}
		}
		conn.Close()
	}()
	for {
		if _, _, err := conn.NextReader(); err != nil {
			break
		}
	}
	h.mu.Lock()
	delete(h.clients, send)
	close(send)
	h.mu.Unlock()
}

func (h *hub) publish(event []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for send := range h.clients {
		send <- event
	}
}

func cpuMicros() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano()/1e3 + usage.Stime.Nano()/1e3
}

func main() {
	h := &hub{clients: map[chan []byte]bool{}, idle: make(chan struct{}, 1)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/ws", h.serve)
	go http.Serve(listener, nil)
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	sequence := 0
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			panic(err)
		}
		begun := cpuMicros()
		for tick := 0; tick < o.Ticks; tick++ {
			h.mu.Lock()
			clients := len(h.clients)
			h.mu.Unlock()
			atomic.StoreInt64(&h.pending, int64(clients*o.EventsPerTick))
			for i := 0; i < o.EventsPerTick; i++ {
				message := fmt.Sprintf("allocation %d of web is running, 3 of 5 healthy", sequence)
				sequence++
				event, _ := json.Marshal(map[string]any{
					"type": "deploy.progress", "appId": "shop",
					"payload": map[string]string{"sagaId": "saga-7f3a", "message": message},
				})
				h.publish(event)
			}
			<-h.idle
		}
		fmt.Printf("{\"cpuMicros\":%d}\n", cpuMicros()-begun)
	}
}
