/**
 * @file Every screen over sample data in real Chromium: accessible (axe) in both languages, nothing wider than the window at 200 % text,
 * reachable by keyboard, letters as they are printed, and the few promises that belong to the page alone.
 */
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attach, choose, enlarge, launch, openPicture, screens, serveGallery } from '../../scripts/shots.mjs';

let browser: Browser;
let gallery: Awaited<ReturnType<typeof serveGallery>>;

/** On a machine that builds something else at the same time. */
const setUpMsMax = 300_000;

beforeAll(async () => {
  gallery = await serveGallery();
  browser = await launch();
}, setUpMsMax);
afterAll(async () => {
  await browser.close();
  await gallery.server.close();
});

const phone = {
  viewport: { width: 390, height: 844 },
  locale: 'de-DE',
  reducedMotion: 'reduce',
} satisfies BrowserContextOptions;
const tablet = { width: 1180, height: 820 };
const desk = { ...phone, viewport: { width: 1440, height: 900 } } satisfies BrowserContextOptions;

/** One context per kind of device: the screens share what the browser has cached. */
const contexts = new Map<BrowserContextOptions, Promise<BrowserContext>>();

async function visit<R>(
  options: BrowserContextOptions,
  scene: string,
  place: string,
  work: (page: Page) => Promise<R>,
): Promise<R> {
  const context = contexts.get(options) ?? browser.newContext(options);
  contexts.set(options, context);
  const page = await (await context).newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?(Types|HTML|ScriptURL)/i.test(message.text())) refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(error.message));
  try {
    page.setDefaultTimeout(60_000);
    await page.goto(`${gallery.origin}/test/gallery.html?scene=${scene}${place ? `#/${place}` : ''}`);
    await page.getByRole('main').waitFor();
    const result = await work(page);
    // Nothing that the relay's policy would refuse.
    expect(refused).toEqual([]);
    return result;
  } finally {
    await page.close();
  }
}

interface Finding {
  readonly rule: string;
  readonly targets: readonly string[];
}

async function findings(page: Page): Promise<readonly Finding[]> {
  // Nothing moves any more: axe measures colours.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  return results.violations.map((violation) => ({
    rule: violation.id,
    targets: violation.nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  }));
}

/** What reaches beyond the right edge of the window, if the page scrolls sideways at all. */
async function beyondTheEdge(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const scrolling = [document.documentElement, ...document.querySelectorAll('dialog[open]')].filter(
      (node) => node.scrollWidth > node.clientWidth + 1,
    );
    return scrolling.flatMap((place) => {
      const edge = place.getBoundingClientRect().left + place.clientWidth + 1;
      return [...place.querySelectorAll('*')]
        .filter((node) => node.getBoundingClientRect().right > edge)
        .map((node) => `${node.tagName}.${node.getAttribute('class') ?? ''}`)
        .slice(0, 5);
    });
  });
}

async function speak(page: Page, language: 'de' | 'en'): Promise<void> {
  await page.evaluate((detail) => window.dispatchEvent(new CustomEvent('speak', { detail })), language);
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
}

/** In percent. */
const doubled = 200;

const phoneLight: BrowserContextOptions = { ...phone, colorScheme: 'light' };

describe.concurrent('every screen', () => {
  it.each(screens.map(([name, scene, place, steps]) => ({ name, scene, place, steps })))(
    '$name has no barrier and fits the window: a phone, with text at 200 %; a tablet, in English; a desk, dark, in both languages',
    async ({ scene, place, steps }) => {
      await visit(phoneLight, scene, place, async (page) => {
        for (const step of steps) await step(page);
        expect(await findings(page)).toEqual([]);
        expect(await beyondTheEdge(page)).toEqual([]);
        // At a desk, larger text makes the window smaller in its own measure: that is the phone's layout.
        await page.evaluate(enlarge, doubled);
        expect(await beyondTheEdge(page)).toEqual([]);
        await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
        // The same page in another language, on a tablet and at a desk: no step has to be taken again.
        await speak(page, 'en');
        expect(await beyondTheEdge(page)).toEqual([]);
        await page.setViewportSize(tablet);
        expect(await beyondTheEdge(page)).toEqual([]);
        await page.setViewportSize(desk.viewport);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
        // Every language, theme and layout of a screen is searched for barriers, though not each with each: that takes most of the time.
        expect(await findings(page)).toEqual([]);
        expect(await beyondTheEdge(page)).toEqual([]);
        await speak(page, 'de');
        expect(await beyondTheEdge(page)).toEqual([]);
      });
    },
  );
});

