package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.message.BatchOutcomes;
import io.millstream.message.Headers;
import io.millstream.message.Message;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import reactor.core.publisher.Mono;

/** Which methods may be listeners, and what is said of the others. */
class SignatureTest {
  /** The name of each method says, with spaces, what is said of it. */
  @SuppressWarnings("unused")
  static class Wrong<V> {
    static void it_is_static(String payload) {}

    void no_parameter_takes_the_payload(Headers headers) {}

    void no_parameter_takes_the_payload() {}

    void it_takes_two_payloads(String one, String other) {}

    void it_takes_two_payloads(List<String> one, List<String> other) {}

    void is_neither_the_Payload_nor_a_header(@Payload String one, String other) {}

    void its_parameters_disagree(Message<String> one, Integer other) {}

    void does_not_say_which_type(Message<?> message) {}

    @SuppressWarnings("rawtypes")
    void does_not_say_which_type(List list) {}

    void does_not_say_which_type(V payload) {}

    void it_has_other_parameters_beside_the_List(List<String> list, Headers headers) {}

    void cannot_be_made_of_a_header(String payload, @Header("x") Map<String, Thread> header) {}

    void may_be_missing(String payload, @Header(name = "x", required = false) int header) {}

    void has_an_expression(@Payload("a.b") String payload) {}

    String it_returns_java_lang_String(String payload) {
      return payload;
    }

    BatchOutcomes it_returns(String payload) {
      return BatchOutcomes.ackAll();
    }

    int it_returns_int(String payload) {
      return 0;
    }
  }

  static Stream<Method> wrong() {
    return Arrays.stream(Wrong.class.getDeclaredMethods()).filter(method -> !method.isSynthetic());
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aWrongSignatureIsRefusedWithItsBeanItsMethodAndWhatIsAllowed(Method method) {
    String said = method.getName().replace("Payload", "@Payload").replace('_', ' ');
    assertThatThrownBy(() -> Signature.of("the-bean", Wrong.class, method))
        .isInstanceOfSatisfying(
            MisconfiguredException.class,
            e -> {
              assertThat(e.description().replace("java.lang.String", "java lang String"))
                  .contains(said, "bean 'the-bean'");
              assertThat(e.description()).contains(method.toGenericString());
              assertThat(e.action()).contains("Message<T>", "BatchOutcomes");
            });
  }

  abstract static class Base<T> {
    abstract Mono<Void> handle(Message<T> message);
  }

  static class Concrete extends Base<Optional<String>> {
    @Override
    Mono<Void> handle(Message<Optional<String>> message) {
      return Mono.empty();
    }
  }

  @Test
  void theTypeArgumentOfABaseClassIsFound() throws Exception {
    Method method = Base.class.getDeclaredMethod("handle", Message.class);

    Signature signature = Signature.of("b", Concrete.class, method);

    assertThat(signature.payload().getTypeName()).isEqualTo("java.util.Optional<java.lang.String>");
  }
}
