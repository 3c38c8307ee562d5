/**
 * @file What two of the staff erase is nowhere any more: neither in what each browser of the house can reach of its database and its
 * files, nor in any file of the relay. Through the engine's client alone.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from '../../scripts/shots.mjs';
import { makePhotos } from '../../drill/photos.mjs';
import {
  ask,
  confirmJoin,
  found,
  guardianLetter,
  openPage,
  serveEngine,
  startRelay,
  until,
  type Relay,
} from './engine-page';
import { storedBytes } from './stores';

interface Device {
  readonly page: Page;
  readonly slot: string;
}

let browser: Browser;
let relay: Relay;
let site: Awaited<ReturnType<typeof serveEngine>>;
let office: Device;
let colleague: Device;
let phone: Device;

beforeAll(async () => {
  relay = await startRelay();
  site = await serveEngine(relay);
  browser = await launch();
  const desk = await openPage(await browser.newContext(), site.url);
  office = { page: desk, slot: await found(desk) };
  const letter = await guardianLetter(office.page, office.slot);
  phone = await joined(letter.code);
  await settled(office);
  const person = await ask(
    desk,
    async (client, on) => {
      const [group] = await client.query(on, 'groups', {});
      const made = await client.command(on, 'create_staff', {
        name: 'Eva',
        role: 'educator',
        groups: group ? [group.id] : [],
      });
      return made.person;
    },
    office.slot,
  );
  await settled(office);
  const { code } = await ask(
    desk,
    (client, [on, whom]) => client.command(on, 'create_invite', { person: whom, validDays: 14 }),
    [office.slot, person] as const,
  );
  colleague = await joined(code);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await relay?.stop();
});

async function joined(code: string): Promise<Device> {
  await settled(office);
  const page = await openPage(await browser.newContext(), site.url);
  const { slot } = await ask(page, (client, given) => client.join(given), code);
  await confirmJoin(office.page, office.slot);
  await until(page, { stage: 'member', link: 'online' });
  return { page, slot };
}

function settled({ page, slot }: Device): Promise<unknown> {
  return until(page, { slot, waiting: 0, link: 'online' });
}

function filesOfRelay(folder = relay.data): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path, readFileSync(path)] as const),
  );
}

const holding = (all: Map<string, Buffer>, needle: Buffer) =>
  [...all].filter(([, bytes]) => bytes.includes(needle)).map(([key]) => key);

/** Waits until a thread shows these words and so many pictures; the ids of all that. */
function untilThread(
  { page, slot }: Device,
  thread: string,
  texts: readonly string[],
  pictures: number,
): Promise<readonly string[]> {
  return ask(
    page,
    (client, [on, id, words, count]) =>
      new Promise<readonly string[]>((resolve) => {
        const look = () =>
          void client.query(on, 'thread', { id }).then(({ messages }) => {
            const shown = messages.flatMap((message) => message.media.pictures);
            const said = messages.map(({ text }) => text).filter((text) => text !== '');
            if (said.join('\n') === words.join('\n') && shown.length === count && shown.every((one) => !one.transfer))
              resolve([...messages.filter(({ text }) => text !== ''), ...shown].map((one) => one.id));
          });
        client.onChanged(look);
        look();
      }),
    [slot, thread, texts, pictures] as const,
  );
}

const say = ({ page, slot }: Device, thread: string, text: string) =>
  ask(page, (client, [on, id, words]) => client.command(on, 'send_message', { thread: id, text: words }), [
    slot,
    thread,
    text,
  ] as const);

it('keeps neither a message nor a picture that two of the staff erased, anywhere', async () => {
  const everybody = [office, colleague, phone];
  const thread = await ask(
    phone.page,
    async (client, on) => (await client.query(on, 'threads', {}))[0]?.id ?? '',
    phone.slot,
  );
  await settled(phone);
  const before = await storedBytes(phone.page);
  await say(phone, thread, 'Kanarienvogel');
  await settled(phone);
  const fresh = [...(await storedBytes(phone.page))].filter(
    ([key, bytes]) => key.includes('/record/') && !before.get(key)?.equals(bytes),
  );
  expect(fresh.length).toBe(1);
  const record = fresh[0]?.[1] ?? Buffer.alloc(0);
  const sealed = record.subarray(record.length / 2, record.length / 2 + 32);

  await say(phone, thread, 'Bleibt');
  const [photo] = makePhotos(1, { width: 640, height: 480 });
  if (!photo) throw new Error('no photo');
  await ask(
    phone.page,
    async (client, [on, to, base64]) => {
      const set = client.newSet();
      const file = new File([Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0))], 'IMG_1.jpg');
      await client.addMedia(on, { thread: to }, set, [{ file, kind: 'picture', alt: '' }]);
      await client.command(on, 'send_message', { thread: to, text: '', set });
    },
    [phone.slot, thread, photo.bytes.toString('base64')] as const,
  );
  let ids: readonly string[] = [];
  for (const device of everybody) {
    ids = await untilThread(device, thread, ['Kanarienvogel', 'Bleibt'], 1);
    const picture = ids[2] ?? '';
    await ask(device.page, async (client, [on, item]) => (await client.picture(on, item, 'full')).size, [
      device.slot,
      picture,
    ] as const);
    await settled(device);
  }
  // The largest file of the relay that is no table is the picture.
  const blobs = [...filesOfRelay()].filter(
    ([path, bytes]) => !path.includes('sqlite') && bytes.includes('age-encryption'),
  );
  const [, blob = Buffer.alloc(0)] = blobs.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  const shown = blob.subarray(blob.length / 2, blob.length / 2 + 32);
  for (const needle of [sealed, shown]) {
    expect(needle.length).toBe(32);
    expect(holding(filesOfRelay(), needle)).not.toEqual([]);
    for (const device of everybody) expect(holding(await storedBytes(device.page), needle)).not.toEqual([]);
  }

  for (const device of [office, colleague]) {
    for (const item of [ids[0] ?? '', ids[2] ?? ''])
      await ask(device.page, (client, [on, id]) => client.command(on, 'erase_item', { item: id }), [
        device.slot,
        item,
      ] as const);
    await settled(device);
    if (device === colleague) continue;
    await ask(
      colleague.page,
      (client, on) =>
        new Promise<void>((resolve) => {
          const look = () =>
            void client.query(on, 'erasures', {}).then(({ wished }) => {
              if (wished.length === 2) resolve();
            });
          client.onChanged(look);
          look();
        }),
      colleague.slot,
    );
  }
  for (const device of everybody) {
    await untilThread(device, thread, ['Bleibt'], 0);
    for (const needle of [sealed, shown])
      await expect.poll(async () => holding(await storedBytes(device.page), needle), { timeout: 30_000 }).toEqual([]);
    await device.page.reload();
    await settled(device);
    await untilThread(device, thread, ['Bleibt'], 0);
    for (const needle of [sealed, shown]) expect(holding(await storedBytes(device.page), needle)).toEqual([]);
  }
  // The file of a picture goes within the hour: tests/it/pictures/erased.rs waits for that.
  await expect.poll(() => holding(filesOfRelay(), sealed), { timeout: 30_000 }).toEqual([]);
}, 240_000);
