/**
 * @file What people wait for, in headless Chromium at a real relay: `NESTPOST_BIN=… npm run figures [-- RUNS]`. A table, and on the
 * last line the same as JSON; progress goes to standard error. Times are of this machine, on the loopback interface.
 */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const runsDefault = 5;

const [given = String(runsDefault), ...more] = process.argv.slice(2);
const runs = Number(given);
if (more.length > 0 || !Number.isInteger(runs) || runs < 1 || !process.env.NESTPOST_BIN) {
  console.error('usage: NESTPOST_BIN=PATH npm run figures [-- RUNS]');
  console.error('PATH: a relay of a release build, with the app in it. NESTPOST_CHROMIUM names another Chromium.');
  process.exit(2);
}

// What else the machine had to do just before.
const load = Math.round(loadavg()[0] * 10) / 10;
const { measure } = (await runnerImport(fileURLToPath(new URL('../test/figures/measure.ts', import.meta.url)))).module;
const { chromium, figures } = await measure(runs, (step) => console.error(`     ${step}`));

const round = (value) => Math.round(value * 10) / 10;
function spread({ name, unit, values }) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  return { name, unit, median: round(middle), min: round(sorted[0]), max: round(sorted.at(-1)), runs: values.length };
}
const rows = figures.map(spread);

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
console.log(`Chromium ${chromium}, headless, ${machine}, load before ${load}`);
console.log(`${'figure'.padEnd(32)}${['median', 'min', 'max', 'runs'].map((head) => head.padStart(12)).join('')}`);
for (const { name, unit, median, min, max, runs: count } of rows)
  console.log(
    `${`${name} (${unit})`.padEnd(32)}${[median, min, max, count].map((n) => String(n).padStart(12)).join('')}`,
  );
console.log(JSON.stringify({ chromium, machine, load, figures: rows }));
