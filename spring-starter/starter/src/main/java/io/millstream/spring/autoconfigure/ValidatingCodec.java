package io.millstream.spring.autoconfigure;

import io.millstream.codec.Codec;
import io.millstream.codec.DecodeException;
import io.millstream.entry.Fields;
import java.util.stream.Collectors;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.Validator;

/**
 * Reads only what is valid: another delivery would not change the payload, so it becomes a dead
 * letter at once.
 *
 * @param codec reads and writes
 * @param validator is asked about what was read
 */
record ValidatingCodec<T>(Codec<T> codec, Validator validator) implements Codec<T> {
  @Override
  public Fields encode(T payload) {
    return codec.encode(payload);
  }

  @Override
  public T decode(Fields fields) {
    T payload = codec.decode(fields);
    Errors errors = new BeanPropertyBindingResult(payload, "payload");
    validator.validate(payload, errors);
    if (errors.hasErrors()) {
      throw new DecodeException(
          "not valid: "
              + errors.getAllErrors().stream()
                  .map(ValidatingCodec::name)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return payload;
  }

  /** Neither the value nor the message, which may quote it. */
  private static String name(ObjectError error) {
    String what = error instanceof FieldError field ? field.getField() : error.getObjectName();
    return what + " (" + error.getCode() + ")";
  }
}
