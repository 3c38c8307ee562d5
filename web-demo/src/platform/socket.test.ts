import { describe, expect, it } from 'vitest';
import { fakeSockets, handClock } from '../engine/testing/fakes';
import { createLine, relayUrl } from './socket';

function setUp() {
  const clock = handClock();
  const sockets = fakeSockets();
  const heard: string[] = [];
  const line = createLine({ clock, connect: sockets.connect }, relayUrl('https://kita.example'), {
    up: () => heard.push('up'),
    down: () => heard.push('down'),
    frame: (bytes) => heard.push(`frame ${bytes.join(' ')}`),
  });
  return { clock, sockets, heard, line };
}

describe('a line', () => {
  it('says what happens on it', () => {
    const { sockets, heard, line } = setUp();
    expect(sockets.last().url).toBe('wss://kita.example/ws');
    line.send(new Uint8Array([9]));
    expect(sockets.last().sent).toEqual([]);
    sockets.last().open();
    sockets.last().receive(1, 2);
    line.send(new Uint8Array([3]));
    sockets.last().lose();
    expect(heard).toEqual(['up', 'frame 1 2', 'down']);
    expect(sockets.made[0]?.sent).toEqual([new Uint8Array([3])]);
  });

  it('comes back after pauses that grow, and small ones again once it works', () => {
    const { clock, sockets, line } = setUp();
    // Chance is one half: three quarters of each pause.
    for (const [attempt, pause] of [375, 750, 1500, 3000, 6000, 12000, 22500, 22500].entries()) {
      sockets.last().lose();
      clock.turn(pause - 1);
      expect(sockets.made.length, `pause ${attempt}`).toBe(attempt + 1);
      clock.turn(1);
      expect(sockets.made.length, `pause ${attempt}`).toBe(attempt + 2);
    }
    sockets.last().open();
    line.settled();
    sockets.last().lose();
    clock.turn(375);
    expect(sockets.made.length).toBe(10);
  });

  it('comes back at once when told to hurry, once', () => {
    const { clock, sockets, line } = setUp();
    sockets.last().lose();
    line.hurry();
    line.hurry();
    expect(sockets.made.length).toBe(2);
    clock.turn(10_000);
    expect(sockets.made.length).toBe(2);
  });

  it('gives up on a relay that never answers the connection', () => {
    const { clock, sockets, heard } = setUp();
    clock.turn(15_000 + 375);
    expect(sockets.made.length).toBe(2);
    // What the first one does now is nobody's business.
    sockets.made[0]?.open();
    expect(heard).toEqual([]);
  });

  it('gives up on a relay that falls silent before it works, and only then', () => {
    const { clock, sockets, heard, line } = setUp();
    sockets.last().open();
    clock.turn(44_000);
    sockets.last().receive(1);
    clock.turn(44_000);
    expect(heard).toEqual(['up', 'frame 1']);
    clock.turn(1_000);
    expect(heard).toEqual(['up', 'frame 1', 'down']);
    clock.turn(375);
    sockets.last().open();
    line.settled();
    // A Kita at night says nothing for hours.
    clock.turn(10_000_000);
    expect(sockets.made.length).toBe(2);
  });

  it('hands on text too: that it makes no sense is for others to say', () => {
    const { sockets, heard } = setUp();
    sockets.last().open();
    sockets.last().dispatchEvent(new MessageEvent('message', { data: 'hi' }));
    expect(heard).toEqual(['up', 'frame 104 105']);
  });

  it('is silent after it was stopped', () => {
    const { clock, sockets, heard, line } = setUp();
    sockets.last().open();
    line.stop();
    clock.turn(100_000);
    expect(heard).toEqual(['up']);
    expect(sockets.made.length).toBe(1);
  });
});
