package io.millstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * TLS in front of a server that has none, so that every server of the tests is one with TLS. Its
 * certificate, for 127.0.0.1 by default, is made by the JDK's keytool and trusted by nobody who
 * does not have {@link #trustStore()}.
 */
public final class TlsProxy implements AutoCloseable {
  /** Opens {@link #trustStore()}. */
  public static final String STORE_PASSWORD = "changeit";

  private final Path folder;
  private final int target;
  private final SSLServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** In front of a port of the loopback interface. */
  public TlsProxy(int target) {
    this(target, "ip:127.0.0.1,dns:localhost");
  }

  /** With a certificate for the given names, as keytool takes them. */
  public TlsProxy(int target, String names) {
    this.target = target;
    try {
      this.folder = Files.createTempDirectory("millstream-tls");
      this.listener = listen(makeKeys(folder.resolve("keys.p12"), names));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static Path makeKeys(Path store, String names) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return store;
  }

  private static SSLServerSocket listen(Path keys) throws IOException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, STORE_PASSWORD.toCharArray());
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, STORE_PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return (SSLServerSocket)
          context
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** The port on the loopback interface, with TLS. */
  public int port() {
    return listener.getLocalPort();
  }

  /** A PKCS12 store whose only certificate is this proxy's. */
  public File trustStore() {
    return folder.resolve("keys.p12").toFile();
  }

  /** How many connections there have been, whatever became of them. */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    sockets.forEach(TlsProxy::closeQuietly);
    try {
      Files.delete(folder.resolve("keys.p12"));
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        SSLSocket client = (SSLSocket) listener.accept();
        connections.incrementAndGet();
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SSLSocket client) {
    sockets.add(client);
    try {
      client.startHandshake();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      start(() -> copy(client, server));
      copy(server, client);
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one side is gone, and so is the other
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "tls-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // it is gone either way
    }
  }
}
