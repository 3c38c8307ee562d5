/** @file A real relay and a page with nothing but the engine's client, on free ports of the loopback interface. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env['NESTPOST_BIN'] ?? join(root, '../target/debug/nestpost');

export interface Relay {
  readonly origin: string;
  /** It holds its connections and says nothing, like a network that has died. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export async function startRelay(): Promise<Relay> {
  const data = mkdtempSync(join(tmpdir(), 'relay-'));
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the relay ended with ${code}`));
    });
    createInterface(child.stdout).on('line', (line) => {
      const address = /listening on (\S+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
  return {
    origin,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Serves `test/engine.html` with the relay behind `/ws`: one origin, as in a house. */
export async function serveEngine(relay: Relay): Promise<{ readonly url: string; close(): Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'engine-'));
  const shared = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' } as const;
  await build({
    ...shared,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(root, 'test/engine.html') } },
  });
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1', proxy: { '/ws': { target: relay.origin, ws: true } } },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  return {
    url: `http://127.0.0.1:${address.port}/test/engine.html`,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
