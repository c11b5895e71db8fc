package io.millstream.spring.test.app;

/** A payload. */
public record Order(long id) {}
