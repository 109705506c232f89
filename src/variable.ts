/**
 * The name in a text that is nothing but `${NAME}` or `$(NAME)`; undefined for any other text. Node-RED replaces such a
 * text by an environment variable when the flow starts, and leaves it as it is if there is none of that name.
 */
export function variableIn(text: string): string | undefined {
  const match = /^\$(?:\{([A-Za-z_]\w*)\}|\(([A-Za-z_]\w*)\))$/.exec(text);
  return match?.[1] ?? match?.[2];
}
