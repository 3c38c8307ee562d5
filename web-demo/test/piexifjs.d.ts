/** @file The parts of piexifjs that tests use. */
declare module 'piexifjs' {
  interface Said {
    readonly '0th': Readonly<Record<number, unknown>>;
    readonly Exif: Readonly<Record<number, unknown>>;
    readonly GPS: Readonly<Record<number, unknown>>;
    readonly thumbnail: string;
  }
  const piexif: {
    load(jpeg: string): Said;
    readonly ImageIFD: { readonly Orientation: number };
    readonly ExifIFD: { readonly CameraOwnerName: number };
    readonly GPSIFD: { readonly GPSLatitude: number };
  };
  export default piexif;
}
