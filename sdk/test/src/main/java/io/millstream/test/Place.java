package io.millstream.test;

/** A group of a stream. */
record Place(String stream, String group) {
  @Override
  public String toString() {
    return "group '" + group + "' of stream '" + stream + "'";
  }
}
