import { describe, expect, it, vi } from 'vitest';
import { EngineError, type DeviceEntry, type PersonEntry, type RecoverySheet } from './contract';
import type { EngineEdge, EngineModule, Input, Output, Secrets, Summary } from './edge';
import { look, recover, replace, type SheetDep } from './sheet';
import { fakeSockets, handClock } from './testing/fakes';
import { settle } from './testing/house';

const summary: Summary = {
  name: 'Kita Spatzennest',
  fingerprint: 'AAAA-BBBB',
  // As of somebody without a role: the house's sheet.
  role: 'guardian',
  stage: 'member',
  link: 'online',
  waiting: 0,
  media: { queued: 0, failed: 0, paused: false },
  alarms: [],
  me: { person: 'sheet', name: '' },
  helpLine: '',
  notice: '',
};

function person(name: string, part: Partial<PersonEntry> = {}): PersonEntry {
  return { person: name, name, role: 'director', groups: [], children: [], stage: 'member', devices: 1, ...part };
}
const device = (name: string, part: Partial<DeviceEntry> = {}): DeviceEntry => ({
  device: name,
  this: false,
  ended: false,
  sheet: false,
  ...part,
});

const staff: readonly PersonEntry[] = [
  person('dora', { devices: 2 }),
  person('erik', { role: 'educator' }),
  person('old', { stage: 'ended' }),
  person('rosa', { stage: 'none', devices: 0 }),
];
const devices: Readonly<Record<string, readonly DeviceEntry[]>> = {
  dora: [device('d1'), device('d2'), device('gone', { ended: true })],
  maria: [device('m1'), device('m2'), ...['FIRST', 'NEXT'].map((code) => device(code, { sheet: true }))],
  sheet: ['FIRST', 'NEXT'].map((code) => device(code, { sheet: true })),
};
/** A parent with two devices and their own sheet; `used` was typed in. */
const maria: Partial<Summary> = { role: 'guardian', me: { person: 'maria', name: 'Maria' } };
const drawn: RecoverySheet = {
  houseName: 'Kita Spatzennest',
  fingerprint: 'AAAA-BBBB',
  code: 'NEXT',
  house: 'house-code',
  qrSvg: '',
  createdAt: 0,
};

/** The relay knows these sheets; each engine says what it was told to do. */
function setUp(
  known: readonly string[] = ['FIRST', 'NEXT'],
  refuses: (code: string, name: string) => boolean = () => false,
  about: Partial<Summary> = {},
  /** The next sheet does not come to count. */
  lost = false,
) {
  const clock = handClock();
  const sockets = fakeSockets();
  const told: (readonly [string, string, unknown])[] = [];
  const freed: string[] = [];
  const secrets = { keys: 'made' } as unknown as Secrets;
  const added = { answer: () => 'a2', free: vi.fn() } as unknown as EngineEdge;
  const unfolded = (code: string): EngineEdge => {
    let state: Summary = { ...summary, ...about, stage: 'joining', link: 'offline' };
    return {
      handle(_, input: Input): Output[] {
        if (input === 'link_up')
          state = known.includes(code) ? { ...summary, ...about } : { ...state, link: 'connecting' };
        if (input === 'link_down') state = { ...state, link: 'offline' };
        if (typeof input !== 'object' || !('command' in input)) return [];
        const { id, command } = input.command;
        const [[name, args] = ['', {}]] = Object.entries(command as Record<string, unknown>);
        told.push([code, name, args]);
        if (refuses(code, name)) return [{ type: 'done', id, result: { error: 'needs_second' } }];
        const made = { draw_sheet: drawn, renew_sheet: { id: 'NEXT' } }[name];
        return [{ type: 'done', id, result: { ok: made ?? {} } }];
      },
      query: (_, query) => {
        const asked = query as { people?: object; devices?: { person: string } };
        if (!asked.devices && about.me) throw new EngineError('not_allowed');
        if (!asked.devices) return { staff, children: [] };
        const gone = (name: string) => told.some(([, , args]) => (args as { device?: string }).device === name);
        const added = told.some(([, name]) => name === 'add_device') ? [device('added')] : [];
        return [...(devices[asked.devices.person] ?? []), ...added]
          .filter((one) => one.device !== 'NEXT' || (!lost && told.some(([, name]) => name === 'renew_sheet')))
          .map((one) => ({ ...one, this: one.device === code, ended: one.ended || gone(one.device) }));
      },
      summary: () => state,
      transfers: () => [],
      media: () => null,
      mediaIndex: () => [],
      house: () => 'house-id',
      answer: () => undefined,
      free: () => void freed.push(code),
    };
  };
  const paired = vi.fn(() => added);
  const module = {
    newSecrets: () => secrets,
    Engine: { unfoldSheet: (_: string, __: string, code: string) => unfolded(code), pair: paired },
  } as unknown as EngineModule;
  const dep: SheetDep = {
    clock,
    connect: sockets.connect,
    origin: 'https://kita.example',
    fatal: (error) => {
      throw error;
    },
  };
  return { clock, sockets, told, freed, secrets, added, paired, module, dep };
}

/** Every line is answered as soon as it is asked for. */
async function live<R>({ sockets, clock }: ReturnType<typeof setUp>, work: Promise<R>, lines = 2): Promise<R> {
  for (let line = 0; line < lines; line++) {
    await settle();
    sockets.made.at(-1)?.open();
    await settle();
    clock.turn(0);
  }
  return work;
}

