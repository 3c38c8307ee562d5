/**
 * @file The engine in real Chromium against a real relay: founding, joining, two tabs, a tab that dies, reload, no network, wiped
 * storage. Speaks to the client as the screens do.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EngineClient, House, Letter } from '../../src/engine/contract';
import { launch } from '../../scripts/shots.mjs';
import { serveEngine, startRelay, type Relay } from './engine-page';

let browser: Browser;
let relay: Relay;
let site: Awaited<ReturnType<typeof serveEngine>>;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  relay = await startRelay();
  site = await serveEngine(relay);
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await relay.stop();
});
beforeEach(() => {
  contexts = [];
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
});

/** A device of its own. */
async function device(): Promise<BrowserContext> {
  const context = await browser.newContext();
  contexts.push(context);
  return context;
}
async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    console.error(error.message);
  });
  await page.goto(site.url);
  return page;
}
/** Runs `work` in the page, with the client. */
function ask<A, R>(page: Page, work: (client: EngineClient, argument: A) => Promise<R> | R, argument: A): Promise<R> {
  return page.evaluate(
    async ([source, given]) => {
      const run = new Function(`return (${source})`)() as (client: EngineClient, given: unknown) => Promise<unknown>;
      return run(await window.engine, given);
    },
    [work.toString(), argument] as const,
  ) as Promise<R>;
}
/** Waits until the only house of a page is as wanted. */
async function until(page: Page, wanted: Partial<House>): Promise<House> {
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
const founder = { houseName: 'Kita Spatzennest', directorName: 'Sabine Kehl', helpLine: '030 1234', notice: 'Hinweis' };

async function found(page: Page): Promise<string> {
  const { slot, sheet } = await ask(page, (client, args) => client.found(args), founder);
  expect(sheet.code).toMatch(/^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
  await ask(page, (client, on) => client.command(on, 'confirm_sheet_printed', {}), slot);
  return slot;
}
/** Each membership change builds upon the one before, once the relay has admitted that. */
async function guardianLetter(page: Page, slot: string): Promise<Letter> {
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

it('founds, invites, joins, confirms, and a message arrives', async () => {
  const [office, phone] = [await open(await device()), await open(await device())];
  const slot = await found(office);
  const letter = await guardianLetter(office, slot);
  await until(office, { waiting: 0, link: 'online' });

  expect(await ask(phone, (client, code) => client.checkCode(code), letter.code)).toEqual({
    state: 'complete',
  });
  const greeting = await ask(phone, (client, code) => client.openInvite(code), letter.code.toLowerCase());
  expect(greeting).toMatchObject({ houseName: founder.houseName, fingerprint: letter.fingerprint, role: 'guardian' });
  const joined = await ask(phone, (client, code) => client.join(code), letter.code);
  const { digits } = await until(phone, { slot: joined.slot });
  expect(digits).toHaveLength(6);

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
  expect(pending.digits).toEqual(digits);
  await ask(office, (client, [on, join]) => client.command(on, 'confirm_join', { join }), [slot, pending.id] as const);
  await until(phone, { stage: 'member', link: 'online' });

  const sent = await ask(
    phone,
    async (client, on) => {
      const [thread] = await client.query(on, 'threads', {});
      if (!thread) throw new Error('no thread');
      await client.command(on, 'send_message', { thread: thread.id, text: 'Mia kommt später' });
      return thread.id;
    },
    joined.slot,
  );
  const text = await ask(
    office,
    (client, [on, id]) =>
      new Promise<string>((resolve) => {
        const look = () =>
          void client.query(on, 'thread', { id }).then(
            (thread) => {
              if (thread.messages[0]) resolve(thread.messages[0].text);
            },
            () => undefined,
          );
        client.onChanged(look);
        look();
      }),
    [slot, sent] as const,
  );
  expect(text).toBe('Mia kommt später');

  // Used up, and it says so.
  const late = await open(await device());
  const refusal = await ask(
    late,
    (client, code) =>
      client.openInvite(code).then(
        () => 'opened',
        (thrown: { code: string }) => thrown.code,
      ),
    letter.link,
  );
  expect(refusal).toBe('code_used');
});

it('serves a second tab, and goes on in it when the first one is closed', async () => {
  const context = await device();
  const first = await open(context);
  const slot = await found(first);
  const second = await open(context);
  await until(second, { slot, stage: 'member', waiting: 0, link: 'online' });
  const create = (page: Page, name: string) =>
    ask(page, (client, [on, called]) => client.command(on, 'create_group', { name: called, symbol: 'owl' }), [
      slot,
      name,
    ] as const);
  const groupsIn = (page: Page) =>
    ask(page, async (client, on) => (await client.query(on, 'groups', {})).map((group) => group.name), slot);
  await create(second, 'Igel');
  await until(first, { slot, waiting: 0 });
  expect(await groupsIn(first)).toEqual(['Igel']);

  await first.close();
  // The answer comes from the worker of the second tab, which has loaded the house meanwhile.
  expect(await groupsIn(second)).toEqual(['Igel']);
  await until(second, { slot, link: 'online', waiting: 0 });
  await create(second, 'Eulen');
  await until(second, { slot, link: 'online', waiting: 0 });
  expect((await groupsIn(second)).sort()).toEqual(['Eulen', 'Igel']);
});

it('keeps what was written while nothing got through, over a reload, and sends it later', async () => {
  const page = await open(await device());
  const slot = await found(page);
  await until(page, { slot, waiting: 0, link: 'online' });
  relay.pause();
  try {
    const bulletin = { group: null, title: 'Ausflug', body: 'Montag' };
    await ask(page, (client, [on, args]) => client.command(on, 'post_bulletin', args), [slot, bulletin] as const);
    expect((await until(page, { slot })).waiting).toBeGreaterThan(0);
    await page.reload();
    expect((await until(page, { slot })).waiting).toBeGreaterThan(0);
    expect(await bulletinsOf(page, slot)).toEqual([['Ausflug', 'local']]);
  } finally {
    relay.resume();
  }
  await until(page, { slot, link: 'online', waiting: 0 });
  expect(await bulletinsOf(page, slot)).toEqual([['Ausflug', 'relay']]);
});

function bulletinsOf(page: Page, slot: string): Promise<string[][]> {
  return ask(
    page,
    async (client, on) => (await client.query(on, 'bulletins', {})).map((one) => [one.title, one.state]),
    slot,
  );
}

it('forgets a house and keeps nothing of it', async () => {
  const page = await open(await device());
  const slot = await found(page);
  await ask(page, (client, on) => client.forget(on), slot);
  expect(await ask(page, (client) => client.houses().length, null)).toBe(0);
  const left = await page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name));
  expect(left).toEqual(['nestpost']);
  await page.reload();
  expect(await ask(page, (client) => client.houses().length, null)).toBe(0);
});

it('says that there is no storage instead of losing what is written', async () => {
  const context = await device();
  await context.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  const page = await context.newPage();
  // The worker has an `indexedDB` of its own: take it away there too.
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const body = `Object.defineProperty(self, 'indexedDB', { value: { open() { throw new DOMException('', 'SecurityError'); } } });\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await page.goto(site.url);
  const refusal = await page.evaluate(() =>
    window.engine.then(
      () => 'started',
      (thrown: { code: string }) => thrown.code,
    ),
  );
  expect(refusal).toBe('storage_refused');
});
