import { describe, expect, it, vi } from 'vitest';
import { openFiles } from '../../../platform/files';
import { EngineError, type MediaFault } from '../../contract';
import { handClock } from '../../testing/fakes';
import { fakeLimits, fakeModule } from '../../testing/module';
import { fakeNotes } from '../../testing/notes';
import { fakeOpfs } from '../../testing/opfs';
import { fakePixels } from '../../testing/pixels';
import type { Failed, JobName, Jobs } from '../jobs';
import type { Relay } from './relay';
import { faultError } from './fault';
import { createWork } from './work';

const none = new Uint8Array();

function setUp(estimate: () => StorageEstimate = () => ({ quota: 1e12, usage: 0 })) {
  const opfs = fakeOpfs();
  const module = fakeModule();
  const { pixels, state } = fakePixels();
  const notes = { used: fakeNotes(), tried: fakeNotes() };
  const answers = {
    reserve: none as Uint8Array | Failed,
    put: undefined as Failed | undefined,
    /** What the relay has of a blob, how much of it comes at once, and how it ends. */
    blob: none,
    step: 1000,
    breaks: [] as (Failed | undefined)[],
  };
  const sent: { blob: string; part: number; bytes: number[] }[] = [];
  const asked: number[] = [];
  const relay: Relay = {
    reserve: () => Promise.resolve(answers.reserve),
    put(blob, part, bytes) {
      sent.push({ blob, part, bytes: [...bytes] });
      return Promise.resolve(answers.put);
    },
    get(_, from, __, take) {
      asked.push(from);
      const end = answers.breaks.shift();
      return Promise.resolve()
        .then(() => {
          take(answers.blob.slice(from, end ? from + answers.step : undefined));
        })
        .then(() => end);
    },
  };
  const files = openFiles({
    root: () => opfs.root(),
    estimate: () => Promise.resolve(estimate()),
    pause: () => Promise.resolve(),
  });
  const work = createWork({
    module: () => Promise.resolve(module),
    files,
    pixels,
    relay,
    clock: handClock(),
    ...notes,
  });
  const run = <K extends JobName>(name: K, args: Jobs[K]['args']): Promise<Jobs[K]['result']> =>
    work({ name, args } as never, new AbortController().signal) as Promise<Jobs[K]['result']>;
  const take = (text: string, kind: 'picture' | 'file' = 'picture', id = 'i') =>
    run('take', { slot: 'a', id, kind, file: new File([text], 'IMG_1.JPG') });
  const kept = async (text: string, kind: 'picture' | 'file' = 'picture', id = 'i') => {
    const outcome = await take(text, kind, id);
    if (!('kept' in outcome)) throw new Error(`not kept: ${JSON.stringify(outcome)}`);
    return run('prepare', { slot: 'a', id, kind, original: outcome.kept });
  };
  const prepared = async (text: string, kind: 'picture' | 'file' = 'picture') => {
    const outcome = await kept(text, kind);
    if (!('prepared' in outcome)) throw new Error(`not prepared: ${JSON.stringify(outcome)}`);
    return outcome.prepared;
  };
  return { opfs, module, pixels: state, notes, answers, sent, asked, run, take, kept, prepared };
}
const textOf = async (result: Jobs['read']['result']) =>
  'opened' in result ? [result.opened.type, await result.opened.text()] : result.trouble;
const jpeg = { type: 'image/jpeg', evictable: true };

