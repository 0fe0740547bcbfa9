import { type Memory, memoryOf } from './memory.ts';

/** The state of a transfer. `failed`: permanently, with a reason that the page has words for. */
export type Told =
  | { state: 'waiting' | 'sending' | 'paused' | 'lost' | 'done'; sent: number }
  | { state: 'failed'; reason: string };

/** Small enough that a slow connection sends it within the server's timeout. */
const PART_BYTES = 512 * 1024;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
const VERSION = { 'Tus-Resumable': '1.0.0' };

/** Status codes with which the server refuses for now; a later try may succeed. */
const NOT_NOW = new Set([408, 423, 425, 429, 500, 502, 503, 504, 507]);

class Later extends Error {
  readonly reason: string | null;
  constructor(reason: string | null = null) {
    super('later');
    this.reason = reason;
  }
}
class Never extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super('never');
    this.reason = reason;
  }
}

/** A file being sent in parts (tus 1.0.0); it resumes at its offset, after a reload too. */
export class Transfer {
  readonly #file: File;
  readonly #to: { endpoint: string; line: string };
  readonly #tell: (told: Told) => void;
  readonly #opening: Promise<Memory>;
  #memory: Memory | null = null;
  #url: string | null = null;
  #sent = 0;
  #isGivenUp = false;
  #isPaused = false;
  #goOn = () => {};
  #cut = new AbortController();

  constructor(file: File, to: { endpoint: string; line: string }, tell: (told: Told) => void) {
    const { name, size, lastModified } = file;
    this.#file = file;
    this.#to = to;
    this.#tell = tell;
    this.#opening = memoryOf([to.endpoint, to.line, name, `${size}`, `${lastModified}`]);
  }

  /** Resolves when the file is complete, or failed permanently, or was cancelled. */
  async run(): Promise<void> {
    for (let tries = 0; !this.#isGivenUp; tries++) {
      const before = this.#sent;
      try {
        return await this.#go();
      } catch (error) {
        if (this.#isGivenUp) return;
        if (error instanceof Never) {
          this.#forget();
          return this.#tell({ state: 'failed', reason: error.reason });
        }
        if (this.#sent > before) tries = 0;
        this.#tell({ state: this.#isPaused ? 'paused' : 'lost', sent: this.#sent });
        const ms = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
        do await this.#wait(this.#isPaused ? Infinity : ms);
        while (this.#isPaused && !this.#isGivenUp);
      }
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#cut.abort();
  }

  resume(): void {
    this.#isPaused = false;
    this.#cut = new AbortController();
    this.#goOn();
  }

  giveUp(): void {
    this.#isGivenUp = true;
    void this.#opening.then((each) => each.forget());
    this.#cut.abort();
    this.#goOn();
    if (!this.#url) return;
    // The server discards the upload now; if this request fails, after a day.
    const address = `${this.#url.replace(/\/upload\/(?=[^/]+$)/, '/')}/withdraw`;
    fetch(address, { method: 'POST', redirect: 'manual', keepalive: true }).catch(() => {});
  }

  #forget(): void {
    this.#memory?.forget();
    this.#url = null;
  }

  async #go(): Promise<void> {
    if (!this.#memory) await this.#recall();
    const found = this.#url && (await this.#find(this.#url));
    if (this.#url && found === null) this.#forget();
    this.#sent = found || 0;
    this.#url ??= await this.#create();
    await this.#sendAll(this.#url);
    this.#forget();
    this.#tell({ state: 'done', sent: this.#file.size });
  }

  async #recall(): Promise<void> {
    this.#memory = await this.#opening;
    const id = this.#memory.recall();
    if (id && !this.#isGivenUp) this.#url = `${this.#to.endpoint}/${id}`;
  }

  /** Returns the server's offset; null: the upload is unknown there. */
  async #find(address: string): Promise<number | null> {
    const answer = await this.#ask(address, { method: 'HEAD', headers: VERSION });
    if (!answer.ok) return null;
    return Number(answer.headers.get('Upload-Offset'));
  }

  async #create(): Promise<string> {
    const { name, type, size } = this.#file;
    const said = { filename: name, filetype: type, requested: this.#to.line };
    const metadata = Object.entries(said).map(([key, text]) => `${key} ${base64(text)}`);
    const headers = {
      ...VERSION,
      'Upload-Length': String(size),
      'Upload-Metadata': metadata.join(','),
    };
    const answer = await this.#ask(this.#to.endpoint, { method: 'POST', headers });
    const address = answer.headers.get('Location');
    if (answer.status !== 201 || !address) throw new Never(await reasonIn(answer));
    this.#memory?.remember(address.slice(address.lastIndexOf('/') + 1));
    return address;
  }

  async #sendAll(address: string): Promise<void> {
    while (this.#sent < this.#file.size) {
      this.#tell({ state: 'sending', sent: this.#sent });
      const answer = await this.#ask(address, {
        method: 'PATCH',
        headers: {
          ...VERSION,
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': String(this.#sent),
        },
        body: this.#file.slice(this.#sent, this.#sent + PART_BYTES),
      });
      if (answer.status === 409) throw new Later();
      if (!answer.ok) throw new Never(await reasonIn(answer));
      this.#sent = Number(answer.headers.get('Upload-Offset'));
    }
  }

  /** @throws Later when the server refuses for now */
  async #ask(address: string, request: RequestInit): Promise<Response> {
    const answer = await fetch(address, { ...request, signal: this.#cut.signal });
    if (NOT_NOW.has(answer.status)) throw new Later(answer.status === 507 ? 'no_room' : null);
    return answer;
  }

  /** Waits for the next try: until some time has passed, the connection is back, or the user asks for it. */
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? 0 : window.setTimeout(resolve, ms);
      const now = () => {
        window.clearTimeout(timer);
        resolve();
      };
      this.#goOn = now;
      window.addEventListener('online', now, { once: true });
    });
  }
}

async function reasonIn(answer: Response): Promise<string> {
  const said = await answer.json().catch(() => ({}));
  return typeof said.reason === 'string' ? said.reason : 'failed';
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(''));
}
