/** @file Pictures before they are drawn: their order, their words, what is held in memory, what is chosen. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError, type House, type MediaFault, type Picture } from '../../src/engine/contract';
import { setLanguage } from '../../src/i18n/i18n.svelte';
import { Chosen } from '../../src/ui/pictures/chosen.svelte';
import { placeholderOf } from '../../src/ui/pictures/hash';
import { bulletinText } from '../../src/ui/pictures/post';
import { sendingWords } from '../../src/ui/pictures/sending';
import { audiencesOf, daysOf, ratioOf, tally } from '../../src/ui/pictures/sets';
import {
  busyWith,
  faultSentence,
  fileName,
  mediaWords,
  neutralName,
  numberWords,
  standingOf,
} from '../../src/ui/pictures/words';
import { SendingProgress } from '../../src/ui/state/progress.svelte';
import { ShownPictures } from '../../src/ui/state/shown';

function picture(part: Partial<Picture> = {}): Picture {
  return {
    id: 'p',
    set: 's',
    width: 1600,
    height: 1200,
    hash: '',
    alt: '',
    at: Date.parse('2026-11-28T10:00:00'),
    author: 'Murat',
    mine: false,
    audience: 'group',
    audienceName: 'Igel',
    sharedWith: [],
    state: 'relay',
    mayDownload: false,
    mayRemove: false,
    mayShare: false,
    ...part,
  };
}

type Way = Pick<House, 'link' | 'media'>;
const moving: Way = { link: 'online', media: { queued: 3, failed: 0, paused: false } };

beforeEach(() => setLanguage('de'));

describe('the feed', () => {
  it('puts the newest day first, and keeps the order of choosing within a set', () => {
    const at = (day: string) => Date.parse(`2026-11-${day}T10:00:00`);
    const days = daysOf([
      picture({ id: 'a', set: 'old', at: at('26') }),
      picture({ id: 'b', set: 'new', at: at('28') }),
      picture({ id: 'c', set: 'new', at: at('28') + 1 }),
      picture({ id: 'd', set: 'more', at: at('28') - 1 }),
    ]);
    expect(days.map((day) => [day.day, day.sets.map((set) => set.pictures.map((one) => one.id))])).toEqual([
      ['2026-11-28', [['b', 'c'], ['d']]],
      ['2026-11-26', [['a']]],
    ]);
  });

  it('tells apart what was shown to two audiences, and names each audience once, groups first', () => {
    const pictures = [
      picture({ id: 'a', audience: 'child', audienceName: 'Emma' }),
      picture({ id: 'b' }),
      picture({ id: 'c' }),
      picture({ id: 'd', audience: 'thread', audienceName: 'Emma' }),
    ];
    expect(daysOf(pictures)[0]?.sets.length).toBe(3);
    expect(audiencesOf(pictures).map((one) => one.name)).toEqual(['Igel', 'Emma']);
  });

  it('lays out by shape, measured where it is not known, within what a row can hold', () => {
    expect(ratioOf(picture(), undefined)).toBeCloseTo(4 / 3);
    expect(ratioOf(picture({ width: 0, height: 0 }), 0.75)).toBe(0.75);
    expect(ratioOf(picture({ width: 9000, height: 100 }), undefined)).toBe(2.4);
    expect(ratioOf(picture({ width: 100, height: 9000 }), undefined)).toBe(0.5);
  });

  it('counts how far a set has come, the least far first', () => {
    expect(tally(['relay', 'safe', 'relay'], ['safe', 'local', 'relay'])).toEqual([
      ['safe', 1],
      ['relay', 2],
    ]);
  });
});

describe('where a picture is', () => {
  const queue = [
    picture({ id: '1', transfer: { stage: 'sent' } }),
    picture({ id: '2', transfer: { stage: 'ready' } }),
    picture({ id: '3', transfer: { stage: 'kept' } }),
    picture({ id: '4', transfer: { stage: 'kept' } }),
  ];

  it('is said of each honestly: only the first of each stage is being worked on', () => {
    const busy = busyWith(queue, moving);
    expect(queue.map((one) => standingOf(one, busy))).toEqual(['sending', 'safe', 'preparing', 'safe']);
  });

  it('is not called sending while it is held up or without a network', () => {
    for (const way of [
      { ...moving, link: 'offline' as const },
      { ...moving, media: { ...moving.media, paused: true } },
    ]) {
      expect(queue.map((one) => standingOf(one, busyWith(queue, way)))).toEqual(['safe', 'safe', 'preparing', 'safe']);
    }
    const ready = queue.slice(1);
    expect(standingOf(ready[0] ?? picture(), busyWith(ready, moving))).toBe('sending');
  });

  it('is the state of the item once the relay has it', () => {
    expect(standingOf(picture({ state: 'house' }))).toBe('house');
    expect(standingOf(picture({ transfer: { stage: 'failed', fault: 'empty' } }))).toBe('failed');
  });
});

describe('words', () => {
  it('give every fault a sentence of its own, with something to do', () => {
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
    const sentences = faults.map((fault) => faultSentence(fault));
    expect(new Set(sentences).size).toBe(faults.length);
    for (const sentence of sentences)
      expect(sentence).toMatch(/wählen|Wählen|Machen|machen|Verkleinern|Speichern|entfernen|Versuchen/);
  });

  it('ask nobody to choose again what is kept and may be tried again', () => {
    const kept = 'Es ist noch auf diesem Gerät: Schaffen Sie Platz und versuchen Sie es noch einmal.';
    expect(faultSentence('storage_full', true)).toContain(kept);
    expect(faultSentence('storage_full')).toContain('wählen Sie es noch einmal aus');
  });

  it('say which picture of how many, and what is to be seen', () => {
    expect(numberWords(3, 12, '')).toBe('Bild 3 von 12');
    expect(numberWords(3, 12, 'Ein Igel')).toBe('Bild 3 von 12: Ein Igel');
  });

  it('say how far it is, and what it waits for', () => {
    const paused = { ...moving, media: { ...moving.media, paused: true } };
    expect(sendingWords(moving, { left: 288, done: 12 }, 0)).toBe('288 Bilder werden gesendet · 12 fertig');
    expect(sendingWords(moving, { left: 1, done: 0 }, 1)).toBe('1 Datei wird gesendet');
    expect(sendingWords({ ...moving, link: 'offline' }, { left: 2, done: 0 }, 0)).toBe('2 Bilder warten auf Netz');
    expect(sendingWords(paused, { left: 2, done: 0 }, 0)).toMatch(/^Angehalten: 2 Bilder/);
    expect(sendingWords(moving, { left: 4, done: 1 }, 1)).toBe('3 Bilder und 1 Datei werden gesendet · 1 fertig');
    expect(sendingWords(paused, { left: 3, done: 0 }, 2)).toMatch(/^Angehalten: 1 Bild und 2 Dateien liegen sicher/);
    setLanguage('en');
    expect(sendingWords(moving, { left: 4, done: 0 }, 1)).toBe('Sending 3 pictures and 1 file');
    expect(sendingWords({ ...moving, link: 'offline' }, { left: 2, done: 0 }, 1)).toMatch(
      /^1 picture and 1 file are waiting/,
    );
    setLanguage('de');
  });

  it('name what came with a message that has no text', () => {
    const file = { id: 'f', set: 's', name: 'Brief.pdf', bytes: 1, at: 1, mine: true, state: 'relay', mayRemove: true };
    expect(mediaWords({ pictures: [picture()], files: [{ ...file, state: 'relay' }] })).toBe('1 Bild, Brief.pdf');
  });

  it('save a picture under a name that says nothing about anybody', () => {
    expect(neutralName('2026-11-28')).toBe('bild-2026-11-28.jpg');
  });
});

describe('a text beside pictures', () => {
  it('has its first line as the heading, where there is more than one', () => {
    expect(bulletinText('Im Wald\n\nWir haben Pilze gesehen.', 'x')).toEqual({
      title: 'Im Wald',
      body: 'Wir haben Pilze gesehen.',
    });
    expect(bulletinText(' Wir waren im Wald. ', '3 neue Bilder')).toEqual({
      title: '3 neue Bilder',
      body: 'Wir waren im Wald.',
    });
    const long = 'x'.repeat(121);
    expect(bulletinText(`${long}\nmehr`, 'Bilder')).toEqual({ title: 'Bilder', body: `${long}\nmehr` });
  });
});

describe('the progress of sending', () => {
  const house = (queued: number): House => ({
    slot: 'h',
    name: '',
    fingerprint: '',
    role: 'educator',
    stage: 'member',
    link: 'online',
    waiting: 0,
    media: { queued, failed: 0, paused: false },
    alarms: [],
    me: { person: '', name: '' },
    helpLine: '',
    notice: '',
  });

  it('counts what is done until nothing is left, and adds what comes in between', () => {
    const progress = new SendingProgress();
    const after = (queued: number) => {
      progress.note([house(queued)]);
      return progress.of('h');
    };
    expect(after(0)).toEqual({ left: 0, done: 0 });
    expect(after(300)).toEqual({ left: 300, done: 0 });
    expect(after(288)).toEqual({ left: 288, done: 12 });
    expect(after(290)).toEqual({ left: 290, done: 12 });
    expect(after(289)).toEqual({ left: 289, done: 13 });
    expect(after(0)).toEqual({ left: 0, done: 0 });
  });
});

describe('what is chosen', () => {
  const file = (name: string, type: string) => new File(['x'], name, { type, lastModified: 5 });

  it('holds a file once, tells PDFs from pictures, and keeps the words for the engine', () => {
    const chosen = new Chosen();
    chosen.add([file('a.jpg', 'image/jpeg'), file('b.pdf', 'application/pdf'), file('C.PDF', '')]);
    chosen.add([file('a.jpg', 'image/jpeg')]);
    expect(chosen.list.map((one) => one.kind)).toEqual(['picture', 'file', 'file']);
    expect([chosen.pictures, chosen.files]).toEqual([1, 2]);
    const first = chosen.list[0];
    if (first) first.alt = ' Ein Igel ';
    expect(chosen.all()[0]?.alt).toBe('Ein Igel');
    chosen.remove(first?.key ?? 0);
    expect(chosen.all().map((one) => one.file.name)).toEqual(['b.pdf', 'C.PDF']);
  });
});

describe('a placeholder', () => {
  it('is made of a hash, and of nothing else', () => {
    expect(placeholderOf('')).toBeUndefined();
    expect(placeholderOf('zz')).toBeUndefined();
    expect(placeholderOf('91070e')).toBeUndefined();
    expect(placeholderOf('91070e1d848888778777777088a887899973904908')).toMatch(/^data:image\/png;base64,/);
  });
});

describe('pictures on screen', () => {
  const bytes = 10;
  let made: string[];
  let revoked: string[];
  beforeEach(() => {
    made = [];
    revoked = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      made.push(`blob:${made.length + 1}`);
      return made.at(-1) ?? '';
    });
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void revoked.push(address));
  });
  const store = (idleBytesMax: number) => {
    const picture_ = vi.fn(async () => new Blob(['x'.repeat(bytes)]));
    return { shown: new ShownPictures({ picture: picture_ }, idleBytesMax), picture: picture_ };
  };

  it('are fetched once for everybody who looks, and kept for whoever scrolls back', async () => {
    const { shown, picture: fetched } = store(bytes);
    const [a, b] = [shown.hold('h', 'p', 'thumb'), shown.hold('h', 'p', 'thumb')];
    expect(await a.address).toBe(await b.address);
    a.release();
    b.release();
    const again = shown.hold('h', 'p', 'thumb');
    expect(await again.address).toBe('blob:1');
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(revoked).toEqual([]);
  });

  it('are given up when they take too much room, never those that somebody looks at', async () => {
    const { shown } = store(bytes);
    const looked = shown.hold('h', 'looked at', 'thumb');
    await looked.address;
    for (const id of ['1', '2', '3']) {
      const hold = shown.hold('h', id, 'thumb');
      await hold.address;
      hold.release();
      // Twice is once.
      hold.release();
    }
    await vi.waitFor(() => expect(revoked).toEqual(['blob:2', 'blob:3']));
  });

  it('go with their house, also those that somebody looks at or that are still coming', async () => {
    const { shown, picture: fetched } = store(bytes);
    const [gone, stays] = [shown.hold('gone', 'p', 'full'), shown.hold('stays', 'p', 'full')];
    await Promise.all([gone.address, stays.address]);
    const idle = shown.hold('gone', 'idle', 'thumb');
    await idle.address;
    idle.release();
    const coming = shown.hold('gone', 'coming', 'thumb');
    shown.keepTo(['stays']);
    gone.release();
    await coming.address;
    await vi.waitFor(() => expect(revoked).toEqual(['blob:1', 'blob:3', 'blob:4']));
    expect(await shown.hold('stays', 'p', 'full').address).toBe(await stays.address);
    expect(fetched).toHaveBeenCalledTimes(4);
  });

  it('are asked for again after a failure', async () => {
    const failing = vi
      .fn<(slot: string, id: string) => Promise<Blob>>()
      .mockRejectedValueOnce(new EngineError('offline'))
      .mockResolvedValue(new Blob(['x']));
    const shown = new ShownPictures({ picture: failing });
    const first = shown.hold('h', 'p', 'full');
    await expect(first.address).rejects.toThrow('offline');
    first.release();
    expect(await shown.hold('h', 'p', 'full').address).toBe('blob:1');
  });
});

describe('a name to save a file under', () => {
  it('is plain and always that of a PDF', () => {
    const names = [
      ['Attest.pdf', 'Attest.pdf'],
      ['Attest.PDF', 'Attest.pdf'],
      ['Attest.pdf.exe', 'Attest.pdf.exe.pdf'],
      ['x.html', 'x.html.pdf'],
      ['../../Start/a.lnk', '.. .. Start a.lnk.pdf'],
      ['Attest\u202Efdp.exe', 'Attest fdp.exe.pdf'],
      ['', 'PDF.pdf'],
      ['.pdf', 'PDF.pdf'],
    ] as const;
    for (const [given, saved] of names) expect(fileName(given)).toBe(saved);
  });
});
