/**
 * @file A person's hands on the keyboard, and nothing else. Every stop on the way must be one that can be seen: it shows that it has the
 * focus, it lies in the window, and nothing covers it.
 */
import type { Locator, Page } from 'playwright-core';
import type { Person } from './people';

/** More stops than this no screen here has. */
const stopsMax = 60;

export class Keyboard {
  constructor(private readonly person: Person) {}

  /** A browser that was opened again has another page. */
  private get page(): Page {
    return this.person.page;
  }

  async press(key: 'Tab' | 'Shift+Tab' | 'Enter' | 'Space' | 'Escape' | `Arrow${string}`): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Goes on, or back, stop by stop, until this one has the focus. */
  async to(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await wanted.waitFor();
    const stops: string[] = [];
    while (!(await hasFocus(wanted))) {
      if (stops.length === stopsMax) throw new Error(`not reached: ${wanted.toString()}, but ${stops.join(', ')}`);
      await this.press(key);
      const { name, fault } = await this.page.evaluate(stop);
      if (fault !== '') throw new Error(`${name}: ${fault}`);
      stops.push(name);
    }
  }

  async activate(wanted: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await this.to(wanted);
    await this.press(key);
  }

  async write(wanted: Locator, text: string): Promise<void> {
    await this.to(wanted);
    await this.page.keyboard.type(text);
  }

  /** One of several that stand together: the keys lead to the one that is chosen, the arrows from there. */
  async pick(wanted: Locator): Promise<void> {
    const group = wanted.page().locator('input:focus').and(wanted.page().locator('[type="radio"]'));
    for (let stops = 0; (await group.count()) === 0; stops++) {
      if (stops === stopsMax) throw new Error('there is no choice');
      await this.press('Tab');
    }
    for (let stops = 0; !(await hasFocus(wanted)); stops++) {
      if (stops === stopsMax) throw new Error(`not among the choices: ${wanted.toString()}`);
      await this.press('ArrowDown');
    }
  }

  /** Opens this device's files from the button and takes some. */
  async takeFiles(button: Locator, paths: readonly string[]): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.activate(button)]);
    await chooser.setFiles([...paths]);
  }
}

/** Whether it has the focus, or gets it before long. */
export function hasFocus(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((node) => node === document.activeElement);
}

/** Runs in the page: what has the focus, and what is wrong with how it shows that. */
function stop(): { readonly name: string; readonly fault: string } {
  const node = document.activeElement;
  // Around once: the browser's own buttons come in between.
  if (!node || node === document.body || node.matches('dialog')) return { name: 'the window', fault: '' };
  const name = `${node.tagName} ${node.getAttribute('aria-label') ?? node.textContent.trim().slice(0, 40)}`;
  // A field that is drawn as its label is seen where that is.
  const drawn = node.getBoundingClientRect().width > 1 ? node : (node.closest('label') ?? node);
  const around = [drawn, drawn.parentElement, drawn.parentElement?.parentElement].flatMap((one) => (one ? [one] : []));
  const marked = around.find((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  });
  if (!marked) return { name, fault: 'nothing shows that it has the focus' };
  const { left, right, top, bottom } = marked.getBoundingClientRect();
  const at = (part: number, from: number, to: number) => from + part * (to - from);
  const places = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [at(x, left, right), at(y, top, bottom)]));
  const seen = places.some(([x = 0, y = 0]) => {
    const there = document.elementFromPoint(x, y);
    return there !== null && (marked.contains(there) || there.contains(marked));
  });
  return { name, fault: seen ? '' : 'it is covered, or outside the window' };
}
