/**
 * The name in a text that is nothing but `${NAME}` or `$(NAME)`; undefined for any other text. Node-RED replaces such a
 * text by an environment variable when the flow starts, and leaves it as it is if there is none of that name. Variables of
 * flows, groups and subflows may have any name; here it consists of letters of any language, digits, "_", "-" and ".".
 */
export function variableIn(text: string): string | undefined {
  const match = /^\$(?:\{([\p{L}\p{M}\p{N}_.-]+)\}|\(([\p{L}\p{M}\p{N}_.-]+)\))$/u.exec(text);
  return match?.[1] ?? match?.[2];
}
