package io.millstream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The users of docs/operations.md, as they stand on the page. */
public final class AclLines {
  /** What stands on the page where the password goes. */
  public static final String PASSWORD = "CHANGE-ME";

  private AclLines() {}

  /**
   * The lines for a user on a server of {@link TestRedis#startOwn}, each {@code ACL SETUSER user
   * ...}.
   */
  public static List<String> of(String user) {
    List<String> lines = new ArrayList<>(block(user + (has70() ? " 7.0" : " 6.2")));
    if (!has70() || TestRedis.ownHas(Capability.INACTIVE)) {
      lines.addAll(block(user + " setinfo"));
    }
    return lines;
  }

  /** The lines under {@code <!-- acl: name -->}. */
  public static List<String> block(String name) {
    List<String> page = page();
    int mark = page.indexOf("<!-- acl: " + name + " -->");
    if (mark < 0 || !page.get(mark + 1).equals("```text")) {
      throw new IllegalStateException("docs/operations.md has no block for " + name);
    }
    List<String> rest = page.subList(mark + 2, page.size());
    return rest.subList(0, rest.indexOf("```"));
  }

  /** Runs the lines. */
  public static void apply(RespConnection admin, List<String> lines) {
    lines.forEach(line -> admin.call(line.split(" ")));
  }

  private static boolean has70() {
    return TestRedis.ownHas(Capability.LAG);
  }

  private static List<String> page() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path page = at.resolve("docs/operations.md");
      if (Files.exists(page)) {
        try {
          return Files.readAllLines(page);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException("docs/operations.md is not there");
  }
}
