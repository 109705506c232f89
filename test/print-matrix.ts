import { playMatrix, tableOf } from "./support/command-matrix";

/*
 * npm run matrix: what a flow is told of a command, against what the device did. The table of docs/reliability.md.
 */
void playMatrix().then((rows) => {
  console.log(tableOf(rows));
  console.log(`\n${rows.flat().length} commands at ${rows.length} points of failure`);
});