describe('taking in', () => {
  it('keeps a picture sealed, whatever its name says', async () => {
    const { take, opfs, module } = setUp();
    const outcome = await take('J picture');
    expect(outcome).toEqual({ kept: { secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string, bytes: 9 } });
    expect(opfs.paths()).toEqual(['a/original/i']);
    expect(module.open).toBe(0);
  });

  it('refuses what it will not send, and keeps nothing of it', async () => {
    const cases: [string, 'picture' | 'file', MediaFault][] = [
      ['', 'picture', 'empty'],
      ['S svg', 'picture', 'not_a_picture'],
      ['P pdf.', 'picture', 'not_a_picture'],
      ['J!huge', 'picture', 'too_many_pixels'],
      ['J?', 'picture', 'undecodable'],
      ['H heic', 'picture', 'format_unsupported'],
      ['', 'file', 'empty'],
      ['J picture', 'file', 'not_a_pdf'],
      ['P cut short', 'file', 'not_a_pdf'],
    ];
    for (const [text, kind, fault] of cases) {
      const { take, opfs, module } = setUp();
      // The module answers for the whole file; a browser that claims to know less than all of it is wrong.
      if (text === 'J?') vi.spyOn(module, 'checkPicture').mockReturnValue(undefined);
      expect(await take(text, kind), text).toEqual({ fault });
      expect(opfs.paths()).toEqual([]);
    }
    const { run } = setUp();
    const large = new File([], 'x');
    Object.defineProperty(large, 'size', { value: 60 << 20 });
    expect(await run('take', { slot: 'a', id: 'i', kind: 'picture', file: large })).toEqual({ fault: 'too_large' });
    expect(await run('take', { slot: 'a', id: 'i', kind: 'file', file: large })).toEqual({ fault: 'too_large' });
  });

  it('looks further into a file whose beginning does not tell', async () => {
    const { take, module } = setUp();
    const seen = vi.spyOn(module, 'checkPicture');
    expect(await take(`J?${'x'.repeat(98)}`)).toMatchObject({ kept: { bytes: 100 } });
    expect(seen.mock.calls.map(([head]) => head.length)).toEqual([4, 16, 64, 100]);
  });

  it('takes what this browser decodes, and says so where it draws nothing', async () => {
    const { take, pixels } = setUp();
    pixels.heic = true;
    expect(await take('H heic')).toMatchObject({ kept: { bytes: 6 } });
    expect(pixels.open).toBe(0);
    pixels.able = false;
    expect(await take('J picture')).toEqual({ fault: 'format_unsupported' });
    expect(await take('P pdf.', 'file')).toMatchObject({ kept: { bytes: 6 } });
  });

  it('says that a file is gone that can no longer be read', async () => {
    const { run } = setUp();
    const file = new File(['J'], 'x');
    file.slice = () => {
      throw new DOMException('', 'NotReadableError');
    };
    expect(await run('take', { slot: 'a', id: 'i', kind: 'picture', file })).toEqual({ fault: 'lost' });
  });

  it('prepares at once where there is no room for the original', async () => {
    const { take, opfs } = setUp(() => ({ quota: 1e9, usage: 1e9 - 40e6 }));
    const outcome = await take('J picture');
    if (!('prepared' in outcome)) throw new Error('kept');
    expect(outcome.bytes).toBe(9);
    expect(opfs.paths()).toHaveLength(2);
    expect(opfs.paths().every((path) => path.startsWith('a/blob/'))).toBe(true);
  });

  it('prepares at once where the guess was wrong, and says when there is no room at all', async () => {
    const { take, opfs, pixels } = setUp();
    pixels.fineness = 0.1;
    opfs.device.room = 500;
    expect(await take(`J${'x'.repeat(600)}`)).toMatchObject({ bytes: 601 });
    opfs.device.room = 100;
    expect(await take(`J${'x'.repeat(600)}`, 'picture', 'j')).toEqual({ fault: 'storage_full' });
    expect(opfs.paths().filter((path) => path.includes('original'))).toEqual([]);
  });

  it('says that the browser keeps nothing', async () => {
    const { take, opfs } = setUp();
    opfs.root = () => Promise.reject(new DOMException('', 'SecurityError'));
    await expect(take('J picture')).rejects.toEqual(new EngineError('storage_refused'));
  });
});

