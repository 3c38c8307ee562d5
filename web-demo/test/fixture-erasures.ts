/** @file What is to go for good, what nobody is shown, and what is gone, of the invented house. */
import type { Erasures, WrittenEntry } from '../src/engine/contract';
import * as data from './fixture-data';

const said = (name: string, mine: boolean, at: number) => ({ name, mine, at });

const wished: readonly WrittenEntry[] = [
  {
    item: 'e1',
    kind: 'message',
    place: 'thread',
    placeName: 'Katrin Oberschwarzenbacher-Yılmaz',
    text: 'Der Vater von Jonas hat am Tor gesagt, dass er sich trennt. Bitte behalten Sie das für sich.',
    author: 'Katrin Oberschwarzenbacher-Yılmaz',
    mine: false,
    at: data.at(17, 40, 2),
    said: [said('Murat Aydın', false, data.at(8, 10))],
  },
  {
    item: 'e2',
    kind: 'picture',
    place: 'group',
    placeName: 'Igel',
    text: '',
    author: 'Murat Aydın',
    mine: false,
    at: data.at(10, 5, 3),
    said: [said('Sabine Kehl', true, data.at(15, 30, 1))],
  },
];
const restricted: readonly WrittenEntry[] = [
  {
    item: 'e3',
    kind: 'note',
    place: 'child',
    placeName: 'Emma Brandt',
    text: 'Absprache zum Abholen',
    author: 'Jule Hansen',
    mine: false,
    at: data.at(9, 0, 4),
    said: [said('Sabine Kehl', true, data.at(12, 0, 2))],
  },
];

export class Erasable {
  #wished = wished;
  #restricted = restricted;

  constructor(private readonly empty: boolean) {}

  list(): Erasures {
    if (this.empty) return { wished: [], restricted: [], erased: [] };
    return {
      wished: this.#wished,
      restricted: this.#restricted,
      erased: [
        {
          place: 'thread',
          placeName: 'Katrin Demir',
          count: 1,
          by: 'Sabine Kehl',
          second: 'Murat Aydın',
          at: data.at(16, 20, 6),
        },
        { place: 'house', placeName: '', count: 3, by: 'Murat Aydın' },
      ],
    };
  }

  erase(item: string): void {
    this.#wished = this.#wished.filter((one) => one.item !== item);
  }

  restrict(item: string, on: boolean): void {
    const found = [...this.#wished, ...this.#restricted].filter((one) => one.item === item);
    this.#wished = this.#wished.filter((one) => one.item !== item);
    this.#restricted = this.#restricted.filter((one) => one.item !== item);
    if (on) this.#restricted = [...found, ...this.#restricted];
  }
}
