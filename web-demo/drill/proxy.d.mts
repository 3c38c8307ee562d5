/** Listens on a free port of the loopback interface and keeps every byte that passes in files of `folder`. */
export function startProxy(folder: string): Promise<{
  readonly origin: string;
  /** Port of the relay. */
  pointAt(port: number): void;
  close(): Promise<void>;
}>;
