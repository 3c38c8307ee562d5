import { describe, expect, it } from 'vitest';
import { followCode, type CheckCode } from './typo';

/** Stands in for the module: eight characters are a code if they are this one. The module itself is asked in `wasm.test.ts`. */
const right = 'K7QX9M2A';
const check: CheckCode = (text) => {
  const plain = text.replace(/-/g, '');
  if (/[^0-9A-TV-Z]/.test(plain)) return 'mistyped';
  return plain.length < right.length ? 'partial' : plain === right ? 'complete' : 'mistyped';
};
const follow = (text: string) => followCode(check, text);

describe('a typed code', () => {
  it('is left alone while it can be right', () => {
    expect(follow('K7QX')).toEqual({ state: 'partial' });
    expect(follow('K7QX-9M2A')).toEqual({ state: 'complete' });
  });

  it('with one slip names its group', () => {
    expect(follow('k7qx-9n2a')).toEqual({ state: 'mistyped', groups: [2] });
    expect(follow('K7OX-9M2A')).toEqual({ state: 'mistyped', groups: [1] });
    // Two neighbours changed over; at a dash they are of two groups.
    expect(follow('K7QX-M92A')).toEqual({ state: 'mistyped', groups: [2] });
    expect(follow('K7Q9-XM2A')).toEqual({ state: 'mistyped', groups: [1, 2] });
  });

  it('names the group of a character that no code has, as soon as it is there', () => {
    expect(follow('K7QX-9U')).toEqual({ state: 'mistyped', groups: [2] });
  });

  it('names nothing where nobody can tell', () => {
    expect(follow('ZZZZ-9M2A')).toEqual({ state: 'mistyped', groups: [] });
    expect(follow('K7QX-9M2A-2')).toEqual({ state: 'mistyped', groups: [] });
    expect(follow('house.ZZQX9M2A')).toEqual({ state: 'mistyped', groups: [] });
    // A check under which many codes hold: more suspects than are worth naming.
    const lax: CheckCode = (text) => (text.replace(/-/g, '') === 'AAAABBBBCCCCDDDD' ? 'mistyped' : 'complete');
    expect(followCode(lax, 'AAAA-BBBB-CCCC-DDDD')).toEqual({ state: 'mistyped', groups: [] });
  });
});
