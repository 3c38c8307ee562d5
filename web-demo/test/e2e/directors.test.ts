/**
 * @file Three who direct: what takes two of them and is agreed to, two who decide about one person without knowing of each other, and
 * whom only they and those they name know of.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, desk, phone } from './people';

let house: House;
let dora: Person;
let rosa: Person;
let nina: Person;
let erik: Person;
let hanna: Person;
let gesa: Person;
let lars: Person;

const carla = 'Carla Kind';

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  const letters = { rosa: await dora.foundWithSecond('Kita Spatzennest', 'Dora Direktorin', 'Rosa Leitung'), nina: '' };
  await dora.createGroup('Igel');
  await dora.createChild(carla, ['Maria Mutter']);
  await openLead(dora);
  await dora.press('Weitere Leitung aufnehmen');
  await dora.fill('Name der zweiten Leitung', 'Nina Dritte');
  await dora.press('Brief schreiben');
  letters.nina = (await dora.page.getByTestId('letter').getAttribute('data-link')) ?? '';
  await dora.press('Zur Kita');
  await dora.createEducator('Erik Erzieher', 'Igel');
  const letter = await dora.printLetter('Erik Erzieher');
  [rosa, nina, erik] = await Promise.all([
    Person.arrive(house, desk),
    Person.arrive(house, desk),
    Person.arrive(house, desk),
  ]);
  for (const [person, name, link] of [
    [rosa, 'Rosa Leitung', letters.rosa],
    [nina, 'Nina Dritte', letters.nina],
    [erik, 'Erik Erzieher', letter],
  ] as const) {
    await dora.confirm(name, await person.join(link));
    await person.enter();
  }
}, 300_000);
afterAll(async () => {
  await Promise.all([dora, rosa, nina, erik, hanna, gesa, lars].map((person) => person?.leave()));
  await house?.close();
});

async function openLead(person: Person): Promise<void> {
  await person.goTo('Mehr');
  await person.press('Leitung');
  await person.page.getByTestId('directors').waitFor();
}
const proposal = (person: Person) => person.page.getByTestId('proposal');

async function postInGroup(person: Person, title: string): Promise<void> {
  await person.goTo('Aushänge');
  await person.press('Aushang schreiben');
  await person.page.getByRole('dialog').getByRole('radio', { name: /Igel/ }).check();
  await person.fill('Überschrift', title);
  await person.fill('Text', 'Für die Familien der Gruppe.');
  await person.press('Aushängen');
  await person.page.getByTestId('bulletin').filter({ hasText: title }).waitFor();
}
const titles = (person: Person) => person.page.getByTestId('bulletin').getByRole('heading').allInnerTexts();
const decision = (person: Person) => person.page.getByTestId('decision');
/** Asks the others in the dialog that is open. */
async function propose(person: Person): Promise<void> {
  await person.page.getByRole('dialog').getByRole('button', { name: 'Vorschlagen' }).click();
  await person.page.getByRole('dialog').waitFor({ state: 'detached' });
}
/** Reads what it means, and agrees. */
async function agree(person: Person, means: string): Promise<void> {
  await person.goTo('Heute');
  await proposal(person).getByRole('button', { name: 'Zustimmen' }).click();
  const dialog = person.page.getByRole('dialog');
  await dialog.getByText(means).waitFor();
  await dialog.getByRole('button', { name: 'Zustimmen' }).click();
  await proposal(person).waitFor({ state: 'detached' });
}

it('tells the one whose decision came too late which it was, who was faster, and leads to the person', async () => {
  await dora.settled();
  await dora.setOffline(true);
  await dora.printLetterOf(carla, 'Maria Mutter');
  await rosa.openChild(carla);
  await rosa.press('Rechte und Zugang: Maria Mutter');
  await rosa.press('Zugang beenden');
  await rosa.page.getByTestId('decision').getByRole('button', { name: 'Zugang beenden' }).click();
  await rosa.press('Wieder aufnehmen');
  await rosa.press('Abbrechen');
  await rosa.settled();
  await dora.setOffline(false);
  await dora.goTo('Heute');
  const alarm = dora.page.locator('[data-testid="alarm"][data-code="overtaken"]');
  await alarm.getByRole('button', { name: 'Ansehen' }).click();
  const lost = dora.page.getByTestId('overtaken');
  await lost.getByText('Ein Brief für Maria Mutter').waitFor();
  await lost.getByText('Rosa Leitung hat den Zugang von Maria Mutter beendet').waitFor();
  await lost.getByRole('button', { name: 'Zu Maria Mutter' }).click();
  await dora.page.getByRole('heading', { name: 'Maria Mutter', level: 1 }).waitFor();
  await dora.page.goBack();
  await lost.getByRole('button', { name: 'Erledigt' }).click();
  await lost.waitFor({ state: 'detached' });
  await dora.goTo('Heute');
  expect(await alarm.count()).toBe(0);
});

