/** @file What people do in the app, each in a browser of their own. Nothing here names a canary: what fails is named by its step. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserFlags } from '../scripts/shots.mjs';

const stepMsMax = 90_000;
const seenMsMax = 120_000;
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/** A browser with a fresh folder. */
export async function startPerson(name, { executablePath, profiles, origin }) {
  const context = await chromium.launchPersistentContext(join(profiles, name), {
    executablePath,
    args: browserFlags,
    viewport: name === 'parent' ? phone : desk,
    locale: 'de-DE',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(stepMsMax);
  const page = context.pages()[0] ?? (await context.newPage());
  return { name, page, origin, close: () => context.close() };
}

const button = (scope, name) => scope.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = (page) => page.locator('dialog[open]');
const dialogGone = (page) => dialog(page).waitFor({ state: 'detached' });
/** Nothing is left that only this device has. */
const settled = (page) => page.getByTestId('waiting-badge').waitFor({ state: 'detached' });

/** Presses a dialog's verb until the dialog closes: where the app says "try again", people do. */
async function finish(page, verb) {
  const presses = 6;
  for (let press = 1; ; press++) {
    await button(dialog(page), verb).click();
    const error = dialog(page).getByTestId('error');
    const refused = error.waitFor().then(
      () => true,
      () => false,
    );
    const closed = dialogGone(page).then(() => false);
    if (!(await Promise.race([closed, refused]))) break;
    if (press === presses) throw new Error(`"${verb}" was refused ${presses} times`);
    console.error(`     "${verb}" was refused; once more`);
    closed.catch(() => undefined);
    await settled(page);
  }
  await settled(page);
}

export async function goTo({ page }, place) {
  const link = page.locator(`nav a[href="#/${place}"]`);
  await link.click();
  await page.locator(`nav a[href="#/${place}"][aria-current="page"]`).waitFor();
}

/** Founds the house and returns the code of its recovery sheet. */
export async function found({ page, origin }, { house, director, helpLine, notice }) {
  await page.goto(origin);
  await button(page, /Eine Kita einrichten/).click();
  await page.getByLabel('Name der Kita').fill(house);
  await page.getByLabel('Ihr Name').fill(director);
  await page.getByLabel('Hilfe bei Fragen').fill(helpLine);
  if (notice) await page.getByLabel('Datenschutzhinweis').fill(notice);
  await button(page, 'Kita einrichten').click();
  const code = await page.getByTestId('sheet-code').innerText();
  await page.getByRole('checkbox').check();
  await button(page, 'Weiter').click();
  await button(page, 'Ohne zweite Leitung öffnen').click();
  await page.locator('nav').waitFor();
  await settled(page);
  return code.trim();
}

async function tab(director, name) {
  await goTo(director, 'people');
  await director.page.getByRole('group', { name: 'Ansicht' }).getByRole('button', { name, exact: true }).click();
}

export async function createGroup(director, name) {
  const { page } = director;
  await tab(director, 'Gruppen');
  await button(page, 'Gruppe anlegen').click();
  await dialog(page).getByLabel('Name der Gruppe').fill(name);
  await finish(page, 'Anlegen');
}

/** A child and its guardian; returns the guardian's letter. */
export async function createFamily(director, child, guardian) {
  const { page } = director;
  await tab(director, 'Kinder');
  await button(page, 'Kind anlegen').click();
  await dialog(page).getByLabel('Name des Kindes').fill(child);
  await finish(page, 'Anlegen');
  await button(page, 'Elternteil anlegen').click();
  await dialog(page).getByLabel('Name des Elternteils').fill(guardian);
  await finish(page, 'Anlegen');
  return printLetter(page);
}

/** An educator of the only group; returns the letter. */
export async function createEducator(director, name) {
  const { page } = director;
  await tab(director, 'Team');
  await button(page, 'Person im Team anlegen').click();
  await dialog(page).getByLabel('Name', { exact: true }).fill(name);
  await dialog(page).getByRole('checkbox').first().check();
  await finish(page, 'Anlegen');
  return printLetter(page);
}

async function printLetter(page) {
  await page
    .getByTestId('person')
    .getByRole('button', { name: /^Brief drucken/ })
    .click();
  const letter = page.getByTestId('letter');
  const link = await letter.getAttribute('data-link');
  const code = (await page.getByTestId('letter-code').innerText()).trim();
  await button(page, 'Fertig').click();
  await letter.waitFor({ state: 'detached' });
  return { link, code };
}

/** Opens the letter, by its link or by typing its code, and stops at the greeting. */
export async function openLetter({ page, origin }, { link, code }, how) {
  if (how === 'link') {
    await page.goto(link);
  } else {
    await page.goto(origin);
    await button(page, /Ich habe einen Brief bekommen/).click();
    await page.getByTestId('code-input').fill(code);
    await button(page, 'Weiter').click();
  }
  await page.getByTestId('greeting-house').waitFor();
}

const digitsIn = (scope) => scope.getByTestId('digits-group').allInnerTexts();

/** From the greeting to membership: the digits are compared, as at the door. */
export async function joinHouse(person, director) {
  await button(person.page, 'Beitreten').click();
  await person.page.getByTestId('digits').waitFor();
  await goTo(director, 'today');
  await button(director.page.getByTestId('pending-join'), 'Zahlen vergleichen').click();
  const [here, there] = [await digitsIn(person.page), await digitsIn(dialog(director.page))];
  if (here.length !== 6 || here.join() !== there.join()) throw new Error('the digits differ');
  await finish(director.page, 'Bestätigen');
  await person.page.getByTestId('joined').getByRole('button').click();
  await person.page.locator('nav').waitFor();
}

export async function openThread(person) {
  await goTo(person, 'messages');
  await person.page.getByTestId('thread-row').first().click();
  await person.page.getByTestId('thread').getByRole('log').waitFor();
}

/** Into the thread that is open. */
export async function say({ page }, text) {
  const thread = page.getByTestId('thread');
  const field = thread.getByRole('textbox');
  const before = await page.getByTestId('message').count();
  await field.fill(text);
  await button(thread, 'Senden').click();
  await page.getByTestId('message').nth(before).waitFor();
}

export async function post(person, audience, title, body) {
  const { page } = person;
  await goTo(person, 'bulletins');
  await button(page, 'Aushang schreiben').click();
  const choice = dialog(page).getByRole('radio');
  await choice.nth(audience === 'house' ? 0 : 1).check();
  await dialog(page).getByLabel('Überschrift').fill(title);
  await dialog(page).getByLabel('Text', { exact: true }).fill(body);
  await finish(page, 'Aushängen');
}

export async function reportSick(parent, note) {
  const { page } = parent;
  await goTo(parent, 'today');
  await button(page.getByTestId('child-card'), /^Krank melden/).click();
  await dialog(page)
    .getByLabel(/Was sollen wir wissen/)
    .fill(note);
  await finish(page, 'Senden');
}

/**
 * Which of the texts stand in the page, at the latest when patience ends.
 * @returns {Promise<number[]>} places in `texts`
 */
export function textsSeen({ page }, texts) {
  return page.evaluate(
    ([wanted, patienceMs]) =>
      new Promise((resolve) => {
        const plain = (text) => text.normalize('NFC').replaceAll(/\s+/gu, ' ');
        const needles = wanted.map(plain);
        const seen = () => {
          const text = plain(document.querySelector('main')?.textContent ?? '');
          return needles.flatMap((needle, place) => (text.includes(needle) ? [place] : []));
        };
        const finish = (places) => {
          observer.disconnect();
          clearTimeout(timer);
          resolve(places);
        };
        const look = () => {
          const places = seen();
          if (places.length === needles.length) finish(places);
        };
        const observer = new MutationObserver(look);
        const timer = setTimeout(() => finish(seen()), patienceMs);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    [texts, seenMsMax],
  );
}
