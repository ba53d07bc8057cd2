// A Go hub on gorilla/websocket as most are written: a goroutine and a channel of 64 for each client. It takes the same
// orders as the other hubs of the fan-out and isolation benches, one JSON line each, and ends with its stdin.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/gorilla/websocket"
)

// Either ticks as fast as they go, or events on a schedule.
type order struct {
	Ticks           int
	EventsPerTick   int
	Events          int
	EventBytes      int
	EventsPerSecond int
}

// An evicted client has this long to take what was written to it.
const grace = time.Second

type hub struct {
	mu      sync.Mutex
	clients map[chan []byte]*websocket.Conn
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
	h.clients[send] = conn
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
	h.forget(send)
	h.mu.Unlock()
}

func (h *hub) forget(send chan []byte) {
	if h.clients[send] == nil {
		return
	}
	delete(h.clients, send)
	close(send)
}

// A client whose channel is full is out of the set at once, and closed after the grace.
func (h *hub) publishOrEvict(event []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for send, conn := range h.clients {
		select {
		case send <- event:
		default:
			h.forget(send)
			time.AfterFunc(grace, func(conn *websocket.Conn) func() { return func() { conn.Close() } }(conn))
		}
	}
}

// Of the monotonic clock, which all processes of the machine share.
func nowMicros() int64 {
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano() / 1e3
}

// The probe in each event says which it is and when it was due.
func (h *hub) publishPaced(o order, sequence int) {
	start := nowMicros() + 10_000
	atomic.StoreInt64(&h.pending, 1<<62)
	for i := 0; i < o.Events; i++ {
		due := start + int64(i)*1e6/int64(o.EventsPerSecond)
		if wait := due - nowMicros(); wait > 0 {
			time.Sleep(time.Duration(wait) * time.Microsecond)
		}
		event, _ := json.Marshal(map[string]any{
			"type": "deploy.progress", "appId": "shop",
			"payload": map[string]string{
				"sagaId": "saga-7f3a", "message": strings.Repeat("x", o.EventBytes),
				"nornProbe": fmt.Sprintf("bench.%d.%d", sequence+i, due),
			},
		})
		h.publishOrEvict(event)
	}
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
	h := &hub{clients: map[chan []byte]*websocket.Conn{}, idle: make(chan struct{}, 1)}
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
		if o.Events > 0 {
			h.publishPaced(o, sequence)
			sequence += o.Events
			fmt.Printf("{\"published\":%d}\n", o.Events)
			continue
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
