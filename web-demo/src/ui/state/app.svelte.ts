/**
 * @file What every screen shares: the engine's client, the houses of this device, the route, and short notices.
 */
import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { EngineClient, ErrorCode, House, Picture } from '../../engine/contract';
import { codeInAddress, isPublicLink, isSheet } from '../join/invitation';
import { Chosen } from '../pictures/chosen.svelte';
import { Clock } from './clock.svelte';
import { SendingProgress } from './progress.svelte';
import { Router, type Route } from './router.svelte';
import { ShownPictures } from './shown';

const noticeVisibleMs = 5000;
/** Longer nobody waits for what is under way before trying all the same. */
const settleMsMax = 10_000;
const changeMsMax = 2_000;

export interface Notice {
  readonly id: number;
  readonly text: string;
}

export interface Unread {
  readonly messages: number;
  readonly bulletins: number;
}

/** Pictures that are looked at one by one, over the page. */
export interface Viewing {
  readonly slot: string;
  /** The pictures to page through, kept current by whoever shows them. */
  readonly pictures: () => readonly Picture[];
  readonly first: string;
}

export class App {
  readonly client: EngineClient;
  readonly shownPictures: ShownPictures;
  readonly sending = new SendingProgress();
  /** Read before the router tidies the address. */
  readonly #arrivedAt = location.href;
  readonly router = new Router();
  readonly clock = new Clock();
  houses = $state.raw<readonly House[]>([]);
  notices = $state.raw<readonly Notice[]>([]);
  /** One house picked among several; `null` shows them together. */
  picked = $state<string | null>(null);
  /** What a letter's link or a scan brought, until the join flow takes it. */
  invitation = $state<string | null>(null);
  /** The same of a recovery sheet. */
  sheet = $state<string | null>(null);
  /** The public link of a house by which this page was opened. */
  outside = $state<string | null>(null);
  /** A refusal that concerns the entire window, e.g. another window holds the engine. */
  blocked = $state<ErrorCode | null>(null);
  /** The person chose to go on reading with an app that is too old to send. */
  readingOnly = $state(false);
  /** The person looks at what they kept of houses that are no longer theirs. */
  lookingBack = $state(false);
  viewing = $state.raw<Viewing>();
  /** What was typed and not yet sent, by place. Never stored, never in an address. */
  readonly drafts = new SvelteMap<string, string>();
  /** How much is unread in each house, kept by the shell. */
  readonly unread = new SvelteMap<string, Unread>();
  readonly #attached = new Map<string, Chosen>();
  #versions = new SvelteMap<string, number>();
  #seen = new Set<string>();
  #noticeCount = 0;

  constructor(client: EngineClient) {
    this.client = client;
    this.shownPictures = new ShownPictures(client);
    this.houses = client.houses();
    this.sending.note(this.houses);
    this.takeInvitation(this.#arrivedAt);
  }

  /** Subscribes to the engine and the browser; returns the way to stop. */
  start(): () => void {
    const stops = [
      this.client.onHouses((houses) => {
        this.houses = houses;
        this.sending.note(houses);
        this.shownPictures.keepTo(houses.flatMap((house) => (this.#isOpen(house) ? [house.slot] : [])));
      }),
      this.client.onChanged((slot) => this.#versions.set(slot, this.version(slot) + 1)),
      this.router.start(),
      this.clock.start(),
    ];
    const hashChanged = () => this.takeInvitation(location.href);
    window.addEventListener('hashchange', hashChanged);
    return () => {
      for (const stop of stops) stop();
      window.removeEventListener('hashchange', hashChanged);
    };
  }

  /** Takes an invitation out of the address at once, so that it stays neither in the history nor on the screen. */
  takeInvitation(address: string): void {
    if (isSheet(address)) {
      this.sheet = address;
      this.router.replace({ place: 'recover' });
      return;
    }
    if (isPublicLink(address)) {
      this.outside = address;
      this.router.replace({ place: 'outside' });
      return;
    }
    const code = codeInAddress(address);
    if (code === undefined) return;
    // Whatever it is: a link that was cut off has to be said to be wrong, too.
    if (code !== '') this.invitation = code;
    this.router.replace({ place: 'join' });
  }

  /** Resolves when nothing of that house waits to be sent, or it cannot be sent at present. */
  settled(slot: string): Promise<void> {
    const done = () => {
      const house = this.client.houses().find((one) => one.slot === slot);
      return house === undefined || house.waiting === 0 || house.link === 'offline';
    };
    if (done()) return Promise.resolve();
    return this.#when(settleMsMax, (heard) =>
      this.client.onHouses(() => {
        if (done()) heard();
      }),
    );
  }

  /** Resolves when something of that house has changed. */
  changed(slot: string): Promise<void> {
    return this.#when(changeMsMax, (heard) =>
      this.client.onChanged((which) => {
        if (which === slot) heard();
      }),
    );
  }

  #when(msMax: number, listen: (heard: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, msMax);
      const stop = listen(end);
    });
  }

