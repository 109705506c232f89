/**
 * Counts what tuyapi gives up, until `stop`. It rejects on a slow answer, also promises nobody can get hold of: that is a
 * result of its, and not the end of a benchmark.
 */
export function countGiveUps() {
  let count = 0;
  const note = (error) => {
    if (!/[\\/]tuyapi[\\/]/.test(String(error?.stack))) throw error;
    count++;
  };
  process.on("unhandledRejection", note);
  return {
    note,
    get count() {
      return count;
    },
    stop: () => process.off("unhandledRejection", note),
  };
}
