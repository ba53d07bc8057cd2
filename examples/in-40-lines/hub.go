// The least that the kit can drive, on gorilla/websocket: events come as lines on stdin. Slow clients: see ../go-gorilla.
package main

import (
	"encoding/json"
	"fmt"
	"github.com/gorilla/websocket"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
)

func main() {
	var clients sync.Map
	http.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		clients.Store(conn, err == nil)
		for err == nil {
			_, _, err = conn.NextReader()
		}
		clients.Delete(conn)
	})
	fmt.Printf("{\"ready\":true,\"url\":\"ws%s/ws\"}\n", httptest.NewServer(nil).URL[len("http"):])
	var ask struct{ ID, Op, Events json.RawMessage }
	for asked := json.NewDecoder(os.Stdin); asked.Decode(&ask) == nil; {
		if string(ask.Op) != `"broadcast"` {
			fmt.Printf("{\"id\":%s,\"error\":\"unsupported\"}\n", ask.ID)
			continue
		}
		var events []json.RawMessage
		json.Unmarshal(ask.Events, &events)
		for _, event := range events {
			clients.Range(func(conn, isOpen any) bool {
				return !isOpen.(bool) || conn.(*websocket.Conn).WriteMessage(1, event) != nil || true
			})
		}
		fmt.Printf("{\"id\":%s,\"ok\":true,\"accepted\":%d}\n", ask.ID, len(events))
	}
}
