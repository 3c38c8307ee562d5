/**
 * @file PhotoSwipe as the viewer uses it: gestures, zoom and paging. Everything that it would draw with markup from strings is
 * switched off, because the relay's content security policy demands Trusted Types; buttons and words are the viewer's own.
 */
import PhotoSwipe, { type SlideData } from 'photoswipe';
import 'photoswipe/style.css';

export interface LightboxSlide {
  /** In pixels; 0 where it is not known before the picture is here. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

export interface LightboxDep {
  readonly stage: HTMLElement;
  readonly slides: readonly LightboxSlide[];
  readonly first: number;
  /** Room that the viewer's own bars take. */
  readonly padding: () => { readonly top: number; readonly bottom: number };
  /** Gives the image its source, in steps if need be; returns the way to stop. */
  readonly load: (index: number, image: HTMLImageElement) => () => void;
  /** Where a picture stands on the page: it grows from there and shrinks back. */
  readonly origin: (index: number) => HTMLElement | undefined;
  readonly onchange: (index: number) => void;
  readonly ontap: () => void;
  readonly onclosed: () => void;
  /** Somebody types or answers a question: the keys are theirs. */
  readonly deaf: () => boolean;
}

const motionMs = 180;
/** One step of the keys and buttons. */
const zoomStep = 1.6;
const shapeUnknown = { width: 1200, height: 900 };
/** What PhotoSwipe would build from strings. The last one is not in its list of options, and is asked for all the same. */
const ownElements = { close: false, zoom: false, arrowPrev: false, arrowNext: false, counter: false, preloader: false };

export class Lightbox {
  readonly #swipe: PhotoSwipe;
  readonly #slides: SlideData[];
  #opening = true;
  #unwanted = false;

  constructor(dep: LightboxDep) {
    const stops = new Map<HTMLElement, () => void>();
    this.#slides = dep.slides.map((slide) => ({
      type: 'image',
      alt: slide.alt,
      ...(slide.width > 0 ? { width: slide.width, height: slide.height } : shapeUnknown),
    }));
    const swipe = new PhotoSwipe({
      ...ownElements,
      dataSource: this.#slides,
      index: dep.first,
      appendToEl: dep.stage,
      bgOpacity: 1,
      spacing: 0.06,
      loop: false,
      paddingFn: () => ({ left: 0, right: 0, ...dep.padding() }),
      showAnimationDuration: motionMs,
      hideAnimationDuration: motionMs,
      zoomAnimationDuration: motionMs,
      // The dialog around it keeps the focus inside, gives it back, and hears Escape.
      trapFocus: false,
      returnFocus: false,
      escKey: false,
      bgClickAction: 'close',
      imageClickAction: 'zoom',
      tapAction: () => dep.ontap(),
      preload: [1, 2],
      maxZoomLevel: 4,
    });
    this.#swipe = swipe;

    swipe.on('contentLoadImage', (event) => {
      event.preventDefault();
      const { content } = event;
      const image = content.element;
      if (!(image instanceof HTMLImageElement) || stops.has(image)) return;
      image.alt = content.data.alt ?? '';
      image.draggable = false;
      content.state = 'loading';
      image.onload = () => content.onLoaded();
      stops.set(image, dep.load(content.index, image));
    });
    swipe.on('contentDestroy', ({ content }) => {
      const { element } = content;
      if (!element) return;
      stops.get(element)?.();
      stops.delete(element);
    });
    swipe.addFilter('thumbEl', (element, _data, index) => dep.origin(index) ?? (element as HTMLElement));
    swipe.on('change', () => dep.onchange(swipe.currIndex));
    swipe.on('keydown', (event) => {
      if (dep.deaf()) event.preventDefault();
      else if (this.#key(event.originalEvent)) event.preventDefault();
    });
    swipe.on('openingAnimationEnd', () => {
      this.#opening = false;
      if (this.#unwanted) swipe.destroy();
    });
    swipe.on('destroy', () => {
      for (const stop of stops.values()) stop();
      dep.onclosed();
    });
    swipe.init();
    // A dialog in a dialog would be two for whoever hears the page.
    swipe.element?.removeAttribute('role');
    swipe.scrollWrap?.removeAttribute('aria-roledescription');
  }

  #key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === '+' || event.key === '=') this.zoom(1);
    else if (event.key === '-') this.zoom(-1);
    else if (event.key === 'Home') this.#swipe.goTo(0);
    else if (event.key === 'End') this.#swipe.goTo(this.#slides.length - 1);
    else return false;
    event.preventDefault();
    return true;
  }

  next(): void {
    this.#swipe.next();
  }

  previous(): void {
    this.#swipe.prev();
  }

  /** In and out by one step, around the middle. */
  zoom(direction: 1 | -1): void {
    const slide = this.#swipe.currSlide;
    if (!slide) return;
    const { initial, max } = slide.zoomLevels;
    const wanted = slide.currZoomLevel * (direction === 1 ? zoomStep : 1 / zoomStep);
    slide.zoomTo(Math.min(max, Math.max(initial, wanted)), undefined, motionMs);
  }

  /** The picture is here, and its shape was not known. */
  measure(index: number, width: number, height: number): void {
    const data = this.#slides[index];
    if (!data || (data.width === width && data.height === height)) return;
    this.#slides[index] = { ...data, width, height };
    this.#swipe.refreshSlideContent(index);
  }

  /** Shrinks back to the page. */
  close(): void {
    if (this.#opening) this.discard();
    else this.#swipe.close();
  }

  /** Takes it away at once. */
  discard(): void {
    this.#unwanted = true;
    if (!this.#opening) this.#swipe.destroy();
  }
}
