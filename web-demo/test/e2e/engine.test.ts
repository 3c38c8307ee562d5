/**
 * @file The engine in real Chromium against a real relay: founding, joining, two tabs, a tab that dies, reload, no network, wiped
 * storage. Speaks to the client as the screens do.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launch } from '../../scripts/shots.mjs';
import {
  ask,
  confirmJoin,
  filesOf,
  found,
  founder,
  guardianLetter,
  openPage,
  serveEngine,
  startRelay,
  until,
  type Relay,
} from './engine-page';

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
function open(context: BrowserContext): Promise<Page> {
  return openPage(context, site.url);
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

  expect(await confirmJoin(office, slot)).toEqual(digits);
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
  expect(left.sort()).toEqual(['media', 'nestpost', 'pins']);
  expect(await filesOf(page)).toEqual([]);
  await page.reload();
  expect(await ask(page, (client) => client.houses().length, null)).toBe(0);
});

it('opens what the version before pictures had stored, and works on', async () => {
  const page = await open(await device());
  const slot = await found(page);
  const create = (name: string) =>
    ask(page, (client, [on, called]) => client.command(on, 'create_group', { name: called, symbol: 'owl' }), [
      slot,
      name,
    ] as const);
  await create('Igel');
  await until(page, { slot, waiting: 0, link: 'online' });
  // Away from the app, the rows go back into a database as it was then.
  const elsewhere = new URL('/elsewhere', site.url).href;
  await page.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(elsewhere);
  const moved = await page.evaluate(async (name) => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(request.error ?? new Error('refused'));
        };
      });
    const today = await asked(indexedDB.open(name));
    const tables = [...today.objectStoreNames].filter((table) => table !== 'transfer');
    const rows = await Promise.all(
      tables.map(async (table) => {
        const store = today.transaction(table).objectStore(table);
        const [keys, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
        return keys.map((key, at) => ({ table, key, value: values[at] as unknown }));
      }),
    );
    today.close();
    await asked(indexedDB.deleteDatabase(name));
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      for (const table of tables) opening.result.createObjectStore(table);
    };
    const then = await asked(opening);
    for (const { table, key, value } of rows.flat())
      await asked(then.transaction(table, 'readwrite').objectStore(table).put(value, key));
    then.close();
    return rows.flat().length;
  }, `nestpost-${slot}`);
  expect(moved).toBeGreaterThan(0);
  await page.goto(site.url);
  await until(page, { slot, stage: 'member', waiting: 0, link: 'online' });
  await create('Eulen');
  await until(page, { slot, waiting: 0, link: 'online' });
  const groups = await ask(page, (client, on) => client.query(on, 'groups', {}), slot);
  expect(groups.map(({ name }) => name).sort()).toEqual(['Eulen', 'Igel']);
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