it('lets another director undo a mistake; both decisions are listed, for whoever came later, too', async () => {
  await dora.openChild(carla);
  await dora.press('Rechte und Zugang: Maria Mutter');
  await dora.press('Wieder aufnehmen');
  await decision(dora).getByRole('button', { name: 'Wieder aufnehmen' }).click();
  await decision(dora).waitFor({ state: 'detached' });
  await dora.settled();
  await openLead(nina);
  await nina.press('Was zuletzt geschehen ist');
  const acts = nina.page.getByTestId('act');
  await acts.filter({ hasText: 'Dora Direktorin hat Maria Mutter aufgenommen' }).nth(1).waitFor();
  const words = (await acts.allInnerTexts()).map((text) => text.split('\n')[0]);
  expect(words).toContain('Rosa Leitung hat den Zugang von Maria Mutter beendet');
  expect(words.at(-1)).toBe('Dora Direktorin hat Kita Spatzennest eingerichtet');
  const devices = nina.page.getByTestId('confirmed').filter({ hasText: 'Erik Erzieher' });
  expect(await devices.innerText()).toContain('bestätigt von Dora Direktorin');
});

it('takes in somebody of whom only directors and those named ever learn; who is named is seen and changed', async () => {
  await dora.openChild(carla);
  await dora.sayWhomToCall(['Hanna 0341 11111', 'Maria 0341 22222']);
  const care = (person: Person) => person.page.getByTestId('care');
  await erik.openDayOf(carla);
  await care(erik).getByText('Hanna 0341 11111').waitFor();
  await dora.press('Elternteil anlegen');
  await dora.fill('Name des Elternteils', 'Hanna Heimlich');
  await dora.page.getByText('Darf niemand von dieser Person erfahren?').click();
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /Von Anfang an schützen/ }).check();
  await dialog.getByText('Geben Sie den Brief nur persönlich weiter.').waitFor();
  await dialog.getByRole('checkbox', { name: 'Erik Erzieher' }).check();
  const contacts = dialog.getByLabel('Wen wir für Carla anrufen');
  await expect.poll(() => contacts.inputValue()).toBe('Hanna 0341 11111\nMaria 0341 22222');
  await contacts.fill('Maria 0341 22222');
  await dialog.getByRole('button', { name: 'Anlegen', exact: true }).click();
  await dora.page.getByRole('article', { name: 'Hanna Heimlich' }).waitFor();
  // What went from there, whoever is named reads with the child.
  const known = care(erik).getByTestId('care-apart');
  await known.getByText('Hanna 0341 11111').waitFor();
  await known.getByText('Sagen Sie es nicht weiter.').waitFor();
  expect(await care(erik).getByText('Hanna 0341 11111').count()).toBe(1);
  await care(erik).getByText('Maria 0341 22222').waitFor();
  const link = await dora.printLetter('Hanna Heimlich');
  hanna = await Person.arrive(house, phone);
  await dora.confirm('Hanna Heimlich', await hanna.join(link));
  await hanna.enter();

  await hanna.goTo('Nachrichten');
  await hanna.press('Nur für Sie und die hier Genannten');
  const readers = hanna.page.getByTestId('board-members').getByRole('listitem');
  await readers.nth(4).waitFor();
  expect((await readers.allInnerTexts()).toSorted()).toEqual([
    'Dora Direktorin',
    'Erik Erzieher',
    'Hanna Heimlich (Sie)',
    'Nina Dritte',
    'Rosa Leitung',
  ]);
  await erik.press('Schließen');
  await erik.goTo('Nachrichten');
  await erik.page.getByText('Geschützt: Hanna Heimlich').first().waitFor();

  await dora.openChild(carla);
  await dora.press('Rechte und Zugang: Hanna Heimlich');
  await dora.page.getByTestId('contacts-apart').getByText('Hanna 0341 11111').waitFor();
  await dora.page.getByTestId('named').getByText('Erik Erzieher').waitFor();
  await dora.press('Ändern, wer davon weiß');
  await dialog.getByRole('checkbox', { name: 'Erik Erzieher' }).uncheck();
  await dialog.getByText('Erik Erzieher liest dort nichts Neues mehr von Hanna Heimlich.').waitFor();
  await dora.press('So festlegen');
  await dora.page.getByTestId('named').getByText('Außer der Leitung weiß niemand davon.').waitFor();
  await readers.filter({ hasText: 'Erik Erzieher' }).waitFor({ state: 'detached' });
  expect(await readers.count()).toBe(4);
  await erik.openDayOf(carla);
  await care(erik).getByText('Maria 0341 22222').waitFor();
  expect(await care(erik).getByText('Hanna').count()).toBe(0);
  await erik.press('Schließen');
});

