/**
 * @file Pictures as the browser decodes, scales and encodes them: upright, in sRGB, on canvases that are given back at once. It decodes
 * outside of the WASM module's memory, and decides itself what it can read.
 */

/** Something with pixels. Whoever gets one closes it. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** A copy whose longest side is at most this; never larger than the original. */
  scaled(sideMax: number): Drawn;
  close(): void;
}

export interface Drawn extends Surface {
  jpeg(quality: number): Promise<Uint8Array>;
  /** Row by row, four bytes each. */
  rgba(): Uint8ClampedArray;
}

export interface Pixels {
  /** Whether this browser can do all of this, and gives back what was drawn: some lie to protect from being recognised. */
  able(): Promise<boolean>;
  /** Upright. Throws when it cannot. */
  decode(file: Blob): Promise<Surface>;
}

export const jpegType = 'image/jpeg';

/** Colours of two neighbours, as drawn by {@link honest}. */
const sample = [
  [200, 40, 60],
  [20, 120, 220],
] as const;
/** A browser that only roughens colours is still good enough. */
const sampleDifferenceMax = 4;

export function browserPixels(): Pixels {
  let known: Promise<boolean> | undefined;
  return {
    able: () => (known ??= honest().catch(() => false)),
    async decode(file) {
      const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((thrown: unknown) => {
        // Browsers that do not know the option turn pictures upright without it.
        if (thrown instanceof TypeError) return createImageBitmap(file);
        throw thrown;
      });
      return surfaceOf(bitmap, () => {
        bitmap.close();
      });
    },
  };
}

function surfaceOf(from: ImageBitmap | OffscreenCanvas, close: () => void): Surface {
  return {
    width: from.width,
    height: from.height,
    scaled: (sideMax) => draw(from, sideMax),
    close,
  };
}

function draw(from: ImageBitmap | OffscreenCanvas, sideMax: number): Drawn {
  const scale = Math.min(1, sideMax / Math.max(from.width, from.height));
  const [width, height] = [from.width, from.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  // JPEG has no transparency: what lies behind is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, 0, 0, width, height);
  return {
    ...surfaceOf(canvas, () => {
      // Browsers hold on to a canvas for long: one without pixels costs nothing.
      canvas.width = 0;
      canvas.height = 0;
    }),
    async jpeg(quality) {
      const encoded = await canvas.convertToBlob({ type: jpegType, quality });
      if (encoded.type !== jpegType) throw new TypeError('this browser writes no JPEG');
      return new Uint8Array(await encoded.arrayBuffer());
    },
    rgba: () => context.getImageData(0, 0, width, height).data,
  };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' });
  if (!context) throw new TypeError('this browser draws nothing here');
  return context;
}

async function honest(): Promise<boolean> {
  const canvas = new OffscreenCanvas(sample.length, 1);
  const context = contextOf(canvas);
  for (const [x, colour] of sample.entries()) {
    context.fillStyle = `rgb(${colour.join(',')})`;
    context.fillRect(x, 0, 1, 1);
  }
  const { data } = context.getImageData(0, 0, sample.length, 1);
  const encoded = await canvas.convertToBlob({ type: jpegType });
  return (
    encoded.type === jpegType &&
    sample.every((colour, x) =>
      colour.every((value, channel) => Math.abs((data[4 * x + channel] ?? 0) - value) <= sampleDifferenceMax),
    )
  );
}
