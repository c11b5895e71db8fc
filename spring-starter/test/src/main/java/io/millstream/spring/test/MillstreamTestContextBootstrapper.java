package io.millstream.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Reads the properties of the annotation. */
final class MillstreamTestContextBootstrapper
    extends TestSliceTestContextBootstrapper<MillstreamTest> {}
