/** @file A browser's line to the relay, which a test keeps, slows down, and lies on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy } from '../../drill/proxy.mjs';
import { readTraffic, type Traffic } from './traffic';

/** A line of one's own to the relay that keeps every byte, under an origin of its own. */
export class Line {
  private constructor(
    private readonly folder: string,
    private readonly proxy: Awaited<ReturnType<typeof startProxy>>,
  ) {}

  static async to(port: number): Promise<Line> {
    const folder = mkdtempSync(join(tmpdir(), 'line-'));
    const proxy = await startProxy(folder);
    proxy.pointAt(port);
    return new Line(folder, proxy);
  }

  get origin(): string {
    return this.proxy.origin;
  }

  traffic(): Traffic {
    return readTraffic(this.folder);
  }

  slowTo(bytes: number): void {
    this.proxy.slowTo(bytes);
  }

  lie(change: (chunk: Buffer) => Buffer): void {
    this.proxy.lie(change);
  }

  say(bytes: Buffer): void {
    this.proxy.say(bytes);
  }

  async close(): Promise<void> {
    await this.proxy.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
