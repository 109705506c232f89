/** What the dialog shows below a source, and what its button does with it. */
export interface Preview {
  readonly element: JQuery;
  /** The text of the button; undefined = nothing is chosen. */
  action(): string | undefined;
  /** Does it. Where it takes a while and fails, nothing was done; the message of the error says why. */
  apply(): Applied | Promise<Applied>;
}

export interface Applied {
  /** What to tell the user; "" = nothing. */
  readonly says: string;
  /** What remains to be done once the dialog is closed. */
  readonly afterwards?: () => void;
}

/** A list of sentences, marked as things to look at. */
export function sentences(texts: readonly string[]): JQuery {
  const list = $('<ul class="tuya-import-sentences">');
  for (const text of texts) {
    $("<li>")
      .append('<i class="fa fa-exclamation-triangle" aria-hidden="true">')
      .append($("<span>").text(text))
      .appendTo(list);
  }
  return list.toggle(texts.length > 0);
}
