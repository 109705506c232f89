/**
 * Makes the buttons of a list one stop for the tab key; arrow keys, Home and End move within. Buttons must be made with a
 * `tabindex` of -1; the one that had the focus last gets 0. Call the returned function when the buttons have changed, so
 * that one of them is the stop again.
 */
export function roveButtons(rows: JQuery): () => void {
  const buttons = (): JQuery => rows.find("button");
  rows.on("focusin", "button", (event) => {
    buttons().attr("tabindex", -1);
    $(event.currentTarget as HTMLElement).attr("tabindex", 0);
  });
  rows.on("keydown", (event: JQuery.KeyDownEvent) => {
    const all = buttons();
    const at = all.index(event.target.closest("button"));
    const target = {
      ArrowDown: Math.min(at + 1, all.length - 1),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    all.eq(target).trigger("focus");
  });
  return () => {
    const all = buttons();
    if (all.filter('[tabindex="0"]').length === 0) all.first().attr("tabindex", 0);
  };
}
