/**
 * @file What a parent sees when the other end is not what it should be: nonsense, a newer age, a full quota, a full disk, a relay
 * that does not know the house. Each has its calm sentence, and what was written meanwhile arrives afterwards.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { FakeRelay, opcode, webSocketFrame, type Nonsense } from './fake-relay';
import { closeFamily, openFamily, type Family } from './family';
import { wake } from './pictures';
import { frame, fromRelay, struct } from './wire';

/** Pauses between attempts grow to half a minute. */
const backMsMax = 60_000;
/** One message on the WebSocket, in bytes, as `docs/protocol.md` has it. */
const messageBytesMax = 1 << 20;

let family: Family;
let fake: FakeRelay | undefined;
const written: string[] = [];

beforeAll(async () => {
  family = await openFamily();
}, 240_000);
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});
afterAll(() => closeFamily(family));

const alarm = (code: string) => family.maria.page.locator(`[data-testid="alarm"][data-code="${code}"]`);

/** Maria writes, whatever the line is like. */
async function write(text: string): Promise<void> {
  const { maria } = family;
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say(text);
  await maria.page.getByTestId('message').filter({ hasText: text }).waitFor();
  written.push(text);
}

async function says(code: string, sentence: RegExp): Promise<void> {
  await family.maria.goTo('Heute');
  await alarm(code).waitFor({ timeout: backMsMax });
  expect(await alarm(code).innerText()).toMatch(sentence);
}

/** A good relay is there: everything written arrives, and nothing is left to be said. */
async function arrives(code: string): Promise<void> {
  const { maria, dora } = family;
  await Promise.all([maria, dora].map(wake));
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await maria.goTo('Heute');
  await alarm(code).waitFor({ state: 'detached' });
  await dora.goTo('Nachrichten');
  await dora.page.getByTestId('thread-row').first().click();
  for (const text of written) await dora.page.getByTestId('thread').getByText(text, { exact: true }).first().waitFor();
}

/** Bytes without sense, the same in every run. */
const noise = (length: number): Buffer => createHash('shake256', { outputLength: length }).update('noise').digest();
const binary =
  (payload: Buffer): Nonsense =>
  (socket) =>
    socket.write(webSocketFrame(opcode.binary, payload));
const challenge = (versions: { min: number; max: number }) =>
  frame(fromRelay.challenge, struct({ 0: noise(32), 1: struct({ 0: versions.min, 1: versions.max }), 2: noise(32) }));

it('takes nonsense of every kind calmly, also over a reload', async () => {
  const { house, maria } = family;
  const good = challenge({ min: 1, max: 1 });
  const nonsense: readonly Nonsense[] = [
    binary(noise(300)),
    binary(Buffer.alloc(0)),
    // Cut off in the middle of a message.
    binary(good.subarray(0, 20)),
    // In the middle of a WebSocket frame, and gone.
    (socket) => socket.end(webSocketFrame(opcode.binary, good).subarray(0, 20)),
    // Well-formed, and of the wrong kind at this moment.
    binary(frame(fromRelay.synced, struct({ 0: [] }))),
    // Well-formed, and no message at all.
    binary(frame(77, struct({ 0: 'hello' }))),
    binary(Buffer.concat([good, Buffer.alloc(messageBytesMax)])),
    (socket) => socket.write(webSocketFrame(opcode.text, Buffer.from('hello'))),
    // Not even a WebSocket frame.
    (socket) => socket.write(noise(100)),
  ];
  await house.kill();
  fake = await FakeRelay.at(house.port, nonsense);
  await write('Carla bringt heute Kuchen mit.');
  await says('relay_garbage', /Verbindung zur Kita ist gestört.*auf diesem Gerät sicher/);
  await maria.page.reload();
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  // All of it was said; waking makes the pauses shorter.
  await expect
    .poll(
      async () => {
        await wake(maria);
        return fake?.connected;
      },
      { timeout: backMsMax },
    )
    .toBeGreaterThan(nonsense.length);
  await says('relay_garbage', /gestört/);
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  await fake.close();
  await house.start();
  await arrives('relay_garbage');
});

it('says that it is too old, lets its person read and write, and sends once it is not any more', async () => {
  const { house, maria } = family;
  await house.kill();
  fake = await FakeRelay.at(house.port, [binary(challenge({ min: 2, max: 3 }))]);
  await maria.page.getByRole('heading', { name: 'Diese App ist zu alt' }).waitFor({ timeout: backMsMax });
  await maria.page.getByText('ist auf diesem Gerät sicher und wird nach dem Aktualisieren geschickt').waitFor();
  await maria.press('Nur lesen');
  await write('Carla wird heute früher abgeholt.');
  await maria.badge.waitFor();
  await says('app_outdated', /zu alt, um zu senden.*auf diesem Gerät sicher/);
  await maria.page.reload();
  await maria.page.getByRole('heading', { name: 'Diese App ist zu alt' }).waitFor({ timeout: backMsMax });
  await fake.close();
  await house.start();
  await wake(maria);
  await maria.page
    .getByRole('heading', { name: 'Diese App ist zu alt' })
    .waitFor({ state: 'detached', timeout: backMsMax });
  await arrives('app_outdated');
});

it('keeps what does not fit the house’s quota', async () => {
  const { house, maria } = family;
  await house.kill();
  await house.start({ settings: 'house_quota_bytes = 1' });
  await write('Carla hat neue Gummistiefel.');
  await says('quota_full', /kein Platz.*auf diesem Gerät sicher.*Leitung Bescheid/);
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  await house.kill();
  await house.start();
  await arrives('quota_full');
});

it('keeps what does not fit the relay’s disk', async () => {
  const { house, maria } = family;
  const messagesMax = 40;
  await house.kill();
  // Below its present size: the database cannot grow by a single page.
  await house.start({ settings: 'database_pages_max = 1' });
  await maria.goTo('Heute');
  await maria.page.getByTestId('offline-line').waitFor({ state: 'detached', timeout: backMsMax });
  for (let count = 1; (await maria.badge.count()) === 0; count++) {
    expect(count).toBeLessThan(messagesMax);
    await write(`Nachricht ${count}`);
    await maria.goTo('Heute');
    const [stuck, gone] = [alarm('quota_full').waitFor(), maria.badge.waitFor({ state: 'detached' })];
    await Promise.race([stuck, gone]);
    for (const losing of [stuck, gone]) losing.catch(() => undefined);
  }
  await says('quota_full', /auf diesem Gerät sicher/);
  await house.kill();
  await house.start();
  await arrives('quota_full');
});

it('does not end a membership because a relay does not know the house', async () => {
  const { house, maria } = family;
  const aside = mkdtempSync(join(tmpdir(), 'aside-'));
  const isDatabase = (name: string) => name.startsWith('nestpost.sqlite');
  const move = (from: string, to: string) => {
    for (const name of readdirSync(to).filter(isDatabase)) rmSync(join(to, name));
    for (const name of readdirSync(from).filter(isDatabase)) renameSync(join(from, name), join(to, name));
  };
  await house.stop();
  // The operator has started it without its data: everybody who asks is a stranger.
  move(house.data, aside);
  await house.start();
  await write('Carla freut sich auf morgen.');
  await says('house_unknown', /nicht zu finden.*auf diesem Gerät sicher/);
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  await house.stop();
  move(aside, house.data);
  rmSync(aside, { recursive: true });
  await house.start();
  await arrives('house_unknown');
});
