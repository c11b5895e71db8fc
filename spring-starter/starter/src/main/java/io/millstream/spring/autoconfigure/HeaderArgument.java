package io.millstream.spring.autoconfigure;

import io.millstream.codec.DecodeException;
import io.millstream.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.ValueConstants;

/**
 * One header.
 *
 * @param name its name
 * @param type what it is converted to
 * @param required whether a message without it is not decodable
 * @param otherwise the text that stands in for it
 */
record HeaderArgument(
    String name, TypeDescriptor type, boolean required, @Nullable String otherwise)
    implements Argument {
  private static final ConversionService CONVERSION =
      ApplicationConversionService.getSharedInstance();
  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

  /**
   * What the annotation asks for.
   *
   * @throws IllegalArgumentException if that cannot be
   */
  static HeaderArgument of(Header header, MethodParameter parameter) {
    int at = parameter.getParameterIndex() + 1;
    String name = header.name().isEmpty() ? parameter.getParameterName() : header.name();
    if (name == null) {
      throw new IllegalArgumentException("the @Header of parameter " + at + " has no name");
    }
    TypeDescriptor type = new TypeDescriptor(parameter);
    if (!CONVERSION.canConvert(TEXT, type)) {
      throw new IllegalArgumentException(
          "parameter " + at + " (" + type.getName() + ") cannot be made of a header's text");
    }
    boolean stands = !header.defaultValue().equals(ValueConstants.DEFAULT_NONE);
    if (!header.required() && !stands && parameter.getParameterType().isPrimitive()) {
      throw new IllegalArgumentException(
          "the header of parameter " + at + " may be missing, and its type has no null");
    }
    return new HeaderArgument(
        name, type, header.required() && !stands, stands ? header.defaultValue() : null);
  }

  @Override
  public @Nullable Object of(List<? extends Message<?>> messages) {
    String text = messages.get(0).headers().get(name);
    if (text == null) {
      text = otherwise;
    }
    if (text == null) {
      if (required) {
        throw new DecodeException("header '" + name + "': missing");
      }
      return null;
    }
    try {
      return CONVERSION.convert(text, TEXT, type);
    } catch (ConversionException e) {
      // without its cause, which quotes the value
      throw new DecodeException("header '" + name + "': not of type " + type.getName());
    }
  }
}
