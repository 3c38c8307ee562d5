/** @file The pictures and files of the sample house: what is shown, what is under way, what was set aside. */
import {
  EngineError,
  type Attachment,
  type ChosenFile,
  type House,
  type Media,
  type MediaFault,
  type MediaTarget,
  type Picture,
  type Role,
  type Taken,
} from '../src/engine/contract';
import { at, childrenOf, groups, threads } from './fixture-data';
import { drawn, jpeg, pdf } from './fixture-pictures';

export const noMedia: Media = { pictures: [], files: [] };

interface SetSample {
  readonly set: string;
  readonly at: number;
  readonly motifs: readonly number[];
  readonly audience: 'group' | 'child' | 'thread';
  readonly audienceName: string;
  readonly author: string;
  readonly state: 'relay' | 'house';
  readonly sharedWith?: readonly string[];
}

const sets: readonly SetSample[] = [
  {
    set: 'set-lanterns',
    at: at(6, 40),
    motifs: [0, 1, 2, 3, 4, 5, 6],
    audience: 'group',
    audienceName: 'Igel',
    author: 'Murat Aydın',
    state: 'relay',
  },
  {
    set: 'set-emma',
    at: at(14, 30, 1),
    motifs: [4],
    audience: 'child',
    audienceName: 'Emma Brandt',
    author: 'Murat Aydın',
    state: 'house',
  },
  {
    set: 'set-wood',
    at: at(10, 20, 1),
    motifs: [8, 10, 9],
    audience: 'group',
    audienceName: 'Igel',
    author: 'Murat Aydın',
    state: 'house',
    sharedWith: ['Füchse'],
  },
  {
    set: 'set-foxes',
    at: at(9, 5, 1),
    motifs: [7, 11],
    audience: 'group',
    audienceName: 'Füchse',
    author: 'Jule Hansen',
    state: 'house',
  },
  {
    set: 'set-week',
    at: at(15, 10, 4),
    motifs: [11, 5, 9, 3, 2, 6, 7, 0, 8, 10, 1, 4],
    audience: 'group',
    audienceName: 'Igel',
    author: 'Jule Hansen',
    state: 'house',
  },
  {
    set: 'set-thread',
    at: at(12, 15, 1),
    motifs: [10, 6],
    audience: 'thread',
    audienceName: 'Emma Brandt',
    author: 'Murat Aydın',
    state: 'house',
  },
];

const pdfBytes = 184_320;
const sampleFiles: readonly Attachment[] = [
  {
    id: 'file-feast',
    set: 'set-feast',
    name: 'Ablauf Laternenfest.pdf',
    bytes: pdfBytes,
    at: at(7, 20),
    mine: false,
    state: 'house',
    mayRemove: false,
  },
  {
    id: 'file-form',
    set: 'set-thread',
    name: 'Einverständnis Waldtag Maximiliane-Sophie Oberschwarzenbacher-Yılmaz.pdf',
    bytes: 1_310_720,
    at: at(12, 15, 1),
    mine: false,
    state: 'house',
    mayRemove: false,
  },
];

const faults: readonly MediaFault[] = [
  'empty',
  'too_large',
  'too_many_pixels',
  'format_unsupported',
  'not_a_picture',
  'undecodable',
  'not_a_pdf',
  'storage_full',
  'lost',
  'withdrawn',
  'refused',
  'no_access',
];

/** Of these something is still on the device. */
const retryable: readonly MediaFault[] = ['storage_full', 'refused', 'no_access'];

/** What scenes differ in. */
export interface Stock {
  readonly role: Role;
  readonly empty: boolean;
  /** This many pictures are on their way. */
  readonly sending: number;
  readonly paused: boolean;
  readonly faults: boolean;
  /** Several hundred pictures of one feast. */
  readonly many: boolean;
  /** Pictures do not come: without a network, or because nobody keeps them any more. */
  readonly trouble: 'offline' | 'not_found' | undefined;
}

const targetNames = { house: 'Kita Spatzennest', thread: 'Katrin Brandt' };
const feastSet = 'set-feast-pictures';
const feastDone = 12;

export class Shelf {
  readonly #stock: Stock;
  #pictures: readonly Picture[];
  #files: readonly Attachment[];
  #moving: Media;
  #paused: boolean;
  #numbers = new Map<string, number>();
  #chosen = new Map<string, File>();
  #count = 0;