describe('the page', () => {
  it('reports a child sick in two taps', async () => {
    await visit(phone, 'parent-well', 'today', async (page) => {
      await page.getByRole('button', { name: /Krank melden: Emma/ }).click();
      await page.getByRole('button', { name: 'Senden' }).click();
      const card = page.getByTestId('child-card').filter({ hasText: 'Emma' });
      await expect.poll(() => card.getAttribute('data-status')).toBe('sick');
      expect(await card.getByTestId('item-state').getAttribute('data-state')).toBe('local');
    });
  });

  it('offers nothing to write in a house that was dissolved', async () => {
    await visit(phone, 'dissolved', 'today', async (page) => {
      await page.getByTestId('child-card').first().waitFor();
      expect(await page.getByRole('button', { name: /Krank melden|Zurücknehmen/ }).count()).toBe(0);
      await page.getByRole('link', { name: /^Nachrichten/ }).click();
      await page.getByTestId('thread-row').first().click();
      await page.getByTestId('thread-ended').getByText('Diese Kita ist aufgelöst').waitFor();
      expect(await page.getByRole('textbox').count()).toBe(0);
    });
  });

  it('offers a director nothing to decide in a house that was dissolved', async () => {
    const deciding =
      /anlegen|aufnehmen|Brief|Ändern|Verschieben|wechsel|verlässt|beenden|schützen|verloren|auflösen|übergeben|hinzufügen|entfernen/i;
    const decisions = async (page: Page) => {
      const main = page.getByRole('main');
      await main.getByRole('heading', { level: 1 }).first().waitFor();
      const all = await main.locator('button:not(.doors button), summary').allInnerTexts();
      return all.filter((text) => deciding.test(text));
    };
    await visit(desk, 'director-dissolved', 'people', async (page) => {
      const press = (name: string | RegExp) => page.getByRole('main').getByRole('button', { name }).first().click();
      const shown = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
      for (const [steps, title] of [
        [[/Emma Brandt/], 'Emma Brandt'],
        [[/Rechte und Zugang: /], 'Katrin Brandt'],
        [['Team', /Murat Aydın/], 'Murat Aydın'],
        [['Gruppen', /Igel/], 'Igel'],
      ] as const) {
        for (const step of steps) await press(step);
        await shown(title);
        expect(await decisions(page), title).toEqual([]);
      }
    });
    await visit(desk, 'director-dissolved', 'more', async (page) => {
      expect(await page.getByRole('button', { name: 'Angaben der Kita ändern' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Leitung' }).click();
      await page.getByTestId('directors').waitFor();
      expect(await decisions(page)).toEqual([]);
    });
    await visit(desk, 'director-quiet', 'people', async (page) => {
      await page.getByRole('button', { name: 'Kind anlegen' }).waitFor();
      expect(await decisions(page)).toEqual(['Briefe drucken', 'Kind anlegen']);
    });
  });

  it('does not say that nothing waits while another head waits for an answer', async () => {
    const nothing = (page: Page) => page.getByText('Nichts wartet auf Sie').count();
    await visit(phone, 'director-two', 'today', async (page) => {
      await page.getByTestId('proposal').first().waitFor();
      expect(await nothing(page)).toBe(0);
    });
    await visit(phone, 'director-quiet', 'today', async (page) => {
      await page.getByTestId('group-card').first().waitFor();
      expect(await nothing(page)).toBe(1);
    });
  });

  it('takes an invitation out of the address at once', async () => {
    const context = await browser.newContext(phone);
    const page = await context.newPage();
    await page.goto(`${gallery.origin}/test/gallery.html?scene=none#j=0f3a9c.K7QX-9M2A-HTRW-4BZD-VN6E-PC3Y-8SJF`);
    await page.getByTestId('greeting-house').waitFor();
    expect(page.url()).not.toContain('K7QX');
    expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain('K7QX');
    await context.close();
  });

  it('keeps a note when the sheet is closed or sending fails, until it is sent', async () => {
    await visit(phone, 'parent-refused', 'today', async (page) => {
      const open = () => page.getByRole('button', { name: /Krank melden: Emma/ }).click();
      const note = page.getByLabel(/Was sollen wir wissen/);
      await open();
      await note.fill('Fieber');
      await page.getByRole('button', { name: 'Schließen' }).click();
      await open();
      expect(await note.inputValue()).toBe('Fieber');

      await page.getByRole('button', { name: 'Senden' }).click();
      const error = page.getByTestId('sick-sheet').getByTestId('error');
      await error.waitFor();
      expect(await error.getAttribute('data-code')).toBe('storage_full');
      expect(await note.inputValue()).toBe('Fieber');
      const card = page.getByTestId('child-card').filter({ hasText: 'Emma' });
      expect(await card.getAttribute('data-status')).toBe('expected');

      await page.getByRole('button', { name: 'Senden' }).click();
      await expect.poll(() => card.getAttribute('data-status')).toBe('sick');
      await page.getByTestId('sick-sheet').waitFor({ state: 'detached' });
    });
  });

  it('keeps a message when sending fails, and the field is empty once it is sent', async () => {
    await visit(phone, 'parent-refused', 'messages', async (page) => {
      await page.getByTestId('thread-row').first().click();
      const field = page.getByRole('textbox', { name: 'Nachricht', exact: true });
      await field.fill('Emma kommt später.');
      await page.getByRole('button', { name: 'Senden' }).click();
      const error = page.getByTestId('error');
      await error.waitFor();
      expect(await error.getAttribute('data-code')).toBe('storage_full');
      expect(await field.inputValue()).toBe('Emma kommt später.');
      expect(await page.getByTestId('thread').getByText('Emma kommt später.').count()).toBe(0);

      await page.getByRole('button', { name: 'Senden' }).click();
      await page.getByTestId('thread').getByText('Emma kommt später.').waitFor();
      expect(await field.inputValue()).toBe('');
      expect(await error.count()).toBe(0);
    });
  });

  it('forgets what was sent, also when the conversation was left meanwhile', async () => {
    await visit(phone, 'parent', 'messages', async (page) => {
      const row = page.getByTestId('thread-row').first();
      await row.click();
      const field = page.getByRole('textbox', { name: 'Nachricht', exact: true });
      await field.fill('Emma kommt später.');
      const send = await page.getByRole('button', { name: 'Senden' }).elementHandle();
      const away = await page.getByRole('link', { name: /^Heute/ }).elementHandle();
      // In one go: the answer comes when the conversation is no longer on screen.
      await page.evaluate(
        (each) => {
          for (const one of each) (one as HTMLElement | null)?.click();
        },
        [send, away],
      );
      await page.getByTestId('child-card').first().waitFor();
      await page.getByRole('link', { name: /^Nachrichten/ }).click();
      await row.click();
      await page.getByTestId('thread').getByText('Emma kommt später.').waitFor();
      expect(await field.inputValue()).toBe('');
    });
  });

  it('leads back to where somebody came from, also in a browser that does not tell what is visible', async () => {
    await visit(desk, 'director', 'people', async (page) => {
      await page.evaluate(() => Reflect.deleteProperty(Element.prototype, 'checkVisibility'));
      await page.getByRole('link', { name: /^Nachrichten/ }).click();
      await page.setViewportSize(phone.viewport);
      const row = page.getByTestId('thread-row').first();
      await row.focus();
      await page.keyboard.press('Enter');
      await page.getByTestId('thread').waitFor();
      await page.getByRole('button', { name: 'Zurück' }).press('Enter');
      await expect.poll(() => row.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    });
  });

  it('offers somebody who has joined a letter for another device, and no fifth device', async () => {
    await visit(desk, 'director', 'people', async (page) => {
      const offer = page.getByRole('button', { name: /^Neuer Brief \(weiteres Gerät\)/ });
      const ask = page.getByText('Gerät verloren oder gewechselt?');
      await page.getByRole('button', { name: /Emma Brandt/ }).click();
      await page.getByTestId('person').first().waitFor();
      // Not before somebody asks, and only for who has joined: the other guardian has yet to get a first letter.
      expect([await offer.count(), await ask.count()]).toEqual([0, 1]);
      await ask.click();
      await offer.click();
      expect(await page.getByTestId('letter').getAttribute('data-person')).toBe('Katrin Brandt');
      await page.getByRole('button', { name: 'Fertig' }).click();

      await page.getByRole('button', { name: /Mila Horvat/ }).click();
      await page.getByRole('article', { name: 'Katrin Horvat' }).waitFor();
      await ask.click();
      await page.getByText('Es sind schon 4 Geräte dabei').waitFor();
      expect(await offer.count()).toBe(0);
    });
  });

  it('goes back from a thread with the browser’s own button', async () => {
    await visit(phone, 'parent', 'messages', async (page) => {
      await page.getByTestId('thread-row').first().click();
      await page.getByTestId('thread').waitFor();
      await page.goBack();
      await page.getByTestId('thread-row').first().waitFor({ state: 'visible' });
    });
  });

  it('can be used from the keyboard alone', async () => {
    await visit(desk, 'director', 'today', async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Zum Inhalt');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      await page.getByRole('button', { name: 'Zahlen vergleichen' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Zahlen vergleichen$/);
    });
  });

  it('offers typing when the camera is refused', async () => {
    await visit(phone, 'none', 'join', async (page) => {
      await page.getByRole('button', { name: 'Code scannen' }).click();
      await page.getByText(/Tippen Sie den Code ein/).waitFor();
      await page.getByRole('button', { name: 'Code eintippen' }).click();
      await page.getByTestId('code-input').waitFor();
    });
  });

  it.each([
    ['USED', 'code_used', 'schon benutzt'],
    ['UNKN', 'code_unknown', 'kennt hier keine Kita'],
    ['EXPI', 'code_expired', 'abgelaufen'],
    ['REVO', 'code_revoked', 'zurückgezogen'],
    ['FORE', 'code_foreign', 'gehört zu einer anderen Kita'],
    ['MEMB', 'code_already_member', 'gehören Sie schon zu dieser Kita'],
    ['OFFL', 'offline', 'ohne Netz'],
    ['MIST', 'code_mistyped', 'vergleichen Sie jedes Zeichen'],
  ])('says what is wrong with a code (%s) and keeps it', async (kind, code, words) => {
    await visit(phone, 'none', 'join', async (page) => {
      await page.getByTestId('code-input').fill(`k7qx${kind}`);
      await page.getByRole('button', { name: 'Weiter' }).click();
      const error = page.getByTestId('error');
      await error.waitFor();
      expect(await error.getAttribute('data-code')).toBe(code);
      expect(await error.innerText()).toContain(words);
      expect(await page.getByTestId('code-input').inputValue()).toBe(`K7QX-${kind}`);
    });
  });
});

const viewer = (page: Page) => page.getByTestId('viewer');
const picture = (page: Page, index: number) => page.getByTestId('picture').nth(index);
const spoken = (page: Page) => page.getByTestId('viewer-name').innerText();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-picture'));

describe('pictures', () => {
  it('can be looked at from the keyboard alone, and the focus comes back to the one that was looked at last', async () => {
    await visit(desk, 'parent', 'pictures', async (page) => {
      await picture(page, 0).focus();
      await page.keyboard.press('Enter');
      await viewer(page).waitFor();
      await expect.poll(() => spoken(page)).toBe('Bild 1 von 25: Bunte Laternen im Dunkeln');
      await page.locator('.pswp__img').first().waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => spoken(page)).toBe('Bild 3 von 25: Herbstlaub in vielen Farben');
      await page.keyboard.press('End');
      await expect.poll(() => spoken(page)).toBe('Bild 25 von 25: Ein gemaltes Haus mit Sonne und Baum');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => spoken(page)).toBe('Bild 2 von 25: Eine gebastelte Sonnenlaterne');

      const width = () => page.locator('.pswp__item[aria-hidden="false"] .pswp__zoom-wrap').evaluate(zoomOf);
      const before = await width();
      await page.keyboard.press('+');
      await expect.poll(width).toBeGreaterThan(before);
      await page.keyboard.press('-');
      await expect.poll(width).toBe(before);

      // Around once: the focus stays inside.
      const stops = new Set<string>();
      for (let step = 0; step < 8; step++) {
        await page.keyboard.press('Tab');
        stops.add(await page.evaluate(() => document.activeElement?.closest('[data-testid="viewer"]')?.tagName ?? ''));
      }
      expect([...stops].filter((stop) => stop !== '' && stop !== 'DIALOG')).toEqual([]);
      await page.keyboard.press('Escape');
      await viewer(page).waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe(await picture(page, 1).getAttribute('data-picture'));
    });
  });

  it('leaves the keys to whoever writes over a picture', async () => {
    await visit(desk, 'educator', 'pictures', async (page) => {
      await openPicture(1)(page);
      await page.getByRole('button', { name: 'Beschreiben' }).click();
      const field = page.getByLabel('Was ist zu sehen?');
      await field.fill('Sonne');
      await field.press('ArrowLeft');
      await field.press('Home');
      await field.press('+');
      expect(await field.inputValue()).toBe('+Sonne');
      await page.getByRole('button', { name: 'Speichern' }).click();
      await expect.poll(() => spoken(page)).toBe('Bild 2 von 25: +Sonne');
      await page.getByRole('button', { name: 'Beschreiben' }).click();
      await page.keyboard.press('Escape');
      await field.waitFor({ state: 'detached' });
      await viewer(page).waitFor();
    });
  });

  it('go away with the browser’s own way back, and the page is where it was', async () => {
    await visit(phone, 'parent', 'pictures', async (page) => {
      await picture(page, 12).scrollIntoViewIfNeeded();
      const scrolled = () => page.evaluate(() => Math.round(window.scrollY));
      const before = await scrolled();
      expect(before).toBeGreaterThan(0);
      await openPicture(12)(page);
      await page.goBack();
      await viewer(page).waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: 'Bilder', exact: true }).waitFor();
      expect(Math.abs((await scrolled()) - before)).toBeLessThan(10);
      // And nothing of it comes back with a reload.
      await openPicture(12)(page);
      await page.reload();
      await page.getByRole('heading', { name: 'Bilder', exact: true }).waitFor();
      expect(await viewer(page).count()).toBe(0);
    });
  });

  it('are saved under a name that says nothing, by families only', async () => {
    await visit(phone, 'parent', 'pictures', async (page) => {
      await openPicture(0)(page);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Bild speichern' }).click();
      expect((await download).suggestedFilename()).toMatch(/^bild-\d{4}-\d\d-\d\d\.jpg$/);
    });
    await visit(phone, 'educator', 'pictures', async (page) => {
      await openPicture(0)(page);
      await page.getByRole('button', { name: 'Entfernen' }).waitFor();
      expect(await page.getByRole('button', { name: 'Bild speichern' }).count()).toBe(0);
    });
  });

  it('are taken back after a question, and the next one is there', async () => {
    await visit(phone, 'educator', 'pictures', async (page) => {
      await openPicture(1)(page);
      await page.getByRole('button', { name: 'Entfernen' }).click();
      await page.getByRole('dialog', { name: 'Bild entfernen?' }).getByRole('button', { name: 'Entfernen' }).click();
      await expect.poll(() => spoken(page)).toBe('Bild 2 von 24: Herbstlaub in vielen Farben');
    });
  });

  it('are chosen, described and shown to a group, with words that become its bulletin', async () => {
    await visit(phone, 'educator', 'pictures', async (page) => {
      await page.getByRole('button', { name: 'Bilder zeigen' }).click();
      await choose(['red.png', 'green.png'])(page);
      await expect.poll(() => page.locator('[data-testid="preview"][data-state="drawn"]').count()).toBe(2);
      await page.getByLabel('Was ist auf Bild 1 zu sehen? (freiwillig)').fill('Ein See');
      await page.getByLabel('Text dazu (freiwillig)').fill('Am See\nWir haben gebadet.');
      await page.getByRole('button', { name: '2 Bilder zeigen' }).click();
      await page.getByTestId('choose-sheet').waitFor({ state: 'detached' });
      const set = page.getByTestId('picture-set').filter({ hasText: 'Am See' });
      await set.getByRole('button', { name: /^Bild \d+ von \d+: Ein See$/ }).waitFor();
      // Shown at once, from this device, and said to be nowhere else.
      await set.locator('[data-testid="thumb"][data-shown="true"]').nth(1).waitFor();
      await set.getByText('Wird vorbereitet').first().waitFor();
      await page.getByTestId('sending-line').waitFor();
    });
  });

  it('stay chosen for whom they were, with what was said of them, when the device is full', async () => {
    await visit(phone, 'educator-refused', 'pictures', async (page) => {
      const sheet = page.getByTestId('choose-sheet');
      await page.getByRole('button', { name: 'Bilder zeigen' }).click();
      await choose(['red.png', 'green.png'])(page);
      await sheet.getByRole('radio', { name: 'Nur eine Familie' }).check();
      await sheet.getByLabel('Von welchem Kind?').selectOption({ label: 'Emma Brandt' });
      await page.getByLabel('Was ist auf Bild 1 zu sehen? (freiwillig)').fill('Ein See');
      const show = page.getByRole('button', { name: '2 Bilder zeigen' });
      await show.focus();
      await page.keyboard.press('Enter');
      expect(await sheet.getByTestId('error').getAttribute('data-code')).toBe('storage_full');
      expect(await sheet.getByRole('radio', { name: 'Nur eine Familie' }).isChecked()).toBe(true);
      await expect.poll(() => show.evaluate((button) => button === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await sheet.waitFor({ state: 'detached' });
      const set = page.getByTestId('picture-set').filter({ hasText: 'Emma Brandt' }).first();
      await set.getByRole('button', { name: /Ein See$/ }).waitFor();
    });
  });

  it('of a choice that was refused as a whole leave it for whom the next ones are', async () => {
    await visit(phone, 'educator', 'pictures', async (page) => {
      const sheet = page.getByTestId('choose-sheet');
      await page.getByRole('button', { name: 'Bilder zeigen' }).click();
      await choose(['drawing.svg'])(page);
      await sheet.getByRole('radio', { name: 'Nur eine Familie' }).check();
      await sheet.getByLabel('Von welchem Kind?').selectOption({ label: 'Emma Brandt' });
      await page.getByRole('button', { name: 'Bild zeigen', exact: true }).click();
      await page.getByRole('button', { name: 'Weitere auswählen' }).click();
      await choose(['red.png'])(page);
      await expect
        .poll(() => sheet.getByLabel('Von welchem Kind?').locator('option:checked').innerText())
        .toBe('Emma Brandt');
    });
  });

  it('say what was set aside and why, and the rest goes on', async () => {
    await visit(phone, 'educator', 'pictures', async (page) => {
      await page.getByRole('button', { name: 'Bilder zeigen' }).click();
      await choose(['red.png', 'drawing.svg'])(page);
      await page.getByRole('button', { name: '2 Bilder zeigen' }).click();
      const refused = page.getByTestId('refused');
      await refused.getByText('drawing.svg').waitFor();
      await refused.getByText(/^Das ist kein Foto/).waitFor();
      await page.getByRole('button', { name: 'Fertig' }).click();
      await page.getByTestId('sending-line').getByText('1 Bild wird gesendet').waitFor();
    });
  });

  it('stop and go on when somebody says so, and what was set aside can be taken away', async () => {
    await visit(phone, 'sending', 'today', async (page) => {
      await page.getByTestId('sending-line').click();
      await page.getByRole('button', { name: 'Anhalten' }).click();
      await page.getByText(/^Angehalten: 288 Bilder/).waitFor();
      await page.getByRole('button', { name: 'Weiter senden' }).click();
      await page.getByText(/^288 Bilder werden gesendet/).waitFor();
    });
    await visit(phone, 'set-aside', 'today', async (page) => {
      await page.getByTestId('sending-line').click();
      const rows = page.locator('[data-testid="transfer"][data-stage="failed"]');
      expect(await rows.count()).toBe(12);
      await rows
        .first()
        .getByRole('button', { name: /^Entfernen/ })
        .click();
      await expect.poll(() => rows.count()).toBe(11);
      // Three of them could still be sent.
      const question = page.getByRole('dialog', { name: 'Alle 11 entfernen?' });
      await page.getByRole('button', { name: 'Alle entfernen' }).click();
      await question.getByText(/^Bei 3 davon/).waitFor();
      await question.getByRole('button', { name: 'Abbrechen' }).click();
      expect(await rows.count()).toBe(11);
      await page.getByRole('button', { name: 'Alle noch einmal versuchen' }).click();
      await expect.poll(() => rows.count()).toBe(8);
      await page.getByText('3 Bilder werden gesendet').waitFor();
      // What can only be removed is removed without a question.
      await page.getByRole('button', { name: 'Alle entfernen' }).click();
      await expect.poll(() => rows.count()).toBe(0);
    });
    await visit(phone, 'set-aside', 'today', async (page) => {
      await page.getByTestId('sending-line').click();
      await page.getByRole('button', { name: 'Alle entfernen' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Alle entfernen' }).click();
      await page.getByText('Nichts mehr unterwegs').waitFor();
    });
  });

  it('stand in a message with a PDF, and are taken in once even where the message fails at first', async () => {
    await visit(phone, 'parent-refused', 'messages', async (page) => {
      await page.getByTestId('thread-row').first().click();
      await attach(['red.png', 'letter.pdf'])(page);
      await page.getByRole('button', { name: 'Senden' }).click();
      await page.getByTestId('error').waitFor();
      await page.getByRole('button', { name: 'Senden' }).click();
      const message = page.getByTestId('message').filter({ hasText: 'letter.pdf' });
      await message.waitFor();
      expect(await message.getByTestId('picture').count()).toBe(1);
      expect(await page.getByTestId('error').count()).toBe(0);
      await page.getByTestId('sending-line').getByText('1 Bild und 1 Datei werden gesendet').waitFor();
    });
  });

  it('go to a group, files to the whole house', async () => {
    await visit(desk, 'educator', 'bulletins', async (page) => {
      await page.getByRole('button', { name: 'Aushang schreiben' }).click();
      await attach(['red.png'])(page);
      await page.getByText(/^Bilder gehen an eine Gruppe/).waitFor();
      await page.getByLabel('Überschrift').fill('Am See');
      await page.getByLabel('Text', { exact: true }).fill('Schön war es.');
      await page.getByRole('button', { name: 'Aushängen' }).click();
      expect(await page.getByRole('dialog').count()).toBe(1);
      await page.getByRole('dialog').getByRole('radio', { name: /Igel/ }).check();
      await page.getByRole('button', { name: 'Aushängen' }).click();
      await page.getByTestId('bulletin').filter({ hasText: 'Am See' }).getByTestId('picture').waitFor();
    });
  });
});

/** With fingers. */
const touched = { ...phone, hasTouch: true, isMobile: true } satisfies BrowserContextOptions;

describe('two fingers', () => {
  /** From one distance to another, in pixels, around the middle of the window. */
  async function pinch(page: Page, from: number, to: number): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    const { width, height } = phone.viewport;
    const fingers = (distance: number) =>
      [-1, 1].map((side, id) => ({ x: width / 2, y: height / 2 + (side * distance) / 2, id }));
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(from) });
    const moves = 8;
    for (let move = 1; move <= moves; move++) {
      const touchPoints = fingers(from + ((to - from) * move) / moves);
      await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints });
      // As often as a screen follows fingers.
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await devtools.detach();
  }

  it('spread over a picture magnify it, and brought together give it back as it was', async () => {
    await visit(touched, 'parent', 'pictures', async (page) => {
      await picture(page, 3).tap();
      await viewer(page).and(page.locator('[data-state="here"]')).waitFor();
      const shown = page.locator('.pswp__item[aria-hidden="false"] .pswp__zoom-wrap');
      const width = () => shown.evaluate(zoomOf);
      /** Once it stands still: what was let go beyond a limit swings back. */
      const settled = async () => {
        for (let last = -1, now = await width(); ; [last, now] = [now, await width()]) {
          if (last === now) return now;
          await page.evaluate(async () => {
            for (let frame = 0; frame < 6; frame++) await new Promise(requestAnimationFrame);
          });
        }
      };
      const before = await settled();
      await pinch(page, 80, 240);
      expect(await settled()).toBeGreaterThan(before * 2);
      // The page around it is as it was.
      expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
      await pinch(page, 240, 60);
      expect(await settled()).toBe(before);
      await viewer(page).waitFor();
      expect(await spoken(page)).toMatch(/^Bild 4 von 25/);
    });
  });
});

