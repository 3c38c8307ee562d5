/** @file What the core's benchmarks leave to a browser: a long log, and somebody who joins a house of many circles. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { StoredDevice } from '../bench';
import { ask, confirmJoin, found, launchProfile, openPage, serveEngine, startRelay, until } from '../e2e/engine-page';

/** Milliseconds, a value per run. */
export interface Figure {
  readonly name: string;
  readonly ms: readonly number[];
}

/** Team, parents and group each. */
const groups = 8;

export async function measure(logs: string, runs: number, progress: (step: string) => void): Promise<Figure[]> {
  const { devices } = JSON.parse(readFileSync(logs, 'utf8')) as {
    devices: Record<'staff' | 'parent', StoredDevice>;
  };
  progress('logs');
  const [staff, parent] = await onPage('bench', async (page) => [
    await openings(page, devices.staff, runs),
    await openings(page, devices.parent, runs),
  ]);
  return [
    { name: 'log_cold_browser', ms: staff ?? [] },
    { name: 'log_cold_parent_browser', ms: parent ?? [] },
    { name: 'join_24_circles_browser', ms: await joins(runs, progress) },
  ];
}

async function openings(page: Page, device: StoredDevice, runs: number): Promise<number[]> {
  const values: number[] = [];
  // The first one loads and compiles the module.
  for (let run = 0; run <= runs; run++) values.push(await page.evaluate((given) => window.openEngine(given), device));
  return values.slice(1);
}

/** From the code typed in to the house standing open, without the people who compare digits: somebody of eight groups. */
async function joins(runs: number, progress: (step: string) => void): Promise<number[]> {
  return onPage('engine', async (office, arrive) => {
    const slot = await found(office);
    const settled = () => until(office, { slot, waiting: 0, link: 'online' });
    const ids: string[] = [];
    for (let group = 0; group < groups; group++) {
      await settled();
      const made = await ask(
        office,
        (client, [on, name]) => client.command(on, 'create_group', { name, symbol: 'fox' }),
        [slot, `Gruppe ${group + 1}`] as const,
      );
      ids.push(made.id);
    }
    const values: number[] = [];
    for (let run = 1; run <= runs; run++) {
      progress(`join ${run}`);
      await settled();
      const made = await ask(
        office,
        (client, [on, name, all]) => client.command(on, 'create_staff', { name, role: 'educator', groups: all }),
        [slot, `Erik ${run}`, ids] as const,
      );
      await settled();
      const letter = await ask(
        office,
        (client, [on, person]) => client.command(on, 'create_invite', { person, validDays: 14 }),
        [slot, made.person] as const,
      );
      await settled();
      const phone = await arrive();
      // The module is there, as on a phone that shows the letter's house.
      await ask(phone, (client, code) => client.openInvite(code), letter.code);
      const started = performance.now();
      const joined = await ask(phone, (client, code) => client.join(code), letter.code);
      await confirmJoin(office, slot);
      await until(phone, { slot: joined.slot, stage: 'member', link: 'online' });
      values.push(performance.now() - started);
      await phone.close();
    }
    return values;
  });
}

/** A page of `test/` at a relay of its own; more of them, each in a browser of its own, with `arrive`. */
async function onPage<R>(name: string, work: (page: Page, arrive: () => Promise<Page>) => Promise<R>): Promise<R> {
  const relay = await startRelay();
  const served = await serveEngine(relay, name);
  const folders: string[] = [];
  const open: (() => Promise<void>)[] = [];
  const arrive = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'profile-'));
    folders.push(folder);
    const context = await launchProfile(folder);
    open.push(() => context.close());
    return openPage(context, served.url);
  };
  try {
    return await work(await arrive(), arrive);
  } finally {
    for (const close of open) await close();
    await served.close();
    await relay.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}
