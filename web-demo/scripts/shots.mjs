/**
 * @file Pictures of every screen over sample data: phone, tablet and desk, light and dark, German and English.
 * `node scripts/shots.mjs OUT [NAME ...]`: into the folder OUT, all screens or those whose name begins with NAME.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const sizes = {
  phone: { width: 390, height: 844 },
  tablet: { width: 1180, height: 820 },
  desk: { width: 1440, height: 900 },
  small: { width: 320, height: 640 },
};

const click =
  (name, role = 'button') =>
  (page) =>
    page.getByRole(role, { name }).first().click();

/** Words and shapes of what loads come late: until they are there. */
const loading = (page) =>
  page
    .locator('.skeleton .word')
    .first()
    .evaluate((word) => Promise.all(word.getAnimations().map((one) => one.finished)));

/** What failed is in view. */
const told = (page) => page.getByTestId('error').first().scrollIntoViewIfNeeded();

const newDevice = (page) => page.getByText('Gerät verloren oder gewechselt?').first().click();
const outside = (page) =>
  page.evaluate(() => {
    location.hash = 'i=0f3a9c.7b21';
  });
const reveal = (name) => (page) => page.getByText(name).first().click();
const pairing = [
  click('Ihre Geräte'),
  click('Weiteres Gerät hinzufügen'),
  (page) => page.getByLabel('Name des neuen Geräts').fill('Tablet zu Hause'),
  click('Code zeigen'),
];
const ownSheet = [click('Ihre Geräte'), click('Blatt machen'), click('Blatt machen')];
const typingPin = [
  click(/Mit PIN öffnen|Open with a PIN/),
  (page) => page.getByTestId('pin-person').nth(1).click(),
  (page) => page.getByTestId('pin-pad').waitFor(),
];
const unlocked = (page) => page.getByTestId('lock-bar').waitFor();
const choosingPin = [
  click(/PIN einrichten|Set up the part/),
  (page) => page.getByTestId('code-input').fill('k7qx9m2ahtrw4bzdvn6epc3y8sjf'),
  click(/^(Weiter|Continue|Next)$/),
  (page) => page.getByTestId('pin-person').nth(1).click(),
  (page) => page.getByTestId('pin-pad').waitFor(),
];
const typing = (code) => [
  (page) => page.getByLabel('Code der Kita').fill('3f8aq2mk'),
  (page) => page.getByLabel('Code des Blatts').fill(code),
];
const founding = [
  (page) => page.getByLabel('Name der Kita').fill('Kita Spatzennest'),
  (page) => page.getByLabel('Ihr Name').fill('Sabine Kehl'),
  (page) => page.getByLabel('Hilfe bei Fragen').fill('030 555 01 10'),
];
/** What the sheet of the sample data ends with. */
const proving = [
  click('Gedruckt oder abgeschrieben'),
  (page) => page.getByLabel(/^Die letzten vier Zeichen/).fill('bn5e'),
];
const proved = [...proving, click('Bestätigen')];
const toSecond = [...founding, click('Kita einrichten'), ...proved];

