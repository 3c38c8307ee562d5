/**
 * @file Codes that open nothing, typed, pasted and tapped in a real browser at a real relay: each with its sentence, and what was
 * typed still there. And a letter's link in a window that is open already.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';
import { House, Person, desk, phone } from './people';

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const letterDays = 14;
const dayMs = 86_400_000;

let family: Family;
/** Frank's letter is never used. */
let franks: string;
let stranger: Person;

const codeOf = (link: string) => (link.split('.').at(-1) ?? '').replace(/.{4}(?=.)/g, '$&-');

beforeAll(async () => {
  family = await openFamily(['Frank Vater', 'Uwe Onkel']);
  franks = await family.dora.printLetterOf(child, 'Frank Vater');
}, 240_000);
afterAll(() => closeFamily(family));
beforeEach(async () => {
  stranger = await Person.arrive(family.house, phone);
  await stranger.button(/^Ich habe einen Brief bekommen/).waitFor();
});
afterEach(() => stranger.leave());

const field = () => stranger.page.getByTestId('code-input');
const hint = () => stranger.page.getByTestId('code-hint');

async function type(code: string): Promise<void> {
  await stranger.press(/^Ich habe einen Brief bekommen/);
  await field().fill(code);
}
/** Goes on and expects to be told why not, with the code still there. */
async function isTurnedAway(code: string, reason: string, sentence: RegExp): Promise<void> {
  await stranger.press('Weiter');
  const error = stranger.page.getByTestId('error');
  await error.waitFor();
  expect(await error.getAttribute('data-code')).toBe(reason);
  expect(await error.innerText()).toMatch(sentence);
  expect(await field().inputValue()).toBe(code);
}

