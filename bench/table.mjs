/** The cells of a table with these rows, its heading first, as text. */
export function tableOf(rows) {
  const columns = Object.keys(rows[0]);
  return [columns, ...rows.map((row) => columns.map((column) => textOf(row[column])))];
}

function textOf(value) {
  if (typeof value !== "number") return value;
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(2);
}