/** Small files to choose: plain colours as PNG, and some that are not what they seem. */
const samples = {
  'empty.jpg': { mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
  'drawing.svg': { mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
  'letter.pdf': { mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') },
};
const filesOf = (page, names) =>
  Promise.all(
    names.map(async (name) => {
      if (samples[name]) return { name, ...samples[name] };
      const bytes = await page.evaluate(drawPlain, name.split('.')[0]);
      return { name, mimeType: 'image/png', buffer: Buffer.from(bytes) };
    }),
  );
/** Runs in the page: a lake under a sky of that colour. */
async function drawPlain(colour) {
  const canvas = new OffscreenCanvas(640, 480);
  const pen = canvas.getContext('2d');
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 640, 480);
  pen.fillStyle = '#ffffff';
  pen.beginPath();
  pen.ellipse(320, 300, 180, 70, 0, 0, 7);
  pen.fill();
  return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
}
export const choose = (names) => async (page) =>
  page.getByTestId('choose-files').setInputFiles(await filesOf(page, names));
export const attach = (names) => async (page) => page.getByTestId('attach').setInputFiles(await filesOf(page, names));
export const openPicture = (index) => async (page) => {
  await page.getByTestId('picture').nth(index).click();
  await page.getByTestId('viewer').waitFor();
};

/** Name, scene, place, and what is done before the picture is taken. */
export const screens = [
  ['welcome', 'none', '', []],
  ['join-code', 'none', 'join', []],
  ['join-mistyped', 'none', 'join', [(page) => page.getByTestId('code-input').pressSequentially('k7qx9m2ahtuw')]],
  ['join-partial', 'none', 'join', [(page) => page.getByTestId('code-input').fill('k7qx9m2a'), click('Weiter')]],
  ['join-unknown', 'none', 'join', [(page) => page.getByTestId('code-input').fill('k7qxunkn'), click('Weiter')]],
  ['join-used', 'none', 'join', [(page) => page.getByTestId('code-input').fill('k7qxused'), click('Weiter')]],
  [
    'join-greeting',
    'none',
    'join',
    [(page) => page.getByTestId('code-input').fill('k7qx9m2ahtrw4bzdvn6epc3y8sjf'), click('Weiter')],
  ],
  ['join-digits', 'joining', '', []],
  ['found', 'none', 'found', []],
  [
    'found-setup',
    'none',
    'found',
    [
      ...founding,
      (page) => page.getByText('Hat Ihnen jemand').click(),
      (page) => page.getByLabel('Einrichtungscode').fill('FALSCH'),
      click('Kita einrichten'),
      (page) => page.getByTestId('error').scrollIntoViewIfNeeded(),
    ],
  ],
  ['found-sheet', 'none', 'found', [...founding, click('Kita einrichten')]],
  ['found-second', 'none', 'found', toSecond],
  [
    'found-second-letter',
    'none',
    'found',
    [
      ...toSecond,
      (page) => page.getByLabel('Name der zweiten Leitung').fill('Maximiliane-Sophie Oberschwarzenbacher-Yılmaz'),
      click('Brief schreiben'),
      (page) => page.getByTestId('letter').waitFor(),
    ],
  ],
  ['parent', 'parent', 'today', []],
  ['parent-well', 'parent-well', 'today', []],
  ['parent-one', 'parent-one', 'today', []],
  ['parent-sick', 'parent-well', 'today', [click(/Krank melden: Emma/)]],
  ['parent-sent', 'parent-well', 'today', [click(/Krank melden: Emma/), click('Senden')]],
  ['parent-empty', 'parent-empty', 'today', []],
  ['parent-offline', 'parent-offline', 'today', [(page) => page.getByTestId('offline-line').waitFor()]],
  ['parent-unsent', 'parent-offline', 'today', [(page) => page.getByTestId('waiting-badge').click()]],
  ['parent-loading', 'parent-loading', 'today', [loading]],
  ['parent-error', 'parent-error', 'today', []],
  ['parent-messages', 'parent', 'messages', []],
  ['parent-thread', 'parent', 'messages', [click(/Gruppe Igel/)]],
  ['parent-bulletins', 'parent', 'bulletins', []],
  ['parent-pictures', 'parent', 'pictures', []],
  ['parent-pictures-one', 'parent', 'pictures', [(page) => page.getByText('Gruppe Füchse').first().click()]],
  ['parent-pictures-empty', 'parent-empty', 'pictures', []],
  ['parent-pictures-loading', 'parent-loading', 'pictures', [loading]],
  ['parent-pictures-error', 'parent-error', 'pictures', []],
  ['many-pictures', 'many', 'pictures', []],
  ['viewer', 'parent', 'pictures', [openPicture(3)]],
  ['viewer-offline', 'pictures-offline', 'pictures', [openPicture(0)]],
  ['viewer-gone', 'pictures-gone', 'pictures', [openPicture(1)]],
  ['parent-more', 'parent', 'more', []],
  ['two-houses', 'two-houses', 'today', []],
  ['ended', 'ended', '', []],
  ['ended-staff', 'ended-staff', '', []],
  ['damaged', 'damaged', '', []],
  ['outdated', 'outdated', '', []],
  ['other-tab', 'other-tab', '', []],
  ['tablet', 'tablet', '', []],
  ['tablet-came', 'tablet', '', [(page) => page.getByTestId('board-child').nth(8).click()]],
  [
    'tablet-child',
    'tablet',
    '',
    [(page) => page.locator('[data-testid="board-child"][data-where="left"]').first().click()],
  ],
  ['tablet-new', 'tablet-new', '', []],
  ['tablet-offline', 'tablet-offline', '', [(page) => page.getByTestId('offline-line').waitFor()]],
  ['tablet-dropped', 'tablet-dropped', '', []],
  ['tablet-closed', 'tablet-closed', '', []],
  ['tablet-emergency', 'tablet', '', [click(/Notfallliste|Emergency list/)]],
  ['tablet-who', 'tablet', '', [click(/Mit PIN öffnen|Open with a PIN/)]],
  ['tablet-pin', 'tablet', '', [...typingPin, (page) => page.keyboard.type('4938')]],
  ['tablet-pin-wrong', 'tablet', '', [...typingPin, (page) => page.keyboard.type('111222\n'), told]],
  ['tablet-unlocked', 'tablet', '', [...typingPin, (page) => page.keyboard.type('493827\n'), unlocked]],
  ['tablet-pins', 'tablet', '', [...typingPin, (page) => page.keyboard.type('493827\n'), unlocked, click('PINs')]],
  ['tablet-setup', 'tablet-new', '', [click(/PIN einrichten|Set up the part/)]],
  ['tablet-setup-pin', 'tablet-new', '', choosingPin],
  [
    'tablet-setup-digits',
    'tablet-new',
    '',
    [
      ...choosingPin,
      (page) => page.keyboard.type('493827\n'),
      (page) => page.getByText(/PIN wiederholen|Repeat the PIN/).waitFor(),
      (page) => page.keyboard.type('493827\n'),
      (page) => page.getByTestId('digits').waitFor(),
    ],
  ],
  [
    'director-tablet',
    'director',
    'people',
    [click('Team'), click(/Tablet Igel/), (page) => page.getByTestId('place-pin').waitFor()],
  ],
  ['educator', 'educator', 'today', []],
  ['educator-child', 'educator', 'today', [(page) => page.getByTestId('day-child').first().click()]],
  [
    'educator-absence',
    'educator',
    'today',
    [(page) => page.getByTestId('day-child').filter({ hasText: 'erwartet' }).first().click(), click('Krank eintragen')],
  ],
  ['educator-empty', 'educator-empty', 'today', []],
  ['educator-full', 'educator-full', 'today', []],
  ['educator-full-messages', 'educator-full', 'messages', []],
  ['educator-pictures', 'educator', 'pictures', []],
  ['educator-pictures-empty', 'educator-empty', 'pictures', []],
  ['educator-viewer', 'educator', 'pictures', [openPicture(1)]],
  ['educator-describe', 'educator', 'pictures', [openPicture(1), click('Beschreiben')]],
  ['educator-share', 'educator', 'pictures', [openPicture(1), click('Auch anderen zeigen')]],
  ['educator-remove', 'educator', 'pictures', [openPicture(1), click('Entfernen')]],
  ['choose', 'educator', 'pictures', [click('Bilder zeigen')]],
  ['choose-chosen', 'educator', 'pictures', [click('Bilder zeigen'), choose(['red.png', 'green.png', 'blue.png'])]],
  [
    'choose-refused',
    'educator',
    'pictures',
    [click('Bilder zeigen'), choose(['red.png', 'empty.jpg', 'drawing.svg']), click('3 Bilder zeigen')],
  ],
  [
    'choose-full',
    'educator-refused',
    'pictures',
    [
      click('Bilder zeigen'),
      choose(['red.png', 'green.png']),
      (page) => page.getByTestId('choose-sheet').getByRole('radio').first().check(),
      click('2 Bilder zeigen'),
      told,
    ],
  ],
  ['describe-error', 'educator-refused', 'pictures', [openPicture(1), click('Beschreiben'), click('Speichern'), told]],
  [
    'share-error',
    'educator-refused',
    'pictures',
    [
      openPicture(1),
      click('Auch anderen zeigen'),
      (page) => page.getByRole('dialog').getByRole('radio').first().check(),
      (page) => page.getByRole('dialog').locator('button[type="submit"]').click(),
      told,
    ],
  ],
  ['sending', 'sending', 'pictures', []],
  ['sending-page', 'sending', 'pictures', [(page) => page.getByTestId('sending-line').click()]],
  ['sending-paused', 'sending-paused', 'pictures', [(page) => page.getByTestId('sending-line').click()]],
  ['sending-offline', 'sending-offline', 'pictures', [(page) => page.getByTestId('sending-line').click()]],
  [
    'sending-nothing',
    'set-aside',
    'today',
    [(page) => page.getByTestId('sending-line').click(), click('Alle entfernen')],
  ],
  ['file-offline', 'pictures-offline', 'messages', [click(/Gruppe Igel/), click(/Einverständnis/), told]],
  ['file-gone', 'pictures-gone', 'messages', [click(/Gruppe Igel/), click(/Einverständnis/), told]],
  ['set-aside', 'set-aside', 'today', [(page) => page.getByTestId('sending-line').click()]],
  [
    'set-aside-remove',
    'set-aside',
    'today',
    [(page) => page.getByTestId('sending-line').click(), click('Alle entfernen')],
  ],
  ['thread-attach', 'parent', 'messages', [click(/Gruppe Igel/), attach(['red.png', 'letter.pdf'])]],
  ['bulletin-attach', 'educator', 'bulletins', [click('Aushang schreiben'), attach(['letter.pdf'])]],
  ['educator-thread', 'educator', 'messages', [click(/Katrin Brandt/)]],
  ['educator-bulletin', 'educator', 'bulletins', [click('Aushang schreiben')]],
  ['director', 'director', 'today', []],
  ['director-digits', 'director', 'today', [click('Zahlen vergleichen')]],
  ['director-quiet', 'director-quiet', 'today', []],
  ['director-new', 'director-new', 'today', []],
  ['director-second', 'director-second', 'today', []],
  ['director-second-form', 'director', 'today', [click('Zweite Leitung eintragen')]],
  ['director-group', 'director', 'today', [(page) => page.getByTestId('group-card').first().click()]],
  ['director-people', 'director', 'people', []],
  ['director-child', 'director', 'people', [click(/Ali Demir/)]],
  ['director-care', 'director', 'people', [click(/Ali Demir/), click(/^Ändern: Für den Tag/)]],
  ['director-devices-full', 'director', 'people', [click(/Mila Horvat/), newDevice]],
  [
    'director-guardian-form-rights',
    'director',
    'people',
    [click(/Ali Demir/), click('Elternteil anlegen'), (page) => page.getByText('Gilt bei Sorgerecht').click()],
  ],
  ['director-guardian', 'director', 'people', [click(/Emma Brandt/), click(/Rechte und Zugang: Stefan/)]],
  [
    'director-guardian-relation',
    'director',
    'people',
    [
      click(/Emma Brandt/),
      click(/Rechte und Zugang: Stefan/),
      click(/Rechte von Stefan Brandt ändern/),
      (page) => page.getByLabel('Hat ein Recht auf Auskunft').uncheck(),
      (page) => page.getByTestId('follows').scrollIntoViewIfNeeded(),
    ],
  ],
  [
    'director-guardian-planned',
    'director',
    'people',
    [
      click(/Emma Brandt/),
      click(/Rechte und Zugang: Katrin/),
      click(/Rechte von Katrin Brandt ändern/),
      click('Kein Sorgerecht', 'radio'),
      click('An einem späteren Tag', 'radio'),
      (page) => page.getByTestId('follows').scrollIntoViewIfNeeded(),
    ],
  ],
  [
    'director-guardian-protect',
    'director',
    'people',
    [click(/Emma Brandt/), click(/Rechte und Zugang: Stefan/), click('Schützen')],
  ],
  [
    'director-guardian-protected',
    'director',
    'people',
    [click(/Oberschwarzenbacher/), click(/Rechte und Zugang: Katrin/)],
  ],
  [
    'director-guardian-end',
    'director',
    'people',
    [click(/Emma Brandt/), click(/Rechte und Zugang: Katrin/), click('Zugang beenden')],
  ],
  ['director-guardian-ended', 'director', 'people', [click(/Theo Lindner/), click(/Rechte und Zugang: Stefan/)]],
  [
    'director-guardian-readmit',
    'director',
    'people',
    [click(/Theo Lindner/), click(/Rechte und Zugang: Stefan/), click('Wieder aufnehmen')],
  ],
  [
    'director-guardian-named',
    'director',
    'people',
    [
      click(/Oberschwarzenbacher/),
      click(/Rechte und Zugang: Katrin/),
      click('Ändern, wer davon weiß'),
      (page) => page.getByTestId('protect-sheet').getByRole('checkbox').first().uncheck(),
      (page) => page.getByTestId('follows').scrollIntoViewIfNeeded(),
    ],
  ],
  [
    'director-guardian-hidden',
    'director',
    'people',
    [
      click(/Ali Demir/),
      click('Elternteil anlegen'),
      (page) => page.getByText('Darf niemand von').click(),
      (page) => page.getByLabel(/Von Anfang an/).check(),
      (page) => page.getByTestId('follows').scrollIntoViewIfNeeded(),
    ],
  ],
  [
    'director-plans-over',
    'director',
    'people',
    [
      click(/Ali Demir/),
      (page) => page.getByText('Vorbei').click(),
      (page) => page.getByTestId('plans-over').scrollIntoViewIfNeeded(),
    ],
  ],
  [
    'director-horizon',
    'director',
    'people',
    [
      click('Gruppen'),
      click(/Igel/),
      (page) => page.locator('summary', { hasText: 'Neue sehen ab jetzt nur Neues' }).click(),
      click('Ansehen, was das bedeutet'),
    ],
  ],
  ['director-move', 'director', 'people', [click(/Emma Brandt/), click('Gruppe wechseln')]],
  ['director-leave', 'director', 'people', [click(/Emma Brandt/), click('Kind verlässt die Kita')]],
  ['director-one-group', 'director', 'people', [click('Gruppen'), click(/Igel/)]],
  [
    'director-group-letters',
    'director',
    'people',
    [click('Gruppen'), click(/Igel/), click('Briefe für die ganze Gruppe')],
  ],
  [
    'director-staff-form',
    'director',
    'people',
    [click('Team'), click('Person im Team anlegen'), (page) => page.getByLabel('Nur zur Vertretung').check()],
  ],
  ['director-educator', 'director', 'people', [click('Team'), click(/Murat/)]],
  ['director-boards', 'director', 'messages', [(page) => page.getByTestId('boards').scrollIntoViewIfNeeded()]],
  ['director-board', 'director', 'messages', [click(/Wegen Emma/)]],
  [
    'director-guarded-form',
    'director',
    'messages',
    [(page) => page.getByText('Neue Runde').click(), click('Vertrauliche Runde anlegen')],
  ],
  [
    'director-council-form',
    'director',
    'messages',
    [(page) => page.getByText('Neue Runde').click(), click('Elternbeirat anlegen')],
  ],
  ['educator-note-form', 'educator', 'messages', [click(/Notizen zu Emma/), click('Notiz schreiben')]],
  ['parent-board', 'parent', 'messages', [click(/Notizen zu Emma/)]],
  ['parent-apart', 'parent', 'messages', [click(/Nur für Sie/)]],
  ['director-apart', 'director', 'messages', [click(/Geschützt: /)]],
  ['parent-ended', 'parent-ended', 'today', []],
  ['parent-ended-thread', 'parent-ended', 'messages', [click(/Gruppe Füchse/)]],
  ['ended-kept', 'ended-kept', '', []],
  ['ended-looking-back', 'ended-kept', '', [click('Ansehen, was da ist')]],
  ['director-team', 'director', 'people', [click('Team')]],
  ['director-groups', 'director', 'people', [click('Gruppen')]],
  ['director-group-form', 'director', 'people', [click('Gruppen'), click('Gruppe anlegen')]],
  ['director-guardian-form', 'director', 'people', [click(/Ali Demir/), click('Elternteil anlegen')]],
  ['director-choose-letters', 'director', 'people', [click('Briefe drucken')]],
  ['director-letter', 'director', 'people', [click(/Ali Demir/), click(/Neuen Brief drucken/)]],
  ['parent-devices', 'parent-devices', 'more', [click('Ihre Geräte')]],
  ['parent-devices-home', 'parent-devices', 'today', []],
  ['parent-devices-end', 'parent-devices', 'more', [click('Ihre Geräte'), click(/^Entfernen: Das alte/)]],
  ['parent-devices-last', 'parent', 'more', [click('Ihre Geräte'), click(/^Hier abmelden/)]],
  ['parent-devices-name', 'parent-devices', 'more', [click('Ihre Geräte'), click(/^Namen geben/)]],
  ['pair-name', 'parent', 'more', [click('Ihre Geräte'), click('Weiteres Gerät hinzufügen'), click('Code zeigen')]],
  ['pair-code', 'parent-well', 'more', pairing],
  ['own-sheet', 'parent-devices', 'more', [click('Ihre Geräte'), click('Blatt machen')]],
  ['own-sheet-paper', 'parent-devices', 'more', ownSheet],
  ['own-sheet-proof', 'parent-devices', 'more', [...ownSheet, ...proving]],
  [
    'own-sheet-wrong',
    'parent-devices',
    'more',
    [...ownSheet, proving[0], (page) => page.getByLabel(/^Die letzten vier/).fill('BN5'), click('Bestätigen')],
  ],
  ['own-sheet-counts', 'parent-devices', 'more', [...ownSheet, ...proved]],
  ['own-sheet-waits', 'parent-offline', 'more', [...ownSheet, ...proved]],
  ['own-sheet-kept', 'parent-devices', 'more', [...ownSheet, ...proved, click('Fertig')]],
  ['pair-digits', 'parent-devices', 'more', pairing],
  ['pair-done', 'parent-devices', 'more', [...pairing, click('Ja, hinzufügen')]],
  ['join-digits-own', 'joining-own', '', []],
  ['recover', 'none', 'recover', []],
  ['recover-mistyped', 'none', 'recover', [...typing('xxxxv7qk'), click('Weiter')]],
  ['recover-unknown', 'none', 'recover', [...typing('unknv7qk'), click('Weiter')]],
  ['recover-who', 'none', 'recover', [...typing('v7qk2m9x'), click('Weiter')]],
  ['recover-own', 'none', 'recover', [...typing('OWN0v7qk'), click('Weiter')]],
  ['recover-sheet', 'none', 'recover', [...typing('v7qk2m9x'), click('Weiter'), click('Kita öffnen')]],
  ['recover-counts', 'none', 'recover', [...typing('v7qk2m9x'), click('Weiter'), click('Kita öffnen'), ...proved]],
  ['director-lost', 'director', 'people', [click(/Emma Brandt/), newDevice]],
  ['director-lost-end', 'director', 'people', [click(/Mila Horvat/), newDevice, click(/^Alle Geräte entfernen/)]],
  ['director-lead', 'director-two', 'more', [click('Leitung')]],
  [
    'director-lead-open',
    'director-two',
    'more',
    [click('Leitung'), reveal('Die Leitung übergeben'), reveal('Die andere Leitung')],
  ],
  [
    'director-dissolve',
    'director-two',
    'more',
    [click('Leitung'), reveal('Die Kita auflösen'), click('Kita auflösen')],
  ],
  ['director-two', 'director-two', 'today', []],
  ['educator-lately', 'educator', 'more', [click('Was zuletzt geschehen ist')]],
  ['director-lately', 'director-two', 'more', [click('Leitung'), click('Was zuletzt geschehen ist')]],
  ['wiped', 'wiped', '', []],
  ['director-evidence', 'alarms', 'today', [click('Ansehen')]],
  [
    'director-overtaken',
    'director-two',
    'today',
    [click('Ansehen'), (page) => page.getByTestId('overtaken').first().waitFor()],
  ],
  ['director-erasures', 'director-two', 'more', [click('Löschen und Einschränken')]],
  [
    'director-erase',
    'director-two',
    'more',
    [
      click('Löschen und Einschränken'),
      (page) => page.getByTestId('wished').getByRole('button', { name: 'Zustimmen' }).click(),
    ],
  ],
  [
    'director-fate',
    'director',
    'messages',
    [
      (page) => page.getByTestId('thread-row').nth(1).click(),
      (page) => page.getByTestId('message').last().getByRole('button').last().click(),
    ],
  ],
  [
    'parent-fate',
    'parent-well',
    'messages',
    [
      (page) => page.getByTestId('thread-row').first().click(),
      (page) => page.locator('[data-testid="message"][data-mine="true"]').last().getByRole('button').last().click(),
    ],
  ],
  ['director-erasures-none', 'director', 'more', [click('Löschen und Einschränken')]],
  ['director-agree', 'director-two', 'more', [click('Leitung'), click('Zustimmen')]],
  ['director-end-role', 'director', 'people', [click('Team'), click(/Murat Aydın/), click('Rolle beenden')]],
  ['director-settings', 'director', 'more', [click('Angaben der Kita ändern')]],
  [
    'director-horizon-all',
    'director',
    'more',
    [click('Angaben der Kita ändern'), reveal('Neue sehen ab jetzt nur Neues'), click('Ansehen, was das bedeutet')],
  ],
  ['alarms', 'alarms', 'today', []],
  ['director-more', 'director', 'more', []],
  ['director-sheet', 'director-new', 'today', [click('Blatt ansehen')]],
  ['director-moved', 'moved', 'today', []],
  ['director-move-house', 'moved', 'today', [click('Umzug bestätigen')]],
  ['director-restored', 'restored', 'today', [click('Nachsehen und bestätigen')]],
  ['parent-restored', 'parent-restored', 'today', []],
  ['doubted', 'doubted', 'today', []],
  ['dissolved', 'dissolved', 'today', []],
  ['dissolved-director', 'director-dissolved', 'today', []],
  ['dissolved-people', 'director-dissolved', 'people', [click(/Emma Brandt/)]],
  ['dissolved-lead', 'director-dissolved', 'more', [click('Leitung')]],
  ['intake', 'director', 'more', [click('Anfragen von außen')]],
  ['intake-open', 'director', 'more', [click('Anfragen von außen'), click('Link freischalten')]],
  [
    'intake-renew',
    'director',
    'more',
    [click('Anfragen von außen'), click('Link freischalten'), click('Neuen Link erstellen')],
  ],
  ['intake-delete', 'educator', 'more', [click('Anfragen von außen'), click('Löschen')]],
  ['outside', 'none', '', [outside]],
  ['outside-missing', 'none', '', [outside, click('Absenden')]],
  [
    'outside-sent',
    'none',
    '',
    [
      outside,
      (page) => page.getByLabel('Ihr Name').fill('Kim Muster'),
      (page) => page.getByLabel('Ihre Nachricht').fill('Haben Sie im Herbst einen Platz?'),
      click('Absenden'),
      (page) => page.getByTestId('outside-sent').waitFor(),
    ],
  ],
  ['outside-nolink', 'none', 'outside', []],
  ['director-letters', 'director', 'people', [click('Briefe drucken'), click(/^\d+ Briefe/)]],
  ['director-revoke', 'director', 'people', [click(/Ali Demir/), click(/^Brief zurückziehen/)]],
  [
    'tablet-pin-choose',
    'tablet',
    '',
    [...typingPin, (page) => page.keyboard.type('493827\n'), unlocked, click('PINs'), click(/^PIN setzen/)],
  ],
];

export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  return chromium.launch({ executablePath, args: browserFlags });
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** The policy as the relay sends it, read where the relay has it. */
export function contentSecurityPolicy() {
  const source = readFileSync(join(root, '../server/src/http/headers.rs'), 'utf8');
  const found = /format!\(\s*"(default-src[^"]+)"/.exec(source);
  if (!found) throw new Error('the relay’s content security policy is not where it was');
  return found[1].replace(/\\\n\s*/g, '').replace('{sockets}', '');
}

/** Builds the gallery into a temporary folder and serves it on a free port of the loopback interface. */
export async function serveGallery() {
  const outDir = mkdtempSync(join(tmpdir(), 'gallery-'));
  // The screens alone: no service worker, no engine.
  const shared = {
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [svelte()],
    define: { __NESTPOST_VERSION__: JSON.stringify('0.0.0') },
  };
  await build({
    ...shared,
    build: { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input: join(root, 'test/gallery.html') } },
  });
  const headers = { 'Content-Security-Policy': contentSecurityPolicy() };
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1', headers } });
  const address = server.httpServer.address();
  const close = async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
  return { server: { close }, origin: `http://127.0.0.1:${address.port}` };
}

