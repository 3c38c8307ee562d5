/**
 * @file Whoever upgrades keeps everything: today's relay opens the data folder of every earlier version, today's app the browser
 * profile, today's native device its folder. What was written is there, what was on its way arrives, and life goes on.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aboutFile, archive, fixtures, sendDevice, type About } from '../fixture/then';
import { House, Person, browserMajor, majorOf, phone } from './people';

const versions = existsSync(fixtures) ? readdirSync(fixtures).sort() : [];
/** An hour after the folders were left: nothing in them has expired. */
const laterMs = 3_600_000;

it('has something to open', () => {
  expect(versions).toContain('v0.1.0');
});

describe.each(versions)('the folders of %s', (version) => {
  const about = JSON.parse(readFileSync(join(fixtures, version, aboutFile), 'utf8')) as About;
  const now = new Date(Date.parse(about.now) + laterMs);
  let work: string | undefined;
  let house: House | undefined;
  let maria: Person | undefined;
  afterEach(async () => {
    await maria?.leave();
    await house?.close();
    if (work) rmSync(work, { recursive: true, force: true });
  });

  it('open at the relay and on a native device, which sends what was left unsent', async () => {
    work = mkdtempSync(join(tmpdir(), 'upgrade-'));
    execFileSync('tar', ['--extract', '--file', join(fixtures, version, archive), '--directory', work]);
    house = await House.openThen(join(work, 'relay'), now);
    const native = { now, folder: join(work, 'native') };
    const { educators } = about.unsent;
    const seen = await sendDevice(house, { ...native, until: about.said, say: 'Schön!' });
    expect(seen.bulletins).toEqual([about.bulletin]);
    expect([...seen.messages].sort()).toEqual([...about.said, educators, 'Schön!'].sort());
    expect([seen.waiting, seen.alarms]).toEqual([0, []]);
  });

  // A browser finds nothing in a profile that a newer one has written.
  it.skipIf(browserMajor() < majorOf(about.chromium))(
    'open, send what was left unsent, and serve a house that works',
    async () => {
      work = mkdtempSync(join(tmpdir(), 'upgrade-'));
      execFileSync('tar', ['--extract', '--file', join(fixtures, version, archive), '--directory', work]);
      house = await House.openThen(join(work, 'relay'), now);
      maria = await Person.arriveAt({ profile: join(work, 'profile'), origin: about.origin, now }, house, phone);
      const native = { now, folder: join(work, 'native') };

      // What was read before, and what was written and never left.
      const { sealed, written, educators } = about.unsent;
      await maria.goTo('Aushänge');
      await maria.page.getByText(about.bulletin).first().waitFor();
      await maria.goTo('Nachrichten');
      await maria.page.getByTestId('thread-row').first().click();
      const thread = maria.page.getByTestId('thread');
      for (const text of [...about.said, sealed, written]) await thread.getByText(text).waitFor();

      // It goes out by itself, once, and the other side's too.
      const seen = await sendDevice(house, { ...native, until: [...about.said, sealed, written], say: 'Schön!' });
      expect(seen.bulletins).toEqual([about.bulletin]);
      expect([...seen.messages].sort()).toEqual([...about.said, sealed, written, educators, 'Schön!'].sort());
      expect([seen.waiting, seen.alarms]).toEqual([0, []]);
      for (const text of [educators, 'Schön!']) await thread.getByText(text).waitFor();
      await maria.badge.waitFor({ state: 'detached' });

      // And life goes on, in both directions.
      await maria.say('Bis morgen!');
      const after = await sendDevice(house, { ...native, until: ['Bis morgen!'], say: 'Bis morgen, Carla!' });
      expect(after.alarms).toEqual([]);
      await thread.getByText('Bis morgen, Carla!').waitFor();
      expect(await maria.page.getByTestId('message').count()).toBe(after.messages.length);
      await maria.goTo('Mehr');
      expect(await maria.page.getByTestId('alarm').count()).toBe(0);
    },
  );
});