it('cuts a group for families who come later: they read what is new, and the team everything', async () => {
  await postInGroup(erik, 'Vorher');
  await erik.settled();
  await dora.goTo('Personen');
  await dora.press('Gruppen');
  await dora.press(/Igel/);
  await dora.page.locator('summary', { hasText: 'Neue sehen ab jetzt nur Neues' }).click();
  await dora.press('Ansehen, was das bedeutet');
  await decision(dora).getByText('Das Team liest weiter alles.').waitFor();
  await decision(dora).getByRole('button', { name: 'Ab jetzt nur Neues' }).click();
  await decision(dora).waitFor({ state: 'detached' });
  await dora.settled();
  expect(await dora.page.getByTestId('alarm').allInnerTexts()).toEqual([]);

  await dora.createChild('Gina Neu', ['Gesa Neu']);
  const link = await dora.printLetter('Gesa Neu');
  gesa = await Person.arrive(house, phone);
  await dora.confirm('Gesa Neu', await gesa.join(link));
  await gesa.enter();
  await postInGroup(erik, 'Nachher');
  await gesa.goTo('Aushänge');
  await expect.poll(() => titles(gesa)).toEqual(['Nachher']);
  expect(await titles(erik)).toEqual(['Nachher', 'Vorher']);
});

it('cuts what went to all families, too; the house keeps its name', async () => {
  await dora.postBulletin('Alt', 'An alle.');
  await dora.goTo('Mehr');
  await dora.press('Angaben der Kita ändern');
  await dora.page.locator('summary', { hasText: 'Neue sehen ab jetzt nur Neues' }).click();
  await dora.press('Ansehen, was das bedeutet');
  await decision(dora).getByText('was bisher an alle Familien ging').waitFor();
  await decision(dora).getByRole('button', { name: 'Ab jetzt nur Neues' }).click();
  await decision(dora).waitFor({ state: 'detached' });
  await dora.settled();

  await dora.createChild('Lena Später', ['Lars Später']);
  const link = await dora.printLetter('Lars Später');
  lars = await Person.arrive(house, phone);
  await dora.confirm('Lars Später', await lars.join(link));
  await lars.enter();
  await dora.postBulletin('Neu', 'An alle.');
  await lars.goTo('Aushänge');
  await expect.poll(() => titles(lars)).toEqual(['Neu', 'Nachher']);
  expect(await lars.page.getByText('Kita Spatzennest').count()).toBeGreaterThan(0);
  await gesa.goTo('Aushänge');
  await expect.poll(() => titles(gesa)).toEqual(['Neu', 'Alt', 'Nachher']);
});

it('lets elected parents write among themselves: they read each other, and nobody of the house reads them', async () => {
  await dora.goTo('Nachrichten');
  await dora.page.locator('summary', { hasText: 'Neue Runde' }).click();
  await dora.press('Elternbeirat anlegen');
  const form = dora.page.getByTestId('circle-form');
  for (const name of ['Gesa Neu', 'Lars Später']) await form.getByRole('checkbox', { name }).check();
  await form.getByRole('button', { name: 'Anlegen', exact: true }).click();
  await form.waitFor({ state: 'detached' });
  // She does not read it, and it is there.
  await dora.button('Elternbeirat anlegen').waitFor({ state: 'detached' });
  const council = (person: Person) => person.page.locator('[data-testid="board-row"][data-sort="council"]');
  const note = (person: Person, words: string) => person.page.getByTestId('note').filter({ hasText: words });
  for (const [person, title, words] of [
    [gesa, 'Sommerfest', 'Wer bringt Kuchen mit?'],
    [lars, 'Kuchen', 'Ich.'],
  ] as const) {
    await person.goTo('Nachrichten');
    await council(person).click();
    if (person === lars) await note(lars, 'Wer bringt Kuchen mit?').waitFor();
    await person.press('Notiz schreiben');
    await person.fill('Überschrift', title);
    await person.fill('Text', words);
    await person.press('Notiz ablegen');
    await note(person, words).waitFor();
  }
  await note(gesa, 'Ich.').waitFor();
  await gesa.page.getByTestId('board-members').getByText('Lars Später').waitFor();
  for (const person of [dora, erik]) {
    await person.goTo('Nachrichten');
    expect(await person.page.getByText(/Sommerfest|Kuchen/).count()).toBe(0);
    expect(await council(person).count()).toBe(0);
  }
});