/** Runs in the page: text of that size, in percent. Through the object model, as the content security policy allows. */
export function enlarge(percent) {
  document.documentElement.style.setProperty('font-size', `${percent * 1.0625}%`, 'important');
}

/** Runs in the page: the gallery in another language, without a step taken again. */
export function speak(detail) {
  window.dispatchEvent(new CustomEvent('speak', { detail }));
}

async function main([out, ...only]) {
  if (!out) {
    console.error('usage: node scripts/shots.mjs OUT [NAME ...]');
    process.exit(2);
  }
  mkdirSync(out, { recursive: true });
  const { server, origin } = await serveGallery();
  const browser = await launch();
  const wanted = screens.filter(([name]) => only.length === 0 || only.some((start) => name.startsWith(start)));
  const kinds = (process.env.SHOTS ?? 'phone-light,tablet-light,desk-light,phone-dark,desk-dark').split(',');
  for (const kind of kinds) {
    const [size, scheme, language = 'de', zoom = '100'] = kind.split('-');
    const context = await browser.newContext({
      viewport: sizes[size],
      isMobile: size === 'phone' || size === 'small',
      hasTouch: size !== 'desk',
      colorScheme: scheme,
      locale: 'de-DE',
      deviceScaleFactor: 1,
      reducedMotion: 'reduce',
    });
    const todo = wanted.values();
    /** Several pages stand side by side: most of the time goes into waiting. */
    const take = async () => {
      for (const [name, scene, place, steps] of todo) {
        const page = await context.newPage();
        page.setDefaultTimeout(5_000);
        page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
        page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`));
        await page.goto(`${origin}/test/gallery.html?scene=${scene}${place ? `#/${place}` : ''}`);
        if (zoom !== '100') await page.evaluate(enlarge, Number(zoom));
        await page.waitForTimeout(250);
        for (const step of steps) {
          await step(page).catch((error) => console.error(`${name}: ${error.message.split('\n')[0]}`));
          await page.waitForTimeout(150);
        }
        // The steps are told in German; what they led to can be said in any language.
        if (language !== 'de') await page.evaluate(speak, language);
        await page.waitForTimeout(250);
        await page.screenshot({
          path: join(out, `${name}.${kind}.png`),
          animations: 'disabled',
          fullPage: process.env.FULL === '1',
        });
        await page.close();
      }
    };
    await Promise.all([take(), take(), take(), take()]);
    await context.close();
  }
  await browser.close();
  await server.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
