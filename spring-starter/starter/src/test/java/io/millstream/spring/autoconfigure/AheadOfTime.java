package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.InputStreamSource;
import org.springframework.javapoet.ClassName;

/**
 * An application processed ahead of time: the code that Spring generates for it, and the hints for
 * a native image.
 */
final class AheadOfTime {
  private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
  private final DefaultGenerationContext generation;
  private final ClassName initializer;

  AheadOfTime(GenericApplicationContext application, Class<?> main) {
    generation = new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(main)), files);
    initializer = new ApplicationContextAotGenerator().processAheadOfTime(application, generation);
    generation.writeGeneratedContent();
  }

  RuntimeHints hints() {
    return generation.getRuntimeHints();
  }

  /**
   * Compiles the generated code and tells what makes a context of it. Once in a JVM: the classes
   * are defined beside those that they are for, whose packages they need.
   */
  @SuppressWarnings("unchecked")
  ApplicationContextInitializer<GenericApplicationContext> compile(Path folder) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                Files.createDirectories(folder.resolve("classes")).toString()));
    write(Kind.SOURCE, folder.resolve("sources"))
        .forEach(source -> arguments.add(source.toString()));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> sources = arguments.subList(6, arguments.size());
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      assertThat(
              compiler
                  .getTask(
                      said,
                      manager,
                      null,
                      arguments.subList(0, 6),
                      null,
                      manager.getJavaFileObjects(sources.toArray(String[]::new)))
                  .call())
          .as(said::toString)
          .isTrue();
    }
    write(Kind.CLASS, folder.resolve("classes"));
    define(folder.resolve("classes"));
    return (ApplicationContextInitializer<GenericApplicationContext>)
        Class.forName(initializer.reflectionName()).getDeclaredConstructor().newInstance();
  }

  private List<Path> write(Kind kind, Path folder) throws IOException {
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, InputStreamSource> file : files.getGeneratedFiles(kind).entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      try (InputStream content = file.getValue().getInputStream()) {
        Files.copy(content, target);
      }
      written.add(target);
    }
    return written;
  }

  private static void define(Path classes) throws Exception {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(classes)) {
      all = walk.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    assertThat(all).isNotEmpty();
    for (Path file : all) {
      String name = classes.relativize(file).toString().replace('/', '.');
      Class<?> host = Class.forName(name.split("__|\\$\\$", 2)[0]);
      MethodHandles.privateLookupIn(host, MethodHandles.lookup())
          .defineClass(Files.readAllBytes(file));
    }
  }
}