describe('a recovery sheet that is typed in', () => {
  it('shows the directors, those without a device too, and forgets what it opened', async () => {
    const at = setUp();
    const seen = await live(at, look(at.dep, at.module, 'house-code', 'FIRST'), 1);
    expect(seen).toEqual({
      houseName: 'Kita Spatzennest',
      fingerprint: 'AAAA-BBBB',
      own: false,
      people: [
        { person: 'dora', name: 'dora', devices: 2 },
        { person: 'rosa', name: 'rosa', devices: 0 },
      ],
    });
    expect(at.freed).toEqual(['FIRST']);
    expect(at.told).toEqual([]);
  });

  it('that the relay does not know is refused after two lines, and forgotten', async () => {
    const at = setUp([]);
    const asked = look(at.dep, at.module, 'house-code', 'FIRST').catch((thrown: unknown) => thrown);
    for (let line = 0; line < 2; line++) {
      at.sockets.last().open();
      at.sockets.last().lose();
      at.clock.turn(5_000);
      await settle();
    }
    expect(await asked).toMatchObject({ code: 'code_unknown' });
    expect(at.freed).toEqual(['FIRST']);
  });

  it('that finds no network says so', async () => {
    const at = setUp();
    const asked = look(at.dep, at.module, 'house-code', 'FIRST').catch((thrown: unknown) => thrown);
    at.clock.turn(60_000);
    expect(await asked).toMatchObject({ code: 'offline' });
    expect(at.freed).toEqual(['FIRST']);
  });

  it('draws the next one, adds a device, ends the others, and is as good as before', async () => {
    const at = setUp();
    const wanted = { person: 'dora', endOthers: true };
    const made = await live(at, recover(at.dep, at.module, 'house-code', 'FIRST', wanted), 1);
    expect(made).toEqual({ engine: at.added, secrets: at.secrets, sheet: drawn });
    expect(at.paired).toHaveBeenCalledWith('https://kita.example', at.secrets, 'house-id', 'dora');
    expect(at.told).toEqual([
      ['FIRST', 'draw_sheet', {}],
      ['FIRST', 'add_device', { answer: 'a2' }],
      ['FIRST', 'end_device', { device: 'd1' }],
      ['FIRST', 'end_device', { device: 'd2' }],
    ]);
    expect(at.freed).toEqual(['FIRST']);
  });

  it('leaves the other devices where they are to stay', async () => {
    const at = setUp();
    await live(at, recover(at.dep, at.module, 'house-code', 'FIRST', { person: 'dora', endOthers: false }), 1);
    expect(at.told.map(([code, name]) => `${code} ${name}`)).toEqual(['FIRST draw_sheet', 'FIRST add_device']);
  });

  it('is replaced once the next one is printed: that one ends it', async () => {
    const at = setUp();
    const replaced = await live(at, replace(at.dep, at.module, 'house-code', 'FIRST', 'NEXT'));
    expect(replaced).toEqual({ oldStillValid: false });
    expect(at.told).toEqual([
      ['FIRST', 'renew_sheet', { code: 'NEXT' }],
      ['NEXT', 'end_device', { device: 'FIRST' }],
    ]);
    expect(at.freed).toEqual(['FIRST', 'NEXT']);
  });

  it('says so where the next one counts and cannot end it: both are good then', async () => {
    const at = setUp(undefined, (code) => code === 'NEXT');
    const replaced = await live(at, replace(at.dep, at.module, 'house-code', 'FIRST', 'NEXT'));
    expect(replaced).toEqual({ oldStillValid: true });
    expect(at.freed).toEqual(['FIRST', 'NEXT']);
  });

  it('is not said to be replaced where the next one does not count', async () => {
    const at = setUp(undefined, undefined, {}, true);
    const asked = replace(at.dep, at.module, 'house-code', 'FIRST', 'NEXT').catch((thrown: unknown) => thrown);
    expect(await live(at, asked, 1)).toMatchObject({ code: 'lost_race' });
    expect(at.freed).toEqual(['FIRST']);
  });

  it('that is refused gives nothing, and is forgotten', async () => {
    const at = setUp(undefined, (_, name) => name === 'add_device');
    const wanted = { person: 'dora', endOthers: true };
    const asked = recover(at.dep, at.module, 'house-code', 'FIRST', wanted).catch((thrown: unknown) => thrown);
    expect(await live(at, asked, 1)).toMatchObject({ code: 'needs_second' });
    expect(at.told).toHaveLength(2);
    expect(at.freed).toEqual(['FIRST']);
  });

  it('of a parent shows nobody else, and ends what was lost before it adds', async () => {
    const at = setUp(undefined, undefined, maria);
    const seen = await live(at, look(at.dep, at.module, 'house-code', 'FIRST'), 1);
    expect(seen).toMatchObject({ own: true, people: [{ person: 'maria', name: 'Maria', devices: 2 }] });
    const wanted = { person: 'maria', endOthers: true };
    expect((await live(at, recover(at.dep, at.module, 'house-code', 'FIRST', wanted), 1)).sheet).toBe(drawn);
    expect(
      at.told.map(([code, name, args]) => `${code} ${name} ${(args as { device?: string }).device ?? ''}`),
    ).toEqual(['FIRST draw_sheet ', 'FIRST end_device m1', 'FIRST end_device m2', 'FIRST add_device ']);
  });
});
