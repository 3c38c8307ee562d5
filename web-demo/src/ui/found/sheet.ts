/** @file What is typed from a printed sheet to show that it is there. */
import { groupsOf } from '../join/invitation';

/** Letters that a sheet does not use, and what they were read for. */
const readFor: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** Whether these are the last characters of a sheet's code, however they were typed. */
export function isEndOf(code: string, typed: string): boolean {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return plain.replace(/[OIL]/g, (letter) => readFor[letter] ?? letter) === groupsOf(code).at(-1);
}
