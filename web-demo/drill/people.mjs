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
  await keepShown(context);
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
  const link = (to, which = '') => page.locator(`nav a[href="#/${to}"]${which}:visible`).last();
  // On a phone, notices share a place with the messages.
  if (place === 'bulletins' && page.viewportSize().width === phone.width) await link('messages').click();
  await link(place).click();
  await link(place, '[aria-current="page"]').waitFor();
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
  await button(page, 'Gedruckt oder abgeschrieben').click();
  await page.getByRole('textbox').fill(code.trim().slice(-4));
  await button(page, 'Bestätigen').click();
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

/** `attached`: paths of files. */
export async function post(person, audience, title, body, attached = []) {
  const { page } = person;
  await goTo(person, 'bulletins');
  await button(page, 'Aushang schreiben').click();
  const choice = dialog(page).getByRole('radio');
  await choice.nth(audience === 'house' ? 0 : 1).check();
  await dialog(page).getByLabel('Überschrift').fill(title);
  await dialog(page).getByLabel('Text', { exact: true }).fill(body);
  if (attached.length > 0)
    await dialog(page)
      .getByTestId('attach')
      .setInputFiles([...attached]);
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

/* ---------- pictures ---------- */

/** Remembers what pages show: the content security policy lets none of them fetch an address of its own. */
async function keepShown(context) {
  await context.addInitScript(() => {
    const blobs = new Map();
    globalThis.shownBlobs = blobs;
    const create = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (source) => {
      const address = create(source);
      blobs.set(address, source);
      return address;
    };
  });
}

/** The bytes behind an address of the page's own. */
async function bytesAt(page, address) {
  const text = await page.evaluate(async (wanted) => {
    const reader = new FileReader();
    reader.readAsDataURL(globalThis.shownBlobs.get(wanted));
    await new Promise((resolve) => reader.addEventListener('load', resolve));
    return reader.result.slice(reader.result.indexOf(',') + 1);
  }, address);
  return Buffer.from(text, 'base64');
}
const bytesOf = async (image) => bytesAt(image.page(), await image.evaluate((element) => element.src));

/**
 * Shows pictures to the only group, and waits until the relay has them.
 * @returns {Promise<string[]>} names of those that the app set aside, each with a reason
 */
export async function showPictures({ page }, paths) {
  const patienceMs = stepMsMax + 5_000 * paths.length;
  await goTo({ page }, 'pictures');
  await button(page, 'Bilder zeigen').click();
  const sheet = page.getByTestId('choose-sheet');
  await sheet.getByTestId('choose-files').setInputFiles([...paths]);
  await sheet.getByRole('button', { name: /Bild(?:er)? zeigen$/ }).click();
  const done = button(sheet, 'Fertig');
  await Promise.race([
    done.waitFor({ timeout: patienceMs }),
    sheet.waitFor({ state: 'detached', timeout: patienceMs }),
  ]);
  const atOnce = await reasons(sheet.getByTestId('refused').getByRole('listitem'));
  if (await done.isVisible()) await done.click();
  await sheet.waitFor({ state: 'detached' });
  await page.getByTestId('waiting-badge').waitFor({ state: 'detached', timeout: patienceMs });
  // What turned out to be none while it was prepared.
  const line = page.getByTestId('sending-line');
  if (!(await line.isVisible())) return atOnce;
  await line.click();
  const rows = page.locator('[data-testid="transfer"][data-stage="failed"]');
  await rows.first().waitFor();
  return [...atOnce, ...(await reasons(rows))];
}

/** The name stands first, the reason last. */
async function reasons(rows) {
  const texts = await rows.allInnerTexts();
  return texts.map((text) => {
    const [name, ...why] = text.split('\n').filter((line) => line.trim() !== '');
    if (why.length === 0) throw new Error('a picture is set aside without a reason');
    return name;
  });
}

/** All pictures there are, in order: small and large, as this browser has them. */
export async function picturesSeen({ page }, count) {
  await goTo({ page }, 'pictures');
  const tiles = page.getByTestId('picture');
  if (count > 0) await tiles.nth(count - 1).waitFor({ timeout: seenMsMax });
  const seen = [];
  for (const tile of await tiles.all()) {
    await tile.scrollIntoViewIfNeeded();
    await tile.locator('[data-testid="thumb"][data-shown="true"]').waitFor();
    const thumb = await bytesOf(tile.locator('img'));
    await tile.click();
    const viewer = page.getByTestId('viewer');
    await viewer.and(page.locator('[data-state="here"]')).waitFor();
    const full = await bytesOf(viewer.locator('.pswp__item[aria-hidden="false"] img').last());
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    seen.push({ thumb, full });
  }
  return seen;
}

/** The bytes of the only attachment among the notices. */
export async function attachmentSeen({ page }) {
  await goTo({ page }, 'bulletins');
  const opened = page.context().waitForEvent('page');
  await page
    .getByTestId('file')
    .getByRole('button', { name: /Öffnen/ })
    .click();
  const window = await opened;
  const bytes = await bytesAt(page, window.url());
  await window.close();
  return bytes;
}

/**
 * How far two pictures are apart, 0 to 255 on average, each made small after it was turned as it says; Infinity: of another shape.
 * Looked at in a page without the app.
 */
export async function difference(page, one, other) {
  return page.evaluate(
    async (texts) => {
      const side = 64;
      const pictures = await Promise.all(
        texts.map(async (text) => {
          const blob = await (await fetch(`data:image/jpeg;base64,${text}`)).blob();
          const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
          const context = new OffscreenCanvas(side, side).getContext('2d');
          context.imageSmoothingQuality = 'high';
          context.drawImage(bitmap, 0, 0, side, side);
          return { shape: bitmap.width / bitmap.height, data: context.getImageData(0, 0, side, side).data };
        }),
      );
      const [a, b] = pictures;
      if (Math.abs(a.shape / b.shape - 1) > 0.02) return Infinity;
      return a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]), 0) / a.data.length;
    },
    [one, other].map((bytes) => bytes.toString('base64')),
  );
}
