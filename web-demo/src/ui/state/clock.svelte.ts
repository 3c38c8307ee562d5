/** @file The device's clock, as claims on screen need it: which day it is here, and when "late" begins. Decides nothing. */

const tickMs = 30_000;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

export class Clock {
  #now = $state(Date.now());

  start(): () => void {
    const tick = () => (this.#now = Date.now());
    const timer = setInterval(tick, tickMs);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }

  get now(): number {
    return this.#now;
  }

  #today = $derived.by(() => {
    const date = new Date(this.#now);
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  });

  /** Today as `YYYY-MM-DD` in the device's calendar. */
  get today(): string {
    return this.#today;
  }

  /** Minutes since midnight. */
  get minutes(): number {
    const date = new Date(this.#now);
    return date.getHours() * 60 + date.getMinutes();
  }
}
