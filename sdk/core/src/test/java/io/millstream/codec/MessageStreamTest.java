package io.millstream.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.SlotHash;
import io.millstream.entry.Fields;
import io.millstream.testing.ClassLoaderWithout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageStreamTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void refusesABlankName(String name) {
    assertThatThrownBy(() -> MessageStream.string(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stream name: '" + name + "', expected a key, not blank");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "a{}b", "a{", "a}", "a}b", "}a{", "{a}{b}", "{{a}}", "{a}b}", "{a"})
  void refusesBracesThatAreNotOneHashTag(String name) {
    assertThatThrownBy(() -> MessageStream.json(name, String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "stream name: '" + name + "', expected no braces but those of one hash tag {tag}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "order:events", "{a}", "orders:{eu}", "{eu}:orders"})
  void takesNamesWithNoBracesOrOneHashTag(String name) {
    assertThat(MessageStream.bytes(name).name()).isEqualTo(name);
  }

  @Test
  void putsDeadLettersIntoTheHashSlotOfTheStream() {
    assertThat(MessageStream.string("order:events").deadLetterKey("order-workers"))
        .isEqualTo("{order:events}:order-workers:dlq");
    assertThat(MessageStream.string("orders:{eu}").deadLetterKey("billing"))
        .isEqualTo("orders:{eu}:billing:dlq");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "order:events", "{a}", "orders:{eu}", "{eu}:orders", "a{b}c"})
  void whateverTheGroupIsCalledItsKeysShareTheHashSlotOfTheStream(String name) {
    MessageStream<byte[]> stream = MessageStream.bytes(name);
    for (String group : List.of("g", "}g{", "{g}", "a:b", "%")) {
      assertThat(SlotHash.getSlot(stream.deadLetterKey(group)))
          .isEqualTo(SlotHash.getSlot(stream.nudgeChannel(group)))
          .isEqualTo(SlotHash.getSlot(name));
    }
  }

  @Test
  void escapesWhatWouldMakeTheDeadLetterKeyAmbiguous() {
    MessageStream<String> stream = MessageStream.string("{s}");

    assertThat(stream.deadLetterKey("a:b%{c}")).isEqualTo("{s}:a%3Ab%25%7Bc%7D:dlq");
    assertThat(stream.deadLetterKey("a:b")).isNotEqualTo(stream.deadLetterKey("a%3Ab"));
  }

  @Test
  void refusesABlankGroupName() {
    assertThatThrownBy(() -> MessageStream.string("s").deadLetterKey(""))
        .hasMessage("group: '', expected a name, not blank");
  }

  @Test
  void readsDeadLettersWithTheSameCodec() {
    MessageStream<String> stream = MessageStream.string("s");

    MessageStream<String> deadLetters = stream.deadLetters("a{b}");

    assertThat(deadLetters.name()).isEqualTo("{s}:a%7Bb%7D:dlq");
    assertThat(deadLetters.codec().decode(Fields.of("payload", "x"))).isEqualTo("x");
  }

  @Test
  void worksWithoutJacksonUntilJacksonIsAskedFor() throws Exception {
    Class<?> type =
        new ClassLoaderWithout("tools.jackson.", "com.fasterxml.jackson.")
            .loadClass(MessageStream.class.getName());
    assertThat(type.getClassLoader()).isInstanceOf(ClassLoaderWithout.class);

    assertThat(type.getMethod("string", String.class).invoke(null, "s")).isNotNull();
    for (String factory : new String[] {"json", "fieldMap"}) {
      Method method = type.getMethod(factory, String.class, Class.class);
      assertThatThrownBy(() -> method.invoke(null, "s", String.class))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "MessageStream."
                  + factory
                  + ": tools.jackson.core:jackson-databind (Jackson 3) is missing on the class"
                  + " path");
    }
  }
}