describe('a code', () => {
  it('that was mistyped is noticed at the desk, with the group in which the slip is', async () => {
    const code = codeOf(franks);
    await stranger.press(/^Ich habe einen Brief bekommen/);
    await field().fill(code.slice(0, 12));
    await stranger.press('Weiter');
    await hint().getByText('Der Code ist noch nicht vollständig.').waitFor();
    await field().fill(`${code.slice(0, 12)}U`);
    await hint()
      .getByText(/In Gruppe 3 \(..U\) stimmt ein Zeichen nicht/)
      .waitFor();

    const place = 11;
    let named = 0;
    let unnoticed = 0;
    for (const symbol of symbols.replace(code.charAt(place), '').slice(0, 8)) {
      await field().fill(code);
      await hint().getByText('Der Code ist vollständig.').waitFor();
      await field().fill(code.slice(0, place) + symbol + code.slice(place + 1));
      // The checksum has ten bits: one slip in a thousand makes another good code.
      const slip = hint().getByText('stimmt ein Zeichen nicht').waitFor({ timeout: 10_000 });
      const isNoticed = await slip.then(
        () => true,
        () => false,
      );
      if (!isNoticed) {
        unnoticed += 1;
        continue;
      }
      const told = /In Gruppe (.*) stimmt/.exec(await hint().innerText())?.[1];
      if (told === undefined) continue;
      named += 1;
      expect(told).toContain('3 (');
    }
    expect(named).toBeGreaterThan(0);
    expect(unnoticed).toBeLessThan(2);

    await field().fill(code.toLowerCase());
    await hint().getByText('Der Code ist vollständig.').waitFor();
    await stranger.press('Weiter');
    await stranger.page.getByTestId('greeting-house').getByText('Kita Spatzennest').waitFor();
  });

  it('that was used, or withdrawn, says so', async () => {
    const { dora, house } = family;
    const used = await dora.printLetterOf(child, 'Uwe Onkel');
    const uwe = await Person.arrive(house, phone);
    await uwe.join(used);
    await type(codeOf(used));
    await isTurnedAway(codeOf(used), 'code_used', /schon benutzt.*sagen Sie der Kita Bescheid/);
    await dora.goTo('Heute');
    await dora.page.getByTestId('pending-join').getByRole('button', { name: 'Zahlen vergleichen' }).click();
    await dora.press('Ablehnen');
    await dora.page.getByRole('dialog').getByRole('button', { name: 'Ablehnen' }).click();
    await dora.page.getByTestId('pending-join').waitFor({ state: 'detached' });
    await uwe.leave();
    await expect
      .poll(async () => {
        await stranger.press('Weiter');
        return stranger.page.getByTestId('error').getAttribute('data-code');
      })
      .toBe('code_revoked');
    await stranger.page.getByText('Die Kita hat diesen Brief zurückgezogen.').waitFor();
  });

  it('whose days are over by the relay’s clock says so, and holds again by an earlier clock', async () => {
    const { house } = family;
    await house.stop();
    try {
      await house.start({ now: new Date(Date.now() + (letterDays + 2) * dayMs) });
      await type(codeOf(franks));
      await isTurnedAway(codeOf(franks), 'code_expired', /abgelaufen.*um einen neuen/);
    } finally {
      await house.stop();
      await house.start();
    }
    await stranger.press('Weiter');
    await stranger.page.getByTestId('greeting-house').waitFor();
  });

  it('of a house elsewhere is not known here, and its link names the other address', async () => {
    const other = await House.open();
    const ines = await Person.arrive(other, desk);
    try {
      const letter = await ines.foundWithSecond('Kita Fuchsbau', 'Ines Leiterin', 'Jana Zweite');
      await type(codeOf(letter));
      await isTurnedAway(codeOf(letter), 'code_unknown', /kennt hier keine Kita.*Adresse/);
      await stranger.page.getByText(`Sie sind hier bei ${new URL(family.house.origin).host}.`).waitFor();

      await field().fill(letter);
      await stranger.page.getByTestId('error').getByText('gehört zu einer anderen Kita oder Adresse').waitFor();
      // A link of this place with the code of another: whoever made it, it is not from here.
      const [, house = ''] = /#j=(.*)\./.exec(franks) ?? [];
      await field().fill(`${family.house.origin}/#j=${house}.${codeOf(letter).replaceAll('-', '')}`);
      await stranger.press('Weiter');
      await stranger.page.getByTestId('error').getByText('kennt hier keine Kita').waitFor();
      const [, elsewhere = ''] = /#j=(.*)\./.exec(letter) ?? [];
      await field().fill(`${family.house.origin}/#j=${elsewhere}.${codeOf(franks).replaceAll('-', '')}`);
      await stranger.press('Weiter');
      await stranger.page.getByTestId('error').getByText('gehört zu einer anderen Kita oder Adresse').waitFor();
    } finally {
      await ines.leave();
      await other.close();
    }
  });
});

describe('a letter’s link in a window that is open already', () => {
  const open = (person: Person, link: string) =>
    person.page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(link).hash);

  it('works like a first visit, and leaves the address at once', async () => {
    await open(stranger, franks);
    await stranger.page.getByTestId('greeting-house').getByText('Kita Spatzennest').waitFor();
    expect(stranger.page.url()).not.toContain('#j=');
    // Once more, from the greeting, with a link that was cut off.
    await open(stranger, franks.slice(0, -3));
    await stranger.page.getByTestId('error').getByText('Der Code stimmt so nicht.').waitFor();
    await open(stranger, franks);
    await stranger.page.getByTestId('greeting-house').waitFor();
    await stranger.press('Das ist nicht meine Kita');
    await field().waitFor();
    await stranger.press('Zurück');
    await stranger.button(/^Ich habe einen Brief bekommen/).waitFor();
  });

  it('does not lose what a member is writing', async () => {
    const { maria } = family;
    await maria.goTo('Nachrichten');
    await maria.page.getByTestId('thread-row').first().click();
    const text = maria.page.getByRole('textbox', { name: 'Nachricht', exact: true });
    await text.fill('Carla hat heute');
    await open(maria, franks);
    await maria.press('Beitreten');
    await maria.page.getByTestId('error').getByText('gehören Sie schon zu dieser Kita').waitFor();
    await maria.page.goBack();
    await maria.page.getByTestId('thread').waitFor();
    expect(await text.inputValue()).toBe('Carla hat heute');
  });
});
