/** @file A small house to begin with: a director, and a mother who has joined, each in a browser of their own. */
import { House, Person, desk, phone, type Sheet } from './people';

export interface Family {
  readonly house: House;
  readonly dora: Person;
  readonly maria: Person;
  /** The director's. */
  readonly sheet: Sheet;
}

export const child = 'Carla Kind';

/** `others`: further guardians of the child, without letters. */
export async function openFamily(others: readonly string[] = []): Promise<Family> {
  const house = await House.open();
  const dora = await Person.arrive(house, desk);
  const sheet = await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createChild(child, ['Maria Mutter', ...others]);
  const letter = await dora.printLetterOf(child, 'Maria Mutter');
  const maria = await Person.arrive(house, phone);
  await dora.confirm('Maria Mutter', await maria.join(letter));
  await maria.enter();
  await maria.page.getByTestId('child-card').waitFor();
  return { house, dora, maria, sheet };
}

/** Whatever of it there is by now. */
export async function closeFamily(family: Family | undefined): Promise<void> {
  await Promise.all([family?.dora.leave(), family?.maria.leave()]);
  await family?.house.close();
}
