import { once } from 'node:events';
import { type Duplex, Readable } from 'node:stream';
import type pg from 'pg';

/** The parts of pg's connection that COPY needs and that its types leave out. */
interface Wire {
  stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

const BATCH_BYTES = 65_536;

/**
 * The output of `COPY … TO STDOUT` as a stream that reads from the server only as fast as it is read. Ending it early breaks the
 * connection, which is the only way to stop the server.
 */
export class CopyOut extends Readable {
  /** Complete at the end. */
  rows = 0;
  private readonly statement: string;
  private wire: Wire | null = null;
  private batch: Buffer[] = [];
  private bytes = 0;
  private whole = false;

  constructor(client: pg.Client, statement: string) {
    super({ highWaterMark: BATCH_BYTES });
    this.statement = statement;
    client.query(this as unknown as pg.Submittable);
  }

  submit(wire: Wire): void {
    this.wire = wire;
    wire.query(this.statement);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // A copy: the driver reuses its buffer.
    this.batch.push(Buffer.from(chunk));
    this.bytes += chunk.length;
    if (this.bytes >= BATCH_BYTES) this.flush();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = Number(text.replace('COPY ', ''));
  }

  handleReadyForQuery(): void {
    this.whole = true;
    this.flush();
    this.push(null);
  }

  handleError(error: Error): void {
    this.whole = true;
    this.destroy(error);
  }

  override _read(): void {
    this.wire?.stream.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.whole) this.wire?.stream.destroy();
    done(error);
  }

  private flush(): void {
    const { batch } = this;
    this.batch = [];
    this.bytes = 0;
    if (batch.length > 0 && !this.push(Buffer.concat(batch))) this.wire?.stream.pause();
  }
}

/** Feeds `COPY … FROM STDIN` from a source, as fast as the server accepts it. Resolves to the number of rows. */
export function copyIn(
  client: pg.Client,
  statement: string,
  source: AsyncIterable<Buffer>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const stopped = new AbortController();
  let rows = 0;
  let broken: unknown = null;
  const pump = async (wire: Wire) => {
    for await (const chunk of source) {
      if (stopped.signal.aborted) return;
      wire.sendCopyFromChunk(chunk);
      if (wire.stream.writableNeedDrain) {
        await once(wire.stream, 'drain', { signal: stopped.signal });
      }
    }
    wire.endCopyFrom();
  };
  const query = {
    submit: (wire: Wire) => wire.query(statement),
    handleCopyInResponse: (wire: Wire) => {
      pump(wire).catch((error: unknown) => {
        if (stopped.signal.aborted) return;
        broken = error;
        wire.sendCopyFail('the source broke');
      });
    },
    handleCommandComplete: ({ text }: { text: string }) => {
      rows = Number(text.replace('COPY ', ''));
    },
    handleReadyForQuery: () => resolve(rows),
    handleError: (error: Error) => {
      stopped.abort();
      reject(broken ?? error);
    },
  };
  client.query(query as unknown as pg.Submittable);
  return promise;
}
