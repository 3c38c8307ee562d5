/** @file Founding where the operator asks for a setup code; and the second person who can lead the house. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { House, Person, desk, tablet } from './people';

const setupCode = 'Eiche-Linde-42';
let house: House;
let dora: Person;

beforeAll(async () => {
  house = await House.open({ settings: `setup_code = "${setupCode}"` });
});
afterAll(() => house?.close());
beforeEach(async () => {
  dora = await Person.arrive(house, desk);
});
afterEach(() => dora.leave());

it('asks for the setup code where there is one, and keeps what was typed', async () => {
  await dora.press(/^Eine Kita einrichten/);
  // Nobody is bothered with it who needs none.
  expect(await dora.page.getByLabel('Einrichtungscode').isVisible()).toBe(false);
  await dora.fill('Name der Kita', 'Kita Spatzennest');
  await dora.fill('Ihr Name', 'Dora Direktorin');
  await dora.fill('Hilfe bei Fragen', '0351 123 456');
  const error = dora.page.getByTestId('error');
  for (const wrong of ['', 'Eiche-Linde-43']) {
    if (wrong !== '') await dora.fill('Einrichtungscode', wrong);
    await dora.press('Kita einrichten');
    await error.getByText(/nur mit einem gültigen Einrichtungscode.*Ihre Angaben sind noch da/).waitFor();
    expect(await dora.page.getByLabel('Name der Kita').inputValue()).toBe('Kita Spatzennest');
    expect(await dora.page.getByLabel('Einrichtungscode').isVisible()).toBe(true);
  }
  await dora.fill('Einrichtungscode', setupCode);
  await dora.press('Kita einrichten');
  await dora.page.getByTestId('sheet-code').waitFor();
});

it('leads from the sheet to a second director, who joins with their letter', async () => {
  const letter = await dora.foundWithSecond('Kita Spatzennest', 'Dora Direktorin', 'Zoe Zweite', setupCode);
  const duty = dora.page.getByTestId('second-duty');
  await duty.getByText('Zoe Zweite ist noch nicht beigetreten').waitFor();

  const zoe = await Person.arrive(house, tablet);
  try {
    await dora.confirm('Zoe Zweite', await zoe.join(letter));
    await zoe.enter();
    await zoe.page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
    await duty.waitFor({ state: 'detached' });
    // Either can go on alone.
    await zoe.createGroup('Igel');
    await dora.goTo('Personen');
    await dora.press('Gruppen');
    await dora.page.getByText('Igel').first().waitFor();
  } finally {
    await zoe.leave();
  }
});

it('reminds whoever leads alone until there is a second director', async () => {
  await dora.found('Kita Spatzennest', 'Dora Direktorin', setupCode);
  const duty = dora.page.getByTestId('second-duty');
  await duty.getByText('Noch keine zweite Leitung').waitFor();
  await dora.page.reload();
  await duty.getByRole('button', { name: 'Zweite Leitung eintragen' }).click();
  await dora.fill('Name der zweiten Leitung', 'Zoe Zweite');
  await dora.press('Brief schreiben');
  await dora.page.getByTestId('letter').waitFor();
  expect(await dora.page.getByTestId('letter').getAttribute('data-person')).toBe('Zoe Zweite');
  await dora.press('Zur Kita');
  await duty.getByText('Zoe Zweite ist noch nicht beigetreten').waitFor();
});