describe('preparing', () => {
  it('draws a picture in two sizes, with a placeholder, and gives everything back', async () => {
    const { prepared, opfs, pixels, module } = setUp();
    const { full, thumb, width, height, hash } = await prepared('J picture');
    expect([width, height]).toEqual([1600, 1]);
    expect(full.bytes).toBe(1600 * 0.82 * 100);
    expect(thumb?.bytes).toBe(720 * 0.75 * 100);
    expect(full.sealed).toBe(full.bytes + 4);
    expect(hash).toMatch(/^[0-9a-f]{10,64}$/);
    expect(opfs.paths()).toEqual([`a/blob/${full.id}`, `a/blob/${thumb?.id}`, 'a/original/i'].sort());
    expect([pixels.open, module.open]).toEqual([0, 0]);
  });

  it('lowers the quality, then the size, until it fits', async () => {
    const { prepared, pixels } = setUp();
    pixels.fineness = 300;
    const { full } = await prepared('J picture');
    expect(full.bytes).toBe(Math.round(1600 * 0.7 * 300));
    // 1600 px at quality 0.6 would be longer than the relay's limit.
    const fine = setUp();
    fine.pixels.fineness = 1900;
    const small = await fine.prepared('J picture');
    expect(small.full.bytes).toBe(Math.round(1280 * 0.6 * 1900));
    expect(small.thumb?.bytes).toBeLessThanOrEqual(fakeLimits.thumbBytes);
    expect(fine.pixels.open).toBe(0);
  });

  it('sets aside what cannot be decoded, and what is not what it was', async () => {
    const { kept, pixels } = setUp();
    expect(await kept('JX damaged')).toEqual({ fault: 'undecodable' });
    expect(pixels.open).toBe(0);
    const other = setUp();
    const outcome = await other.take('J picture');
    if (!('kept' in outcome)) throw new Error('not kept');
    other.opfs.damage('a/original/i', (bytes) => bytes.slice(1));
    const args = { slot: 'a', id: 'i', kind: 'picture', original: outcome.kept } as const;
    expect(await other.run('prepare', args)).toEqual({ fault: 'lost' });
    expect(await other.run('prepare', { ...args, id: 'gone' })).toEqual({ fault: 'lost' });
  });

  it('checks an attachment and seals it as it is', async () => {
    const { prepared, run } = setUp();
    const { full, thumb } = await prepared('P pdf.', 'file');
    expect(thumb).toBeUndefined();
    const opened = await run('read', { slot: 'a', blob: full, type: 'application/pdf', evictable: false });
    expect(await textOf(opened)).toEqual(['application/pdf', 'P pdf.']);
  });

  it('does not try again what the browser died of three times', async () => {
    const { take, run, notes, pixels } = setUp();
    const outcome = await take('J picture');
    if (!('kept' in outcome)) throw new Error('not kept');
    const args = { slot: 'a', id: 'i', kind: 'picture', original: outcome.kept } as const;
    notes.tried.map.set('a/i', 2);
    expect(await run('prepare', args)).toHaveProperty('prepared');
    expect(notes.tried.map.size).toBe(0);
    notes.tried.map.set('a/i', 3);
    pixels.decoded = 0;
    expect(await run('prepare', args)).toEqual({ fault: 'undecodable' });
    expect(pixels.decoded).toBe(0);
  });

  it('counts a trap of the module, and not what it was told', async () => {
    const { take, run, notes, module, opfs } = setUp();
    const outcome = await take('J picture');
    if (!('kept' in outcome)) throw new Error('not kept');
    const args = { slot: 'a', id: 'i', kind: 'picture', original: outcome.kept } as const;
    opfs.device.room = 10;
    await expect(run('prepare', args)).rejects.toEqual(new EngineError('storage_full'));
    expect(notes.tried.map.size).toBe(0);
    vi.spyOn(module, 'checkPicture').mockImplementation(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    await expect(run('prepare', args)).rejects.toThrow('unreachable');
    expect(notes.tried.map.get('a/i')).toBe(1);
  });
});

describe('sending', () => {
  it('announces a blob and sends the parts that are lacking', async () => {
    const { prepared, run, module, sent } = setUp();
    const { full } = await prepared('P 0123456789 0123456789.', 'file');
    module.missing = [0, 2];
    const reserved = await run('reserve', { slot: 'a', circle: 'c', blob: full.id, ticket: 't' });
    expect(reserved).toEqual({ missing: [0, 2] });
    for (const part of module.missing)
      expect(await run('part', { slot: 'a', blob: full.id, part, ticket: 't' })).toEqual({ sent: true });
    expect(sent.map(({ part, bytes }) => [part, bytes.length])).toEqual([
      [0, 10],
      [2, 8],
    ]);
    expect(String.fromCharCode(...(sent[1]?.bytes ?? []))).toBe('3456789.');
  });

  it('passes on what the relay says, and says what is lost here', async () => {
    const { prepared, run, answers, opfs, module } = setUp();
    const { full } = await prepared('P pdf.', 'file');
    const args = { slot: 'a', circle: 'c', blob: full.id, ticket: 't' };
    answers.reserve = { trouble: 'busy', afterMs: 5 };
    expect(await run('reserve', args)).toEqual({ trouble: 'busy', afterMs: 5 });
    answers.put = { trouble: 'mismatch' };
    expect(await run('part', { ...args, part: 0 })).toEqual({ trouble: 'mismatch' });
    answers.reserve = new Uint8Array([1]);
    expect(await run('reserve', args)).toEqual({ trouble: 'refused' });
    opfs.damage(`a/blob/${full.id}`, (bytes) => bytes.map((byte) => byte ^ 1));
    answers.reserve = none;
    expect(await run('reserve', args)).toEqual({ trouble: 'lost' });
    expect(await run('part', { ...args, blob: 'none', part: 0 })).toEqual({ trouble: 'lost' });
    expect(module.open).toBe(0);
  });
});

describe('reading', () => {
  /** A blob of somebody else's, and what the relay has of it. */
  const foreign = async (text: string) => {
    const other = setUp();
    const { full } = await other.prepared(text, 'file');
    let sealed = none;
    other.opfs.damage(`a/blob/${full.id}`, (bytes) => {
      sealed = new Uint8Array(bytes);
      return bytes;
    });
    return { full, sealed };
  };

  it('asks the relay once, and this device from then on', async () => {
    const { full, sealed } = await foreign('P pdf.');
    const { run, answers, asked, module } = setUp();
    const args = { slot: 'a', blob: full, ...jpeg };
    expect(await textOf(await run('read', args))).toBe('absent');
    answers.blob = sealed;
    expect(await textOf(await run('read', { ...args, ticket: 't' }))).toEqual(['image/jpeg', 'P pdf.']);
    expect(await textOf(await run('read', args))).toEqual(['image/jpeg', 'P pdf.']);
    expect([asked, module.open]).toEqual([[0], 0]);
  });

  it('goes on where a download broke off, and begins again with what was wrong', async () => {
    const { full, sealed } = await foreign('P 0123456789.');
    const { run, answers, asked, module } = setUp();
    const args = { slot: 'a', blob: full, ...jpeg, ticket: 't' };
    Object.assign(answers, { blob: sealed, step: 6, breaks: [{ trouble: 'network' }, { trouble: 'ticket' }] });
    expect(await run('read', args)).toEqual({ trouble: 'network', came: true });
    expect(await run('read', args)).toEqual({ trouble: 'ticket', came: true });
    expect(await textOf(await run('read', args))).toEqual(['image/jpeg', 'P 0123456789.']);
    expect(asked).toEqual([0, 6, 12]);

    const wrong = setUp();
    Object.assign(wrong.answers, { blob: sealed.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) });
    expect(await textOf(await wrong.run('read', args))).toBe('mismatch');
    Object.assign(wrong.answers, { blob: new Uint8Array([...sealed, 1]) });
    expect(await textOf(await wrong.run('read', args))).toBe('mismatch');
    Object.assign(wrong.answers, { blob: sealed });
    expect(await textOf(await wrong.run('read', args))).toEqual(['image/jpeg', 'P 0123456789.']);
    expect([wrong.asked, wrong.module.open, module.open]).toEqual([[0, 0, 0], 0, 0]);
  });

  it('shows nothing that is not what it is shown as, and keeps nothing of it', async () => {
    const { full, sealed } = await foreign('P pdf.');
    const { run, answers, opfs, module } = setUp();
    vi.spyOn(module, 'cleanJpeg').mockImplementation(() => {
      throw faultError('not_a_picture');
    });
    answers.blob = sealed;
    expect(await textOf(await run('read', { slot: 'a', blob: full, ...jpeg, ticket: 't' }))).toBe('mismatch');
    expect(opfs.paths()).toEqual([]);
    const other = await foreign('P pdf 2.');
    answers.blob = other.sealed;
    vi.spyOn(module, 'checkPdf').mockImplementation(() => {
      throw faultError('not_a_pdf');
    });
    const file = { slot: 'a', blob: other.full, type: 'application/pdf', evictable: true, ticket: 't' };
    expect(await textOf(await run('read', file))).toBe('mismatch');
    expect([opfs.paths(), module.open]).toEqual([[], 0]);
  });

  it('shows nothing from this device either that is not what it is shown as', async () => {
    const { full, sealed } = await foreign('P pdf.');
    const { run, answers, module } = setUp();
    const args = { slot: 'a', blob: full, ...jpeg, ticket: 't' };
    answers.blob = sealed;
    expect(await textOf(await run('read', args))).toEqual(['image/jpeg', 'P pdf.']);
    vi.spyOn(module, 'cleanJpeg').mockImplementation(() => {
      throw faultError('not_a_picture');
    });
    expect(await textOf(await run('read', args))).toBe('mismatch');
  });

  it('leaves a blob alone that is another item’s, and asks nobody for what it cannot be', async () => {
    const { full, sealed } = await foreign('P pdf.');
    const { run, answers, opfs, asked, module } = setUp();
    const args = { slot: 'a', blob: full, ...jpeg, ticket: 't' };
    answers.blob = sealed;
    await run('read', args);
    const wrong = { ...full, secret: 'f'.repeat(64) };
    for (const ticket of ['t', undefined]) {
      const read = { slot: 'a', blob: wrong, ...jpeg, ...(ticket ? { ticket } : {}) };
      expect(await textOf(await run('read', read))).toBe('mismatch');
    }
    expect(await textOf(await run('read', { ...args, blob: { ...full, bytes: full.bytes + 1 } }))).toBe('mismatch');
    expect(opfs.paths()).toEqual([`a/blob/${full.id}`]);
    expect(await textOf(await run('read', args))).toEqual(['image/jpeg', 'P pdf.']);
    expect([asked.length, module.open]).toEqual([1, 0]);
  });

  it('asks again for what is damaged here, and shows it where nothing can be kept', async () => {
    const { full, sealed } = await foreign('P pdf.');
    const { run, answers, opfs, asked } = setUp();
    const args = { slot: 'a', blob: full, ...jpeg, ticket: 't' };
    answers.blob = sealed;
    await run('read', args);
    opfs.damage(`a/blob/${full.id}`, (bytes) => bytes.slice(0, 3));
    opfs.device.room = 0;
    expect(await textOf(await run('read', args))).toEqual(['image/jpeg', 'P pdf.']);
    expect([asked.length, opfs.paths()]).toEqual([2, []]);
  });
});

