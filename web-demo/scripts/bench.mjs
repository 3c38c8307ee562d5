/**
 * @file What `cargo xtask bench` measures in headless Chromium: `NESTPOST_BIN=… npm run bench -- LOGS RUNS`. The figures as JSON on
 * standard output; progress goes to standard error.
 */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [logs, given, ...more] = process.argv.slice(2);
const runs = Number(given);
if (!logs || more.length > 0 || !Number.isInteger(runs) || runs < 1 || !process.env.NESTPOST_BIN) {
  console.error('usage: NESTPOST_BIN=PATH npm run bench -- LOGS RUNS');
  process.exit(2);
}
const { measure } = (await runnerImport(fileURLToPath(new URL('../test/bench/measure.ts', import.meta.url)))).module;
console.log(JSON.stringify(await measure(logs, runs, (step) => console.error(`     ${step}`))));
