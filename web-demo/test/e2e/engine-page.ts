/** @file A real relay and a page with nothing but the engine's client, on free ports of the loopback interface. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { contentSecurityPolicy } from '../../scripts/shots.mjs';
import { expect } from 'vitest';
import type { EngineClient, House, Letter } from '../../src/engine/contract';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env['NESTPOST_BIN'] ?? join(root, '../target/debug/nestpost');

export interface Relay {
  readonly origin: string;
  /** Its folder. */
  readonly data: string;
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
    data,
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

/** Serves a page of `test/` with the relay behind `/ws` and `/blob`: one origin, as in a house. */
export async function serveEngine(
  relay: Relay,
  name = 'engine',
): Promise<{
  readonly url: string;
  /** Changes a script for whoever loads it until it is undone; a worker's worker asks past every route of the test's. */
  patch(name: RegExp, change: (script: string) => string): () => void;
  close(): Promise<void>;
}> {
  const outDir = mkdtempSync(join(tmpdir(), 'engine-'));
  const shared = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' } as const;
  await build({
    ...shared,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(root, `test/${name}.html`) } },
  });
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: {
      port: 0,
      host: '127.0.0.1',
      // What the relay sends with the app: workers of workers are subject to it too.
      headers: {
        'content-security-policy': contentSecurityPolicy(),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
      proxy: { '/ws': { target: relay.origin, ws: true }, '/blob': { target: relay.origin } },
    },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  return {
    url: `http://127.0.0.1:${address.port}/test/${name}.html`,
    patch(name, change) {
      const assets = join(outDir, 'assets');
      const files = readdirSync(assets).filter((file) => name.test(file));
      const [file] = files;
      if (file === undefined || files.length > 1) throw new Error(`${files.length} scripts of this name`);
      const path = join(assets, file);
      const script = readFileSync(path, 'utf8');
      writeFileSync(path, change(script));
      return () => {
        writeFileSync(path, script);
      };
    },
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** A browser with a profile on disk, which outlives it. */
export function launchProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: process.env['NESTPOST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

export async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    console.error(error.message);
  });
  await page.goto(url);
  return page;
}

/** Runs `work` in the page, with the client. */
export function ask<A, R>(
  page: Page,
  work: (client: EngineClient, argument: A) => Promise<R> | R,
  argument: A,
): Promise<R> {
  return page.evaluate(
    async ([source, given]) => {
      const run = new Function(`return (${source})`)() as (client: EngineClient, given: unknown) => Promise<unknown>;
      return run(await window.engine, given);
    },
    [work.toString(), argument] as const,
  ) as Promise<R>;
}
/** Waits until the only house of a page is as wanted. */
export async function until(page: Page, wanted: Partial<House>): Promise<House> {
  return ask(
    page,
    (client, part) =>
      new Promise<House>((resolve) => {
        const look = (houses: readonly House[]) => {
          const house = houses.find((one) =>
            Object.entries(part).every(([name, value]) => one[name as keyof House] === value),
          );
          if (house) resolve(house);
        };
        client.onHouses(look);
        look(client.houses());
      }),
    wanted,
  );
}
export const founder = {
  houseName: 'Kita Spatzennest',
  directorName: 'Sabine Kehl',
  helpLine: '030 1234',
  notice: 'Hinweis',
};

export async function found(page: Page): Promise<string> {
  const { slot, sheet } = await ask(page, (client, args) => client.found(args), founder);
  expect(sheet.code).toMatch(/^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
  await ask(page, (client, on) => client.command(on, 'confirm_sheet_printed', {}), slot);
  return slot;
}
/** Each membership change builds upon the one before, once the relay has admitted that. */
export async function guardianLetter(page: Page, slot: string): Promise<Letter> {
  const settled = () => until(page, { slot, waiting: 0, link: 'online' });
  await settled();
  const group = await ask(
    page,
    (client, on) => client.command(on, 'create_group', { name: 'Füchse', symbol: 'fox' }),
    slot,
  );
  await settled();
  const child = await ask(page, (client, [on, id]) => client.command(on, 'create_child', { name: 'Mia', group: id }), [
    slot,
    group.id,
  ] as const);
  await settled();
  const guardian = await ask(
    page,
    (client, [on, id]) => client.command(on, 'create_guardian', { name: 'Katrin', child: id }),
    [slot, child.id] as const,
  );
  await settled();
  return ask(page, (client, [on, person]) => client.command(on, 'create_invite', { person, validDays: 14 }), [
    slot,
    guardian.person,
  ] as const);
}

/** Waits for somebody at the door and lets them in; the digits to compare. */
export async function confirmJoin(office: Page, slot: string): Promise<readonly string[]> {
  const pending = await ask(
    office,
    (client, on) =>
      new Promise<{ id: string; digits: readonly string[] }>((resolve) => {
        const look = () =>
          void client.query(on, 'pending_joins', {}).then(([join]) => {
            if (join) resolve({ id: join.id, digits: join.digits });
          });
        client.onChanged(look);
        look();
      }),
    slot,
  );
  await ask(office, (client, [on, join]) => client.command(on, 'confirm_join', { join }), [slot, pending.id] as const);
  return pending.digits;
}

/** Every file that this origin keeps for itself, without the slot's name. */
export function filesOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const [name, handle] of folder.entries())
        if (handle.kind === 'file') found.push(`${path}${name}`);
        else found.push(...(await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`)));
      return found;
    };
    return (await walk(await navigator.storage.getDirectory(), '')).map((path) => path.split('/').slice(1).join('/'));
  });
}
