#!/bin/sh
# A hub on nginx with nchan: /ws subscribes over WebSocket, POST /broadcast publishes one event a request. nchan keeps the
# last 64 messages for everybody and none for a client: there is no buffer to set. Prints a ready line; SIGTERM stops it and
# removes its folder. nginx cannot report a port that it was given by the system, so node finds a free one.
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => s.close(console.log(s.address().port)))') || exit 1
folder=$(mktemp -d)
listed=$(echo "$NORN_ALLOWED_ORIGINS" | tr ',' '\n' | sed -n 's/.\{1,\}/    "&" 1;/p')
cat >"$folder/nginx.conf" <<END
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
worker_processes 1;
pid $folder/pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  client_max_body_size 16m;
  client_body_buffer_size 1m;
  map \$http_origin \$is_origin_allowed {
    default 0;
    "" 1;
    "http://localhost:5173" 1;
    "http://localhost:3000" 1;
$listed
    "~^[A-Za-z][A-Za-z0-9+.-]*://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]*)?(/.*)?\$" 1;
  }
  server {
    listen 127.0.0.1:$port;
    location = /ws {
      if (\$is_origin_allowed = 0) { return 403; }
      nchan_subscriber websocket;
      nchan_channel_id events;
      nchan_subscriber_first_message newest;
    }
    location = /broadcast {
      nchan_publisher http;
      nchan_channel_id events;
      nchan_message_buffer_length 64;
      nchan_message_timeout 1m;
    }
  }
}
END
end() {
  kill -TERM "$server" 2>/dev/null
  wait "$server"
  rm -rf "$folder"
  exit 0
}
trap end TERM INT
nginx -p "$folder" -c "$folder/nginx.conf" -e stderr >&2 &
server=$!
until [ -s "$folder/pid" ]; do sleep 0.05; kill -0 "$server" 2>/dev/null || exit 1; done
echo "{\"ready\":true,\"url\":\"ws://127.0.0.1:$port/ws\",\"broadcastUrl\":\"http://127.0.0.1:$port/broadcast\"}"
wait "$server"
rm -rf "$folder"
