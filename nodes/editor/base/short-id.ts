/** Beginning and end of a device id, which tell devices of one batch apart: `bf0123…ghij`. Short ids are unchanged. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}
