/** @file A real relay on a free port of the loopback interface, with everything it says in a file. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** More than an operator would ever have it say. */
const logLevel = 'debug';
const startMsMax = 60_000;
const stopMsMax = 20_000;

/**
 * @param {{ binary: string, data: string, log: string, origin: string }} options
 */
export async function startRelay({ binary, data, log, origin }) {
  const ours = Object.entries(process.env).filter(([key]) => !key.startsWith('NESTPOST_'));
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--origin', origin], {
    env: { ...Object.fromEntries(ours), RUST_LOG: logLevel },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the relay did not start')), startMsMax);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const found = /listening on \S+:(\d+)/.exec(line)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found));
    });
  });
  return {
    port,
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
      await new Promise((resolve) => file.end(resolve));
    },
  };
}
