/**
 * @file Where the page is. The address names the place only (`#/messages`); which thread or child is open stands in
 * `history.state`, so that no id of a person is ever part of an address.
 */

export type Place =
  | 'today'
  | 'messages'
  | 'bulletins'
  | 'pictures'
  | 'people'
  | 'more'
  | 'welcome'
  | 'join'
  | 'found'
  | 'recover'
  | 'outside';

export interface Route {
  readonly place: Place;
  /** The house concerned, where a detail is open. */
  readonly slot?: string;
  /** What is open: its sort and, where there is one, its id. */
  readonly view?: string;
  readonly id?: string;
  /** Something lies over the page, so that the way back takes it away first. Lost with a reload. */
  readonly over?: true;
}

const places: readonly Place[] = [
  'today',
  'messages',
  'bulletins',
  'pictures',
  'people',
  'more',
  'welcome',
  'join',
  'found',
  'recover',
  'outside',
];

interface Entry {
  readonly route: Route;
  /** Distance from the first entry of ours: 0 has nothing to go back to. */
  readonly depth: number;
}

function placeOf(hash: string): Place {
  const name = hash.replace(/^#\/?/, '');
  return places.find((place) => place === name) ?? 'today';
}

function bare(route: Route): Route {
  return route.over ? { ...route, over: undefined } : route;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'route' in value && 'depth' in value;
}

export class Router {
  #entry = $state.raw<Entry>({ route: { place: 'today' }, depth: 0 });

  constructor() {
    const kept: unknown = history.state;
    const entry = isEntry(kept) ? kept : { route: { place: placeOf(location.hash) }, depth: 0 };
    this.#entry = { ...entry, route: bare(entry.route) };
    history.replaceState(this.#entry, '', this.#address(this.#entry.route));
  }

  get route(): Route {
    return this.#entry.route;
  }

  /** How many steps of ours lie behind. */
  get depth(): number {
    return this.#entry.depth;
  }

  /** Listens to the browser's own back and forward; returns the way to stop. */
  start(): () => void {
    const popped = (event: PopStateEvent) => {
      this.#entry = isEntry(event.state) ? event.state : { route: { place: placeOf(location.hash) }, depth: 0 };
    };
    window.addEventListener('popstate', popped);
    return () => window.removeEventListener('popstate', popped);
  }

  go(route: Route): void {
    const same = JSON.stringify(route) === JSON.stringify(this.#entry.route);
    if (same) return;
    this.#entry = { route, depth: this.#entry.depth + 1 };
    history.pushState(this.#entry, '', this.#address(route));
    window.scrollTo(0, 0);
  }

  /** Lays something over the page: one more step in the history, the page stays where it is. */
  cover(): void {
    if (this.#entry.route.over) return;
    this.#entry = { route: { ...this.#entry.route, over: true }, depth: this.#entry.depth + 1 };
    history.pushState(this.#entry, '', this.#address(this.#entry.route));
  }

  /** Takes it away again. */
  uncover(): void {
    if (this.#entry.route.over) history.back();
  }

  replace(route: Route): void {
    this.#entry = { route, depth: this.#entry.depth };
    history.replaceState(this.#entry, '', this.#address(route));
  }

  /** One step back in our own history, or to `fallback` where there is none. */
  back(fallback: Route): void {
    if (this.#entry.depth > 0) history.back();
    else this.replace(fallback);
  }

  #address(route: Route): string {
    return `${location.pathname}${location.search}#/${route.place}`;
  }
}
