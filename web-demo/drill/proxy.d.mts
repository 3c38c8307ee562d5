/** Listens on a free port of the loopback interface and keeps every byte that passes in files of `folder`. */
export function startProxy(folder: string): Promise<{
  readonly origin: string;
  /** Port of the relay. */
  pointAt(port: number): void;
  /** How many bytes go up the line in a second, over all connections; `Infinity`: as many as want to. */
  slowTo(bytes: number): void;
  /** Puts something else in the place of what browsers send. What is kept is what they sent. */
  lie(change: (chunk: Buffer) => Buffer): void;
  /** Bytes that the browser hears between what the relay says, on the WebSocket that was opened last. */
  say(bytes: Buffer): void;
  close(): Promise<void>;
}>;
