/**
 * @file What has not arrived: a parent sees each of it, why it is stuck, tries it again, and keeps it in a file that needs no app.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';

/** Pauses between attempts grow to half a minute. */
const backMsMax = 60_000;

let family: Family;

beforeAll(async () => {
  family = await openFamily();
}, 240_000);
afterAll(() => closeFamily(family));

const entries = () => family.maria.page.getByTestId('unsent');

it('lists what waits, whole, and lets it be kept as a file', async () => {
  const { house, maria } = family;
  await house.kill();
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say('Carla wird heute von Oma abgeholt.');
  await maria.goTo('Heute');
  await maria.press(/^Krank melden/);
  await maria.press('Senden');
  await maria.page.getByTestId('sick-sheet').waitFor({ state: 'detached' });
  await maria.badge.click();
  await entries().nth(1).waitFor();
  const [message, note] = await entries().allInnerTexts();
  expect(message).toMatch(/^Nachricht · im Gespräch mit Carla Kind/);
  expect(message).toContain('Carla wird heute von Oma abgeholt.');
  expect(note).toMatch(/^Krank/);

  const coming = maria.page.waitForEvent('download');
  await maria.press('Als Datei speichern');
  const file = readFileSync(await (await coming).path(), 'utf8');
  expect(file).toContain('Kita Spatzennest');
  expect(file).toMatch(new RegExp(`^Nachricht, .*${child}`, 'm'));
  expect(file).toContain('Carla wird heute von Oma abgeholt.');
  expect(file).toMatch(/^Krank: /m);
});

it('says that the relay does not take it, also after a new start, and sends it at once when it is tried again', async () => {
  const { house, maria, dora } = family;
  await house.start({ settings: 'house_quota_bytes = 1' });
  await maria.page.reload();
  await maria.goTo('Heute');
  const alarm = maria.page.locator('[data-testid="alarm"][data-code="quota_full"]');
  await alarm.getByRole('button', { name: 'Ansehen' }).click({ timeout: backMsMax });
  await entries().nth(1).waitFor();

  await house.kill();
  await house.start();
  await maria.press('Jetzt noch einmal versuchen');
  await maria.page.getByRole('heading', { name: 'Alles ist angekommen' }).waitFor({ timeout: backMsMax });
  expect(await entries().count()).toBe(0);
  await dora.goTo('Nachrichten');
  await dora.page.getByTestId('thread-row').first().click();
  const said = dora.page.getByTestId('thread').getByText('Carla wird heute von Oma abgeholt.');
  await said.first().waitFor({ timeout: backMsMax });
  expect(await said.count()).toBe(1);
});

it('keeps what was written where one may not write any more, and says so', async () => {
  const { maria, dora } = family;
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.setOffline(true);
  await maria.say('Das kommt zu spät.');
  await dora.openChild(child);
  await dora.press('Rechte und Zugang: Maria Mutter');
  await dora.press('Rechte von Maria Mutter ändern');
  const sheet = dora.page.getByTestId('relation-sheet');
  await sheet.getByRole('checkbox', { name: /Recht auf Auskunft/ }).uncheck();
  await dora.press('So festlegen');
  await sheet.waitFor({ state: 'detached' });
  await dora.settled();
  await maria.setOffline(false);
  await maria.badge.click();
  const stuck = maria.page.locator('[data-testid="unsent"][data-stuck="no_access"]');
  await stuck.getByText('Das kommt zu spät.').waitFor({ timeout: backMsMax });
  await stuck.getByText('Hier können Sie nicht mehr schreiben. Es bleibt auf diesem Gerät.').waitFor();
  const coming = maria.page.waitForEvent('download');
  await maria.press('Als Datei speichern');
  expect(readFileSync(await (await coming).path(), 'utf8')).toContain('Das kommt zu spät.');
});