  constructor(stock: Stock) {
    this.#stock = stock;
    this.#paused = stock.paused;
    const staff = stock.role !== 'guardian';
    const all = stock.many
      ? [...sets, ...Array.from({ length: 24 }, (_, day) => this.#manyOn(day + 5))]
      : stock.empty
        ? []
        : sets;
    this.#pictures = all.flatMap((sample) =>
      sample.motifs.map((motif, index) => this.#picture(`${sample.set}-${index}`, motif, sample, staff)),
    );
    this.#files = stock.empty ? [] : sampleFiles;
    this.#moving = { pictures: [], files: [] };
    if (stock.sending > 0) this.#startFeast(stock.sending);
    if (stock.faults) this.#setAside();
  }

  #manyOn(day: number): SetSample {
    return {
      set: `set-many-${day}`,
      at: at(10, 15, day),
      motifs: Array.from({ length: 13 }, (_, index) => (index * 5 + day) % 12),
      audience: 'group',
      audienceName: day % 3 === 0 ? 'Füchse' : 'Igel',
      author: 'Jule Hansen',
      state: 'house',
    };
  }

  #picture(id: string, motif: number, sample: SetSample, staff: boolean): Picture {
    const { width, height, hash, alt } = drawn(motif);
    const mine = this.#stock.role === 'educator' && sample.author === 'Murat Aydın';
    this.#numbers.set(id, motif);
    return {
      id,
      set: sample.set,
      width,
      height,
      hash,
      alt,
      at: sample.at,
      author: sample.author,
      mine,
      audience: sample.audience,
      audienceName: sample.audienceName,
      sharedWith: sample.sharedWith ?? [],
      state: sample.state,
      mayDownload: !staff,
      mayRemove: mine || this.#stock.role === 'director',
      mayShare: staff,
    };
  }

  #startFeast(count: number): void {
    const sample: SetSample = {
      set: feastSet,
      at: at(6, 55),
      motifs: [],
      audience: 'group',
      audienceName: 'Igel',
      author: 'Murat Aydın',
      state: 'relay',
    };
    const done = Array.from({ length: feastDone }, (_, n) => this.#picture(`feast-${n}`, n + 2, sample, true));
    const moving = Array.from({ length: count }, (_, n): Picture => {
      const one = this.#picture(`feast-${feastDone + n}`, n, sample, true);
      const stage = n === 0 ? 'sent' : n < 5 ? 'ready' : 'kept';
      return {
        ...one,
        state: 'local',
        alt: '',
        ...(stage === 'kept' ? { width: 0, height: 0, hash: '' } : {}),
        transfer: { stage, name: `IMG_2026${String(1100 + n)}.jpg` },
      };
    });
    this.#pictures = [...done, ...this.#pictures];
    this.#moving = { ...this.#moving, pictures: moving };
  }

