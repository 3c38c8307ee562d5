/** @file Days, codes and absences as people read them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Absence, ErrorCode } from '../../src/engine/contract';
import { EngineError } from '../../src/engine/contract';
import { letterSteps, preferredLanguage, setLanguage } from '../../src/i18n/i18n.svelte';
import { addDays, firstName, initials, shortDay } from '../../src/ui/format';
import { actWords, named } from '../../src/ui/lead/acts';
import { caretAfterGrouping, codeInAddress, groupCode, invitationOf } from '../../src/ui/join/invitation';
import { codeOf, sentence } from '../../src/ui/state/engine.svelte';
import { range, reporter, statusOf, todaySentence } from '../../src/ui/today/absence';

const today = '2026-12-02';
const origin = 'https://kita.example';

function absence(part: Partial<Absence> = {}): Absence {
  return {
    id: 'a',
    child: 'c',
    kind: 'sick',
    from: today,
    to: today,
    by: 'me',
    at: 1,
    state: 'local',
    withdrawn: false,
    ...part,
  };
}

beforeEach(() => setLanguage('de'));

describe('days', () => {
  it('cross months and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    // The day clocks change in Germany is still one day.
    expect(addDays('2026-10-25', 1)).toBe('2026-10-26');
  });

  it('are said as people say them', () => {
    expect(shortDay(today, today)).toBe('heute');
    expect(shortDay('2026-12-03', today)).toBe('morgen');
    expect(shortDay('2026-12-01', today)).toBe('gestern');
    expect(shortDay('2026-12-08', today)).toBe('Di.,\u00a08.\u00a0Dez.');
  });
});

describe('names', () => {
  it('give initials in every script', () => {
    expect(initials('Maximiliane-Sophie Oberschwarzenbacher-Yılmaz')).toBe('MO');
    expect(initials('Олена Шевченко')).toBe('ОШ');
    expect(initials('  Ali ')).toBe('A');
    expect(initials('')).toBe('');
    expect(firstName('Emma Brandt')).toBe('Emma');
  });
});

describe('a typed code', () => {
  it('is grouped while typing', () => {
    expect(groupCode('k7qx9m2ah')).toBe('K7QX-9M2A-H');
    expect(groupCode(' k7qx–9m2a ')).toBe('K7QX-9M2A');
    expect(groupCode('')).toBe('');
  });

  it('keeps the caret behind the character just typed', () => {
    expect(caretAfterGrouping('K7QX9', 5)).toBe(6);
    expect(caretAfterGrouping('K7QX', 4)).toBe(4);
    expect(caretAfterGrouping('', 0)).toBe(0);
  });
});

describe('a scanned text', () => {
  it('is taken from our own links and from bare codes', () => {
    expect(invitationOf(`${origin}/#j=0f3a.K7QX-9M2A-HTRW`, origin)).toEqual({
      kind: 'code',
      code: '0f3a.K7QX-9M2A-HTRW',
    });
    expect(invitationOf('K7QX-9M2A-HTRW-4BZD', origin)).toEqual({ kind: 'code', code: 'K7QX-9M2A-HTRW-4BZD' });
  });

  it('is taken from the address as it is, also when it was cut off', () => {
    expect(codeInAddress(`${origin}/#j=0f3a.K7QX`)).toBe('0f3a.K7QX');
    expect(codeInAddress(`${origin}/#j=`)).toBe('');
    expect(codeInAddress(`${origin}/#/today`)).toBeUndefined();
  });

  it('of another house or of anything else is told apart', () => {
    expect(invitationOf('https://other.example/#j=0f3a.K7QX-9M2A-HTRW', origin)).toEqual({ kind: 'foreign' });
    expect(invitationOf(`${origin}/#today`, origin)).toEqual({ kind: 'unknown' });
    expect(invitationOf(`${origin}/#j=`, origin)).toEqual({ kind: 'unknown' });
    expect(invitationOf(`${origin}/#j=%E0%A4%A`, origin)).toEqual({ kind: 'unknown' });
    expect(invitationOf('BEGIN:VCARD', origin)).toEqual({ kind: 'unknown' });
    expect(invitationOf('  ', origin)).toBeUndefined();
  });
});

describe('an absence', () => {
  it('decides the day, sick before away, withdrawn not at all', () => {
    expect(statusOf([])).toBe('expected');
    expect(statusOf([absence({ withdrawn: true })])).toBe('expected');
    expect(statusOf([absence({ kind: 'away' }), absence({ id: 'b' })])).toBe('sick');
    expect(statusOf([absence({ kind: 'away' })])).toBe('away');
  });

  it('is said with its end', () => {
    expect(todaySentence([], today)).toBe('Wird heute erwartet');
    expect(todaySentence([absence()], today)).toBe('Heute krank gemeldet');
    expect(todaySentence([absence(), absence({ id: 'b', to: '2026-12-03' })], today)).toBe('Krank gemeldet bis morgen');
    expect(range(absence({ to: '2026-12-08' }), today)).toBe('heute bis Di.,\u00a08.\u00a0Dez.');
  });

  it('names who said so, where that is known', () => {
    expect(reporter(absence())).toBe('von Ihnen gemeldet');
    expect(reporter(absence({ by: 'other_guardian', byName: 'Stefan' }))).toBe('gemeldet von Stefan');
    expect(reporter(absence({ by: 'other_guardian' }))).toBe('von der anderen sorgeberechtigten Person gemeldet');
  });
});

describe('errors', () => {
  it('keep their code across a worker and become a sentence', () => {
    expect(codeOf(new EngineError('code_used'))).toBe('code_used');
    expect(codeOf({ code: 'offline' })).toBe('offline');
    expect(codeOf({ code: 'something new' })).toBe('internal');
    expect(codeOf(undefined)).toBe('internal');
    expect(sentence('code_used' satisfies ErrorCode)).toContain('schon benutzt');
  });
});

describe('language', () => {
  it('is the first one of the browser that the app speaks', () => {
    expect(preferredLanguage(['tr-TR', 'en-US', 'de'])).toBe('en');
    expect(preferredLanguage(['tr-TR'])).toBe('de');
  });

  it('does not change the three languages of a letter', () => {
    expect(letterSteps().map((steps) => [steps.lang, steps.steps.length])).toEqual([
      ['de', 4],
      ['en', 4],
      ['tr', 4],
    ]);
  });
});

describe('acts', () => {
  it('are not said to be of the sheet because a name has not come', () => {
    const of = (by: string, bySheet: boolean): string => {
      const entry = { seq: 1, what: 'moved', by, bySheet, agreedBy: [], agreedBySheet: false, about: {} } as const;
      return actWords(entry, 'Kita');
    };
    expect(of('', true)).toContain('Wiederherstellungsblatt');
    expect(of('', false)).toContain('Jemand, dessen Name noch nicht da ist, hat bestätigt, dass Kita');
    expect(of('Ada', false)).toMatch(/^Ada hat/);
  });

  it('are about somebody where their name has not come, and about the house where they are about nobody', () => {
    expect(named({ person: '0a', personName: '' }, 'Kita')).toBe('jemand');
    expect(named({ person: '0a', personName: '', childName: 'Mila' }, 'Kita')).toBe('jemand (Mila)');
    expect(named({ person: '0a', personName: 'Ada' }, 'Kita')).toBe('Ada');
    expect(named({}, 'Kita')).toBe('Kita');
  });
});
