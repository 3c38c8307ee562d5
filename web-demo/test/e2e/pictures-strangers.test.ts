/**
 * @file Pictures and those whom they are not for: another family of the same group, another house on the same relay, somebody with no
 * house at all. By hand-made requests with passes of their own they get the same answer, to the byte, as for a picture that never was. And
 * a relay that hands out one picture for another is not believed.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePhotos } from '../../drill/photos.mjs';
import { Person, desk, phone } from './people';
import {
  Album,
  ask,
  blobsPutBy,
  child,
  close,
  closeNest,
  full,
  letIn,
  open,
  openNest,
  seePictures,
  sent,
  show,
  thumbs,
  ticketOf,
  tiles,
  which,
  type Nest,
} from './pictures';
import * as wire from './wire';

let nest: Nest;
/** Mother of another child of the same group. */
let olga: Person;
/** Director of another house on the same relay. */
let nora: Person;
const album = new Album();
const photos = makePhotos(3, { first: 300, width: 800, height: 600 });
/** Of Carla's family alone: small and large by turns. */
let blobs: readonly string[];
const never = createHash('sha256').update('never').digest('hex');

beforeAll(async () => {
  nest = await openNest();
  const { dora, maria, house } = nest;
  await dora.createChild('Otto Junge', ['Olga Mama']);
  const letter = await dora.printLetterOf('Otto Junge', 'Olga Mama');
  olga = await Person.arriveRecorded(house, phone);
  await letIn(dora, olga, 'Olga Mama', letter);
  await show(dora, album.put(photos), { child });
  await sent(dora);
  blobs = blobsPutBy(dora);
  await seePictures(maria, photos.length);
  await thumbs(maria);
  // Somebody gets a pass by having a picture of their own on its way.
  nora = await Person.arriveRecorded(house, desk);
  await nora.found('Kita Nebenan', 'Nora Nachbarin');
  await nora.createGroup('Frösche');
  await show(nora, album.put(makePhotos(1, { first: 310, width: 320, height: 240 })));
  await sent(nora);
  await show(dora, album.put(makePhotos(1, { first: 311, width: 320, height: 240 })), { group: 'Igel' });
  await seePictures(olga, 1);
  await thumbs(olga);
}, 240_000);
afterAll(async () => {
  await Promise.all([olga, nora].map((person) => person?.leave()));
  await closeNest(nest);
  album.close();
});

const head = (answer: string): string => answer.slice(0, answer.indexOf('\r\n'));
/** A reservation of one part in a circle. */
const reservation = (circle: Buffer): Buffer =>
  wire.encode(wire.struct({ 0: circle, 1: wire.struct({ 0: 4, 1: [wire.sha256('part')] }) }));

it('has something to hide: whoever may, gets it', async () => {
  expect(blobs).toHaveLength(2 * photos.length);
  for (const id of blobs)
    expect(head(await ask(nest.house, { method: 'GET', path: `/blob/${id}`, ticket: ticketOf(nest.maria) }))).toBe(
      'HTTP/1.1 200 OK',
    );
});

it('answers another family, another house and a stranger as if there were no such picture', async () => {
  const { house, maria } = nest;
  const forged = ticketOf(maria).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const asked = [ticketOf(olga), ticketOf(nora), forged, 'AAAA', ''].flatMap((ticket) =>
    [...blobs, never].flatMap((id) => [
      { method: 'GET', path: `/blob/${id}`, ticket },
      { method: 'PUT', path: `/blob/${id}/0`, ticket },
      { method: 'PUT', path: `/blob/${id}/99`, ticket },
    ]),
  );
  const answers = new Set(await Promise.all(asked.map((one) => ask(house, one, Buffer.from('part')))));
  expect(answers.size).toBe(1);
  const [answer = ''] = answers;
  expect(answer).toMatch(/^HTTP\/1\.1 404 [^]*\r\n\r\nnot found$/);
  expect(answer).not.toMatch(new RegExp(blobs.join('|')));
});

it('lets nobody reserve room in a circle that is not theirs, nor tell it from one that is nowhere', async () => {
  const { house, maria } = nest;
  const circles = await circlesOf(maria);
  expect(circles.length).toBeGreaterThan(2);
  for (const ticket of [ticketOf(nora), '']) {
    const asked = [...circles, Buffer.alloc(16, 7)].map((circle) =>
      ask(house, { method: 'POST', path: '/blob', ticket }, reservation(circle)),
    );
    const answers = new Set(await Promise.all(asked));
    expect([...answers].map(head)).toEqual(['HTTP/1.1 404 Not Found']);
  }
});

it.each([
  '/blob/',
  '/blob/..',
  '/blob/../relay.key',
  '/blob/..%2f..%2frelay.key',
  '/blob/%2e%2e/relay.key',
  '/blob/.',
  '/blob/ABCDEF',
  `/blob/${'ab'.repeat(32)}/../0`,
  `/blob/${'ab'.repeat(33)}`,
])('knows no picture by the name %s', async (path) => {
  const { house, maria } = nest;
  const unknown = await ask(house, { method: 'GET', path: `/blob/${never}`, ticket: ticketOf(maria) });
  expect(await ask(house, { method: 'GET', path, ticket: ticketOf(maria) })).toBe(unknown);
});

it('shows a family its own pictures and no other', async () => {
  await olga.goTo('Bilder');
  expect(await tiles(olga).count()).toBe(1);
});

it('does not show what a relay hands out in the place of a picture', async () => {
  const { maria, house } = nest;
  const size = async (id: string) => {
    const answer = await ask(house, { method: 'GET', path: `/blob/${id}`, ticket: ticketOf(maria) });
    return Number(/content-length: (\d+)/i.exec(answer)?.[1]);
  };
  const sizes = await Promise.all(blobs.map(async (id) => ({ id, bytes: await size(id) })));
  // The large ones do not lie here yet: nobody has looked at them.
  const large = sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, photos.length);
  const swapped = new Map(large.map(({ id }, index) => [id, large[(index + 1) % large.length]!.id]));
  maria.lie((chunk) =>
    Buffer.from(
      chunk.toString('latin1').replace(/(?<=GET \/blob\/)[0-9a-f]{64}/g, (id) => swapped.get(id) ?? id),
      'latin1',
    ),
  );
  await maria.page.reload();
  await seePictures(maria, photos.length + 1);
  const seen = (await thumbs(maria)).map((jpeg) => which(photos, jpeg));
  const index = seen.indexOf(0);
  const viewer = await open(maria, index);
  await viewer.getByText('Das Bild ließ sich nicht laden.').waitFor({ timeout: 60_000 });
  // There is still the small one, and nothing else.
  await close(maria);
  maria.lie((chunk) => chunk);
  expect(which(photos, await full(maria, index))).toBe(0);
});

/** Every circle that somebody was sent records of. */
async function circlesOf(person: Person): Promise<readonly Buffer[]> {
  const pages = wire.messages(person.traffic().received, wire.fromRelay.records).map(wire.fields);
  const ids = new Set(pages.map((page) => wire.bytes(page.get(0)).toString('hex')));
  return [...ids].map((id) => Buffer.from(id, 'hex'));
}
