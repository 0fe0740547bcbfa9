import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
  /** Everything that came over the wire for it. */
  bytes: number;
}

/**
 * One kept-alive HTTP/1.1 connection, one request at a time: a minimal client, since it shares the
 * machine with
 * the measured server.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};
  #ended = false;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    for (const end of ['close', 'error'] as const)
      socket.on(end, () => {
        this.#ended = true;
        this.#wake();
      });
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket, `localhost:${port}`);
  }

  async request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body = '',
  ): Promise<Answer> {
    const all: Record<string, string> = {
      Host: this.#host,
      ...headers,
      ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }),
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    const head = await this.#until((bytes) => bytes.indexOf('\r\n\r\n'), 4);
    const [first = '', ...rest] = head.toString('latin1').trimEnd().split('\r\n');
    const found = new Map(
      rest.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const answer = await this.#body(found);
    return {
      status: Number(first.split(' ')[1]),
      headers: found,
      body: answer.body,
      bytes: head.length + answer.bytes,
    };
  }

  close(): void {
    this.#socket.destroy();
  }

  async #body(headers: Map<string, string>): Promise<{ body: Buffer; bytes: number }> {
    if (headers.get('transfer-encoding') !== 'chunked') {
      const length = Number(headers.get('content-length') ?? 0);
      const body = await this.#until((bytes) => (bytes.length >= length ? length : -1), 0);
      return { body, bytes: body.length };
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const size = await this.#until((received) => received.indexOf('\r\n'), 2);
      const length = Number.parseInt(size.toString('latin1'), 16);
      const part = await this.#until((all) => (all.length >= length + 2 ? length : -1), 2);
      bytes += size.length + part.length;
      if (length === 0) return { body: Buffer.concat(parts), bytes };
      parts.push(part.subarray(0, length));
    }
  }

  /** Takes what has come up to where `end` says, and `more` bytes. */
  async #until(end: (received: Buffer) => number, more: number): Promise<Buffer> {
    for (;;) {
      const at = end(this.#received);
      if (at >= 0 && this.#received.length >= at + more) {
        const taken = this.#received.subarray(0, at + more);
        this.#received = this.#received.subarray(at + more);
        return taken;
      }
      if (this.#ended) throw new Error('The server closed the connection');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