it('goes nowhere in a dispute: one alone ends nobody, and another one stops what was proposed', async () => {
  await dora.openStaff('Nina Dritte');
  await dora.press('Rolle beenden');
  await propose(dora);
  await dora.goTo('Heute');
  await proposal(dora).waitFor();
  await rosa.goTo('Heute');
  await proposal(rosa).filter({ hasText: 'Nina Dritte' }).getByRole('button', { name: 'Ablehnen' }).click();
  for (const person of [rosa, dora]) await proposal(person).waitFor({ state: 'detached' });
  // Agreed on for a later day it is a plan: either of the two takes it back, and not whom it is about.
  await dora.openStaff('Nina Dritte');
  await dora.press('Rolle beenden');
  await dora.page.getByRole('checkbox', { name: 'Erst an einem späteren Tag' }).check();
  await propose(dora);
  await agree(rosa, 'sobald ein Gerät der Leitung Netz hat');
  const plan = (person: Person) => person.page.getByTestId('plan').filter({ hasText: 'Nina Dritte' });
  await nina.openStaff('Nina Dritte');
  await plan(nina).waitFor();
  expect(await plan(nina).getByRole('button').count()).toBe(0);
  await dora.openStaff('Nina Dritte');
  await plan(dora).getByRole('button').click();
  for (const person of [dora, nina]) await plan(person).waitFor({ state: 'detached' });
  await nina.postBulletin('Weiter da', 'Von Nina.');
  await dora.goTo('Aushänge');
  await dora.page.getByTestId('bulletin').filter({ hasText: 'Weiter da' }).waitFor();
});

it('removes a device of another director once a third one agrees: it empties itself', async () => {
  await dora.openStaff('Nina Dritte');
  await dora.page.getByText('Gerät verloren oder gewechselt?').click();
  await dora.press(/^Alle Geräte entfernen|^Gerät entfernen/);
  await propose(dora);
  await nina.goTo('Heute');
  await agree(rosa, 'löscht dort alles aus dieser Kita');
  expect(await proposal(nina).count()).toBe(0);
  await nina.page.getByRole('heading', { name: /entfernt|beendet/ }).waitFor();
});

it('ends a director’s role once another one agrees, and lists a plan that is over', async () => {
  await dora.openStaff('Nina Dritte');
  await dora.press('Rolle beenden');
  await propose(dora);
  await agree(rosa, 'Der Zugang endet sofort');
  await openLead(rosa);
  await rosa.page.getByTestId('directors').getByText('Nina Dritte').waitFor({ state: 'detached' });

  await dora.openChild(carla);
  await dora.press('Kind verlässt die Kita');
  await dora.page.getByTestId('decision').getByRole('radio', { name: 'An einem späteren Tag' }).check();
  await dora.press('Für diesen Tag vormerken');
  await dora.page
    .getByTestId('plan')
    .getByRole('button', { name: /Zurücknehmen/ })
    .click();
  await dora.page.getByTestId('plan').waitFor({ state: 'detached' });
  await dora.page.getByText('Vorbei').click();
  const over = dora.page.getByTestId('plan-over');
  await over.getByText('Carla verlässt die Kita').waitFor();
  expect(await over.getAttribute('data-stage')).toBe('withdrawn');
});

it('dissolves the house once another one agrees', async () => {
  await openLead(dora);
  await dora.page.getByText('Die Kita auflösen').click();
  await dora.press('Kita auflösen');
  await propose(dora);
  await agree(rosa, 'Niemand kann danach mehr schreiben');
  for (const person of [dora, rosa]) {
    await person.goTo('Heute');
    await person.page.locator('[data-testid="alarm"][data-code="dissolved"]').waitFor();
    await person.openChild(carla);
    await person.page.getByRole('heading', { name: carla, level: 1 }).waitFor();
    expect(await person.button(/anlegen$|wechseln$|verlässt|drucken$/).count()).toBe(0);
  }
});