  #setAside(): void {
    const sample: SetSample = {
      set: feastSet,
      at: at(6, 55),
      motifs: [],
      audience: 'group',
      audienceName: 'Igel',
      author: 'Murat Aydın',
      state: 'relay',
    };
    const failed = faults.flatMap((fault, n): Picture[] =>
      fault === 'not_a_pdf'
        ? []
        : [
            {
              ...this.#picture(`failed-${n}`, n, sample, true),
              width: 0,
              height: 0,
              hash: '',
              alt: '',
              state: 'local',
              transfer: {
                stage: 'failed',
                fault,
                mayRetry: retryable.includes(fault),
                name: `IMG_2026${String(900 + n)}.heic`,
              },
            },
          ],
    );
    const file: Attachment = {
      id: 'failed-file',
      set: 'set-failed',
      name: 'Elternbrief.pdf',
      bytes: 4_096,
      at: at(6, 50),
      mine: true,
      state: 'local',
      transfer: { stage: 'failed', fault: 'not_a_pdf', name: 'Elternbrief.pdf' },
      mayRemove: true,
    };
    this.#moving = { pictures: [...this.#moving.pictures, ...failed], files: [file] };
  }

  /** As the house counts them. */
  get numbers(): House['media'] {
    const all = [...this.#moving.pictures, ...this.#moving.files];
    const failed = all.filter((one) => one.transfer?.stage === 'failed').length;
    return { queued: all.length - failed, failed, paused: this.#paused };
  }

  /** Newest set first, in each the order of choosing. */
  pictures(newest?: number): readonly Picture[] {
    const here = this.#moving.pictures.filter((one) => one.transfer?.stage !== 'failed');
    const shown = [...here, ...this.#pictures].filter((one) => one.audience !== 'thread');
    const sorted = shown.toSorted((a, b) => b.at - a.at);
    return newest === undefined ? sorted : sorted.slice(0, newest);
  }

  get transfers(): Media {
    return this.#moving;
  }

  of(set: string | undefined): Media {
    if (set === undefined) return noMedia;
    return {
      pictures: [...this.#pictures, ...this.#moving.pictures].filter((one) => one.set === set),
      files: [...this.#files, ...this.#moving.files].filter((one) => one.set === set),
    };
  }

  add(to: MediaTarget, set: string, files: readonly ChosenFile[], author: string): Taken {
    const refused: { name: string; fault: MediaFault }[] = [];
    const mayRemove = true;
    for (const { file, kind, alt } of files) {
      const fault: MediaFault | undefined =
        file.size === 0
          ? 'empty'
          : kind === 'picture' && /svg|html|text/.test(file.type)
            ? 'not_a_picture'
            : kind === 'file' && file.type !== 'application/pdf'
              ? 'not_a_pdf'
              : undefined;
      if (fault) {
        refused.push({ name: file.name, fault });
        continue;
      }
      const id = `chosen-${++this.#count}`;
      this.#chosen.set(id, file);
      const transfer = { stage: 'kept', name: file.name } as const;
      const common = { id, set, at: Date.now(), mine: true, state: 'local', transfer, mayRemove } as const;
      if (kind === 'file') {
        this.#moving = {
          ...this.#moving,
          files: [...this.#moving.files, { ...common, name: file.name, bytes: file.size }],
        };
      } else {
        const audience = 'group' in to ? 'group' : 'child' in to ? 'child' : 'thread';
        const picture: Picture = {
          ...common,
          width: 0,
          height: 0,
          hash: '',
          alt,
          author,
          audience,
          audienceName: nameOf(to),
          sharedWith: [],
          mayDownload: false,
          mayShare: audience !== 'thread',
        };
        this.#moving = { ...this.#moving, pictures: [...this.#moving.pictures, picture] };
      }
    }
    return { taken: files.length - refused.length, refused };
  }

  describe(id: string, alt: string): void {
    this.#change(id, (one) => ({ ...one, alt }));
  }

  share(id: string, to: MediaTarget): void {
    this.#change(id, (one) => ({ ...one, sharedWith: [...one.sharedWith, nameOf(to)] }));
  }

  #change(id: string, change: (one: Picture) => Picture): void {
    const each = (list: readonly Picture[]) => list.map((one) => (one.id === id ? change(one) : one));
    this.#pictures = each(this.#pictures);
    this.#moving = { ...this.#moving, pictures: each(this.#moving.pictures) };
  }

  remove(id: string): void {
    const others = <One extends { readonly id: string }>(list: readonly One[]) => list.filter((one) => one.id !== id);
    this.#pictures = others(this.#pictures);
    this.#files = others(this.#files);
    this.#moving = { pictures: others(this.#moving.pictures), files: others(this.#moving.files) };
  }

  retry(id: string): void {
    const pictures = this.#moving.pictures.map((one): Picture =>
      one.id === id ? { ...one, transfer: { stage: 'ready' } } : one,
    );
    this.#moving = { ...this.#moving, pictures };
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  async picture(id: string, size: 'thumb' | 'full'): Promise<Blob> {
    const chosen = this.#chosen.get(id);
    if (chosen) return chosen;
    // Thumbnails are on the device; the picture itself is fetched.
    if (this.#stock.trouble && size === 'full') throw new EngineError(this.#stock.trouble);
    const motif = this.#numbers.get(id);
    if (motif === undefined) throw new EngineError('not_found');
    return jpeg(motif, size);
  }

  async file(id: string): Promise<Blob> {
    const chosen = this.#chosen.get(id);
    if (chosen) return chosen;
    if (this.#stock.trouble) throw new EngineError(this.#stock.trouble);
    return pdf();
  }
}

function nameOf(to: MediaTarget): string {
  if ('group' in to) return groups.find((one) => one.id === to.group)?.name ?? '';
  if ('child' in to) {
    return groups.flatMap((one) => childrenOf(one.id)).find((one) => one.id === to.child)?.name ?? '';
  }
  if ('thread' in to)
    return threads('educator').find((one) => one.id === to.thread)?.guardianName ?? targetNames.thread;
  return targetNames.house;
}
