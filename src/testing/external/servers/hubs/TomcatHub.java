// A hub on embedded Tomcat. Each client has a queue of 64 messages behind the one that Tomcat sends; a client whose queue
// is full is disconnected. It passes texts on without reading them. POST /broadcast takes one envelope, or NDJSON. Prints
// a ready line; SIGTERM stops it.
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogManager;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.Constants;
import org.apache.tomcat.websocket.server.WsSci;

public final class TomcatHub {
  static final int CLIENT_BUFFER_MESSAGES = 64;
  static final int MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
  static final int MAX_CONNECTIONS = 4096;
  static final long SEND_TIMEOUT_MILLIS = 5_000;
  /** How long a close waits for the message in flight, and for its own Close; Tomcat would wait 20 s. */
  static final long CLOSE_TIMEOUT_MILLIS = 1_000;
  static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
  static final Set<String> LISTED = new HashSet<>(List.of("http://localhost:5173", "http://localhost:3000"));
  static final Map<String, Client> CLIENTS = new ConcurrentHashMap<>();
  /** Closing a session waits for the message in flight: never on the thread of a producer. */
  static final ExecutorService CLOSING = Executors.newCachedThreadPool();

  /** No lock is held while Tomcat is called: its completion handler may run on this thread or on another. */
  static final class Client {
    final Session session;
    final Queue<String> queue = new ConcurrentLinkedQueue<>();
    /** The message in flight and those behind it. */
    final AtomicInteger outstanding = new AtomicInteger();

    Client(Session session) {
      this.session = session;
    }

    void offer(String text) {
      if (outstanding.get() > CLIENT_BUFFER_MESSAGES) {
        close(CloseReason.CloseCodes.TRY_AGAIN_LATER, "slow consumer");
        return;
      }
      queue.add(text);
      if (outstanding.getAndIncrement() == 0) sendNext();
    }

    void sendNext() {
      try {
        session.getAsyncRemote().sendText(queue.poll(), result -> {
          if (!result.isOK()) leave();
          else if (outstanding.decrementAndGet() > 0) sendNext();
        });
      } catch (IllegalStateException closed) {
        leave();
      }
    }

    void leave() {
      CLIENTS.remove(session.getId());
    }

    void close(CloseReason.CloseCode code, String reason) {
      leave();
      CLOSING.execute(() -> {
        try {
          session.close(new CloseReason(code, reason));
        } catch (IOException | IllegalStateException gone) {
          // The client has left by itself.
        }
      });
    }
  }

  public static final class Events extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.setMaxIdleTimeout(0);
      session.getAsyncRemote().setSendTimeout(SEND_TIMEOUT_MILLIS);
      session.getUserProperties().put(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, CLOSE_TIMEOUT_MILLIS);
      // Clients only listen.
      session.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> {});
      session.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) bytes -> {});
      CLIENTS.put(session.getId(), new Client(session));
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      CLIENTS.remove(session.getId());
    }

    @Override
    public void onError(Session session, Throwable error) {
      CLIENTS.remove(session.getId());
    }
  }

  static final class OriginRule extends ServerEndpointConfig.Configurator {
    @Override
    public boolean checkOrigin(String origin) {
      if (origin == null || origin.isEmpty() || LISTED.contains(origin)) return true;
      try {
        String host = URI.create(origin).getHost();
        return host != null && LOCAL_HOSTS.contains(host);
      } catch (IllegalArgumentException notAnOrigin) {
        return false;
      }
    }
  }

  static final class Broadcast extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
      String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String type = request.getContentType() == null ? "" : request.getContentType();
      List<String> texts = type.startsWith("application/x-ndjson")
          ? body.lines().filter(line -> !line.isBlank()).toList()
          : List.of(body);
      synchronized (CLIENTS) {
        for (String text : texts) for (Client client : CLIENTS.values()) client.offer(text);
      }
      response.setStatus(HttpServletResponse.SC_ACCEPTED);
      response.setContentType("application/json");
      response.getWriter().write("{\"accepted\":" + texts.size() + "}");
    }
  }

  public static final class Registrar implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      var container =
          (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
      container.setDefaultMaxTextMessageBufferSize(MAX_CLIENT_MESSAGE_BYTES);
      container.setDefaultMaxBinaryMessageBufferSize(MAX_CLIENT_MESSAGE_BYTES);
      var endpoint = ServerEndpointConfig.Builder.create(Events.class, "/ws").configurator(new OriginRule());
      try {
        container.addEndpoint(endpoint.build());
      } catch (DeploymentException error) {
        throw new IllegalStateException(error);
      }
    }
  }

  static final class NotFound extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  static void addServlet(Context context, String name, HttpServlet servlet, String path) {
    Tomcat.addServlet(context, name, servlet);
    context.addServletMappingDecoded(path, name);
  }

  /** Destroying the container closes every session with 1001. */
  static void stop(Tomcat tomcat) {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (Exception error) {
      System.err.println(error);
    }
  }

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset();
    String more = System.getenv("NORN_ALLOWED_ORIGINS");
    if (more != null) LISTED.addAll(List.of(more.split(",")));
    File base = Files.createTempDirectory("tomcat-hub").toFile();
    base.deleteOnExit();
    var tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getConnector().setProperty("maxConnections", "" + MAX_CONNECTIONS);
    Context context = tomcat.addContext("", base.getPath());
    context.addServletContainerInitializer(new WsSci(), null);
    context.addApplicationListener(Registrar.class.getName());
    addServlet(context, "broadcast", new Broadcast(), "/broadcast");
    addServlet(context, "default", new NotFound(), "/");
    tomcat.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat)));
    String at = "127.0.0.1:" + tomcat.getConnector().getLocalPort();
    System.out.printf("{\"ready\":true,\"url\":\"ws://%s/ws\",\"broadcastUrl\":\"http://%s/broadcast\"}%n", at, at);
    System.out.flush();
    tomcat.getServer().await();
  }
}