describe('on paper', () => {
  const printed: readonly (readonly [name: string, before: string, sheets: number])[] = [
    ['found-sheet', 'sheet', 1],
    ['own-sheet-paper', 'sheet', 1],
    ['found-second-letter', 'letter', 1],
    ['director-letter', 'letter', 1],
    ['director-choose-letters', 'letter', 11],
  ];

  it.each(printed)('%s stands alone, black on white, each on a page of its own', async (name, sort, sheets) => {
    const [, scene, place, steps] = screens.find(([one]) => one === name) ?? fail(`no screen ${name}`);
    await visit({ ...desk, colorScheme: 'dark' }, scene, place, async (page) => {
      for (const step of steps) await step(page);
      if (sheets > 1) await page.getByRole('button', { name: /^\d+ Briefe/ }).click();
      const papers = page.getByTestId(sort);
      await papers.nth(sheets - 1).waitFor();
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await papers.count()).toBe(sheets);
      expect(await page.evaluate(besidesPapers)).toEqual([]);
      expect(await page.evaluate(notBlackOnWhite)).toEqual([]);
      const millimetre = 96 / 25.4;
      for (const paper of await papers.all()) {
        const code = await paper.getByTestId('qr').boundingBox();
        expect(code?.width).toBeGreaterThanOrEqual(30 * millimetre);
        expect(code?.height).toBeCloseTo(code?.width ?? 0);
        expect(
          await paper.getByTestId('qr').evaluate((image) => (image as HTMLImageElement).naturalWidth),
        ).toBeGreaterThan(0);
        expect(await paper.getByTestId(`${sort}-code`).innerText()).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/);
        // Nothing of it is cut off at the end of the sheet.
        expect(
          await paper.evaluate(
            (node) => node.getBoundingClientRect().bottom - (node.parentElement?.getBoundingClientRect().bottom ?? 0),
          ),
        ).toBeLessThanOrEqual(0);
        expect(
          await paper.evaluate(
            ({ parentElement }) => (parentElement?.scrollHeight ?? 0) - (parentElement?.clientHeight ?? 0),
          ),
        ).toBeLessThanOrEqual(0);
      }
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBe(sheets);
      // A4, in points.
      expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    });
  });

  it('the emergency list has margins and is black on white, from a dark theme too', async () => {
    await visit(
      { ...desk, colorScheme: 'dark', viewport: { width: 794, height: 1123 } },
      'tablet',
      '',
      async (page) => {
        await page.getByRole('button', { name: 'Notfallliste' }).click();
        await page.getByTestId('emergency-child').first().waitFor();
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        expect(await page.getByRole('button').count()).toBe(0);
        const words = page.getByTestId('emergency-child').locator('h2, p');
        const inks = await words.evaluateAll((all) =>
          all.map((one) => (getComputedStyle(one).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)),
        );
        expect(Math.max(...inks.flat())).toBeLessThanOrEqual(0x55);
        const edges = await words.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
        const millimetre = 96 / 25.4;
        expect(Math.min(...edges)).toBeGreaterThanOrEqual(10 * millimetre);
      },
    );
  });
});

