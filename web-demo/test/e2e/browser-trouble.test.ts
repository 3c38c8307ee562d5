/**
 * @file What a parent sees when the browser is in the way: a second window, a window that is frozen, storage that is refused or
 * full. Nothing that was written is lost.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeFamily, openFamily, type Family } from './family';
import { Person, phone } from './people';

/** A frozen window is told from a slow one within this. */
const silentMsMax = 40_000;

let family: Family;

beforeAll(async () => {
  family = await openFamily();
}, 240_000);
afterAll(() => closeFamily(family));

const thread = (page: Person['page']) => page.getByTestId('thread');
const composer = (page: Person['page']) => page.getByRole('textbox', { name: 'Nachricht', exact: true });

async function openThread(page: Person['page']): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Bereiche' })
    .getByRole('link', { name: /^Nachrichten/ })
    .click();
  await page.getByTestId('thread-row').first().click();
  await thread(page).waitFor();
}

it('works in two windows at once, and goes on in one when the other is closed', async () => {
  const { maria } = family;
  await openThread(maria.page);
  const second = await maria.page.context().newPage();
  await second.goto(maria.origin);
  await openThread(second);
  await composer(second).fill('Aus dem zweiten Fenster.');
  await second.getByRole('button', { name: 'Senden' }).click();
  await thread(maria.page).getByText('Aus dem zweiten Fenster.').waitFor();

  // The window that runs the engine goes, with a text half written in the other.
  await composer(second).fill('Halb geschrieben');
  await maria.page.close();
  maria.page = second;
  expect(await composer(second).inputValue()).toBe('Halb geschrieben');
  await second.getByRole('button', { name: 'Senden' }).click();
  await thread(second).getByText('Halb geschrieben').waitFor();
  await maria.badge.waitFor({ state: 'detached', timeout: silentMsMax });
});

it('says so when another window is in the way, and goes on when that is closed', async () => {
  const { maria, house } = family;
  await maria.killBrowser();
  await maria.openBrowser('/healthz');
  // A window that the browser has frozen: it holds what the engine needs and answers nobody.
  const frozen = maria.page;
  await frozen.evaluate(
    () =>
      new Promise<void>((held) => {
        void navigator.locks.request('nestpost', () => {
          held();
          return new Promise(() => undefined);
        });
      }),
  );
  maria.page = await frozen.context().newPage();
  await maria.page.clock.install();
  await maria.page.goto(house.origin);
  await maria.page.clock.fastForward(silentMsMax);
  await maria.page.getByRole('heading', { name: 'Nestpost ist schon offen' }).waitFor({ timeout: silentMsMax });
  await maria.page.getByText(/Schließen Sie das andere Fenster.*Nichts ist verloren/).waitFor();
  await frozen.close();
  await maria.press('Hier weitermachen');
  await openThread(maria.page);
  await thread(maria.page).getByText('Halb geschrieben').waitFor();
});

/** Whether the browser refuses to store any more. For up to half a minute it goes by the room that it found before. */
async function isFull(): Promise<boolean> {
  const opening = indexedDB.open('probe');
  opening.onupgradeneeded = () => opening.result.createObjectStore('probe');
  return new Promise((resolve) => {
    opening.onerror = () => resolve(true);
    opening.onsuccess = () => {
      const writing = opening.result.transaction('probe', 'readwrite');
      writing.objectStore('probe').put(1, 1);
      const done = (full: boolean) => {
        opening.result.close();
        resolve(full);
      };
      writing.oncomplete = () => done(false);
      writing.onabort = () => done(true);
    };
  });
}

it('keeps a text that the device has no room for, and takes it once there is room', async () => {
  const { maria, dora, house } = family;
  await openThread(maria.page);
  const devtools = await maria.page.context().newCDPSession(maria.page);
  const setRoom = (bytes?: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', {
      origin: house.origin,
      ...(bytes === undefined ? {} : { quotaSize: bytes }),
    });
  await setRoom(1);
  await expect.poll(() => maria.page.evaluate(isFull), { timeout: 60_000 }).toBe(true);
  await composer(maria.page).fill('Passt nicht mehr.');
  await maria.page.getByRole('button', { name: 'Senden' }).click();
  const error = maria.page.getByTestId('error');
  await error.getByText(/Speicher dieses Geräts ist voll.*Was Sie eingegeben haben, ist noch da/).waitFor();
  expect(await composer(maria.page).inputValue()).toBe('Passt nicht mehr.');
  await setRoom();
  await maria.page.getByRole('button', { name: 'Senden' }).click();
  await maria.badge.waitFor({ state: 'detached' });
  await openThread(dora.page);
  await thread(dora.page).getByText('Passt nicht mehr.').first().waitFor();
  // Once, not once per attempt: what was not stored was never written.
  expect(await thread(dora.page).getByText('Passt nicht mehr.').count()).toBe(1);
  expect(await thread(maria.page).getByText('Passt nicht mehr.').count()).toBe(1);
});

it('says that the browser may keep nothing here, before anything can be lost', async () => {
  const stranger = await Person.arriveWithoutStorage(family.house, phone);
  try {
    await stranger.page.getByRole('heading', { name: 'Nestpost startet hier nicht' }).waitFor();
    await stranger.page.getByText(/darf auf dieser Seite nichts behalten.*erlauben Sie das Speichern/).waitFor();
  } finally {
    await stranger.leave();
  }
});