  /** Grows whenever something shown for that house may have changed. */
  version(slot: string): number {
    return this.#versions.get(slot) ?? 0;
  }

  /** Houses that the screens show: members, all together or the one picked. */
  get shown(): readonly House[] {
    // What a tablet shows to everybody has a screen of its own.
    const members = this.houses.filter((house) => this.#isOpen(house) && house.place !== 'open');
    const one = members.find((house) => house.slot === this.picked);
    return one ? [one] : members;
  }

  /** Whether something of an ended house is kept for the person: families keep what they had. */
  keeps(house: House): boolean {
    return house.stage === 'ended' && house.role === 'guardian' && house.me.person !== '';
  }

  /** Opens what is kept of ended houses. */
  lookBack(): void {
    this.lookingBack = true;
    this.router.go({ place: 'today' });
  }

  #isOpen(house: House): boolean {
    return house.stage === 'member' || (this.lookingBack && this.keeps(house));
  }

  house(slot: string | undefined): House | undefined {
    return this.houses.find((house) => house.slot === slot);
  }

  get waiting(): number {
    return this.houses.reduce((sum, house) => sum + house.waiting, 0);
  }

  /** Of the houses shown. */
  unreadAt(places: readonly (keyof Unread)[]): number {
    return this.shown.reduce((sum, { slot }) => {
      const of = this.unread.get(slot);
      return sum + places.reduce((part, place) => part + (of?.[place] ?? 0), 0);
    }, 0);
  }

  go(route: Route): void {
    this.router.go(route);
  }

  /** Pictures and files chosen for something that is not sent yet, by place, as drafts. */
  attached(place: string): Chosen {
    const kept = this.#attached.get(place);
    if (kept) return kept;
    const chosen = new Chosen();
    this.#attached.set(place, chosen);
    return chosen;
  }

  /** Opens the viewer over the page; the way back closes it. */
  view(viewing: Viewing): void {
    this.viewing = viewing;
    this.router.cover();
  }

  /** Says something for a few seconds; screen readers hear it. */
  tell(text: string): void {
    const notice = { id: ++this.#noticeCount, text };
    this.notices = [...this.notices, notice];
    setTimeout(() => (this.notices = this.notices.filter((one) => one.id !== notice.id)), noticeVisibleMs);
  }

  /** Reports items as seen, once each, and only while the page is in view. */
  see(slot: string, items: readonly string[]): void {
    if (document.visibilityState !== 'visible') return;
    const fresh = items.filter((item) => !this.#seen.has(`${slot} ${item}`));
    if (fresh.length === 0) return;
    for (const item of fresh) this.#seen.add(`${slot} ${item}`);
    this.client.command(slot, 'mark_seen', { items: fresh }).catch(() => {
      // Not marked: it stays new and is tried again when it is next on screen.
      for (const item of fresh) this.#seen.delete(`${slot} ${item}`);
    });
  }
}

const [getApp, setApp] = createContext<App>();
export { getApp, setApp };