function fail(reason: string): never {
  throw new Error(reason);
}

/** Runs in the page: words and pictures that would be printed beside the sheets. */
function besidesPapers(): readonly string[] {
  return [...document.body.querySelectorAll('*')].flatMap((node) => {
    if (node.closest('.paper') || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
    const words = [...node.childNodes]
      .filter((one) => one.nodeType === Node.TEXT_NODE)
      .map((one) => one.textContent ?? '');
    const drawn = node.matches('img, svg, canvas, progress, hr');
    return words.join('').trim() !== '' || drawn ? [`${node.tagName} ${words.join('').trim()}`] : [];
  });
}

/** Runs in the page: whatever on a sheet has another ground than white, or letters that are not near black. */
function notBlackOnWhite(): readonly string[] {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const grounds = [document.documentElement, document.body, ...document.querySelectorAll('.paper, .paper *')];
  return grounds.flatMap((node) => {
    const style = getComputedStyle(node);
    const [red = 0, green = 0, blue = 0, alpha = 1] = channels(style.backgroundColor);
    const white = alpha === 0 || Math.min(red, green, blue) === 255;
    const dark = !node.closest('.paper') || Math.max(...channels(style.color).slice(0, 3)) <= 0x55;
    return white && dark ? [] : [`${node.tagName}: ${style.color} on ${style.backgroundColor}`];
  });
}

/** Runs in the page: how far a picture is enlarged. */
function zoomOf(node: Element): number {
  return Math.round(node.querySelector('img')?.getBoundingClientRect().width ?? 0);
}