describe('keeping house', () => {
  it('deletes what nobody names, one slot, and slots that do not exist', async () => {
    const { prepared, take, run, opfs, notes } = setUp();
    const { full, thumb } = await prepared('J picture');
    await take('J other', 'picture', 'j');
    await take('J third', 'picture', 'k');
    notes.tried.map.set('a/j', 1);
    const lists = { originals: ['k'], keep: [thumb?.id ?? '', 'elsewhere'], evictable: [] };
    expect(await run('tidy', { slot: 'a', ...lists })).toEqual({ absent: ['elsewhere'] });
    expect(opfs.paths()).toEqual([`a/blob/${thumb?.id}`, 'a/original/k']);
    expect(opfs.paths()).not.toContain(`a/blob/${full.id}`);
    expect(notes.tried.map.size).toBe(0);
    await run('take', { slot: 'b', id: 'l', kind: 'picture', file: new File(['J'], 'x') });
    await run('sweep', { slots: ['b'] });
    expect(opfs.paths()).toEqual(['b/original/l']);
    expect([...notes.used.map.keys()]).toEqual([]);
    await run('forget', { slot: 'b' });
    expect(opfs.paths()).toEqual([]);
  });

  it('leaves nothing of a slot that is forgotten while something is written there', async () => {
    for (const at of [1, 2, 3, 5, 8, 13, 21, 34, 55]) {
      const { take, run, opfs } = setUp();
      await take('J kept', 'picture', 'j');
      const taking = take('J coming', 'picture', 'k').catch((thrown: unknown) => thrown);
      for (let turn = 0; turn < at; turn++) await Promise.resolve();
      const forgetting = run('forget', { slot: 'a' });
      await Promise.all([taking, forgetting]);
      await take('J late', 'picture', 'l').catch((thrown: unknown) => thrown);
      expect([at, opfs.paths()]).toEqual([at, []]);
    }
  });

  it('drops an original and blobs that nobody wants any more', async () => {
    const { prepared, run, opfs } = setUp();
    const { full, thumb } = await prepared('J picture');
    await run('drop', { slot: 'a', original: 'i', blobs: [] });
    expect(opfs.paths()).toEqual([`a/blob/${full.id}`, `a/blob/${thumb?.id}`].sort());
    await run('drop', { slot: 'a', original: 'i', blobs: [full.id, thumb?.id ?? ''] });
    expect(opfs.paths()).toEqual([]);
  });
});
