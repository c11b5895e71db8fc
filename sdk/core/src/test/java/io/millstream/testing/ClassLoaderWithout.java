package io.millstream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Defines Millstream's classes itself, and does not know some others: what is optional. */
public final class ClassLoaderWithout extends ClassLoader {
  private final List<String> prefixes;

  /** Without the classes whose names start like this. */
  public ClassLoaderWithout(String... prefixes) {
    super(ClassLoaderWithout.class.getClassLoader());
    this.prefixes = List.of(prefixes);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (prefixes.stream().anyMatch(name::startsWith)) {
      throw new ClassNotFoundException(name);
    }
    if (!name.startsWith("io.millstream.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
