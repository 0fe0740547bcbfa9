import { type Memory, memoryOf } from './memory.ts';

/** How one file stands on its way. `failed`: for good, by a reason that the page has words for. */
export type Told =
  | { state: 'waiting' | 'sending' | 'paused' | 'lost' | 'done'; sent: number }
  | { state: 'failed'; reason: string };

/** A file on its way to the server, in parts (tus 1.0.0); it goes on where it was, after a reload too. */
export interface Transfer {
  /** Resolves when it is there, or failed for good, or was given up. */
  run(): Promise<void>;
  pause(): void;
  resume(): void;
  giveUp(): void;
}

/** Small enough that a slow line has sent it before the server loses patience. */
const PART_BYTES = 512 * 1024;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
const VERSION = { 'Tus-Resumable': '1.0.0' };

/** What the server answers while it can't take anything; later it may. */
const NOT_NOW = new Set([408, 425, 429, 500, 502, 503, 504, 507]);

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

export function transfer(
  file: File,
  to: { endpoint: string; line: string },
  tell: (told: Told) => void,
): Transfer {
  const { name, size, lastModified } = file;
  const opening = memoryOf([to.endpoint, to.line, name, `${size}`, `${lastModified}`]);
  let memory: Memory | null = null;
  let url: string | null = null;
  let sent = 0;
  let isGivenUp = false;
  let isPaused = false;
  let goOn = () => {};
  let cut = new AbortController();

  const forget = () => {
    memory?.forget();
    url = null;
  };

  const ask = async (address: string, request: RequestInit): Promise<Response> => {
    const answer = await fetch(address, { ...request, signal: cut.signal });
    if (NOT_NOW.has(answer.status)) throw new Later(answer.status === 507 ? 'no_room' : null);
    return answer;
  };

  const create = async (): Promise<string> => {
    const said = { filename: file.name, filetype: file.type, requested: to.line };
    const metadata = Object.entries(said).map(([name, text]) => `${name} ${base64(text)}`);
    const headers = {
      ...VERSION,
      'Upload-Length': String(file.size),
      'Upload-Metadata': metadata.join(','),
    };
    const answer = await ask(to.endpoint, { method: 'POST', headers });
    const address = answer.headers.get('Location');
    if (answer.status !== 201 || !address) throw new Never(await reasonIn(answer));
    memory?.remember(address.slice(address.lastIndexOf('/') + 1));
    return address;
  };

  /** Where the server is by now; null: it knows of no such upload. */
  const find = async (address: string): Promise<number | null> => {
    const answer = await ask(address, { method: 'HEAD', headers: VERSION });
    if (!answer.ok) return null;
    return Number(answer.headers.get('Upload-Offset'));
  };

  const sendAll = async (address: string): Promise<void> => {
    while (sent < file.size) {
      tell({ state: 'sending', sent });
      const answer = await ask(address, {
        method: 'PATCH',
        headers: {
          ...VERSION,
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': String(sent),
        },
        body: file.slice(sent, sent + PART_BYTES),
      });
      if (answer.status === 409) throw new Later();
      if (!answer.ok) throw new Never(await reasonIn(answer));
      sent = Number(answer.headers.get('Upload-Offset'));
    }
  };

  const recall = async (): Promise<void> => {
    memory = await opening;
    const id = memory.recall();
    if (id && !isGivenUp) url = `${to.endpoint}/${id}`;
  };

  const go = async (): Promise<void> => {
    if (!memory) await recall();
    const found = url && (await find(url));
    if (url && found === null) forget();
    sent = found || 0;
    url ??= await create();
    await sendAll(url);
    forget();
    tell({ state: 'done', sent: file.size });
  };

  /** Until it is worth another try: some time has gone by, the connection is back, or somebody says so. */
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === Infinity ? 0 : window.setTimeout(resolve, ms);
      const now = () => {
        window.clearTimeout(timer);
        resolve();
      };
      goOn = now;
      window.addEventListener('online', now, { once: true });
    });

  return {
    async run() {
      for (let tries = 0; !isGivenUp; tries++) {
        const before = sent;
        try {
          return await go();
        } catch (error) {
          if (isGivenUp) return;
          if (error instanceof Never) {
            forget();
            return tell({ state: 'failed', reason: error.reason });
          }
          if (sent > before) tries = 0;
          tell({ state: isPaused ? 'paused' : 'lost', sent });
          const ms = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
          do await wait(isPaused ? Infinity : ms);
          while (isPaused && !isGivenUp);
        }
      }
    },
    pause() {
      isPaused = true;
      cut.abort();
    },
    resume() {
      isPaused = false;
      cut = new AbortController();
      goOn();
    },
    giveUp() {
      isGivenUp = true;
      void opening.then((each) => each.forget());
      cut.abort();
      goOn();
      if (!url) return;
      // What came of it goes now; where that fails, in a day.
      const address = `${url.replace(/\/upload\/(?=[^/]+$)/, '/')}/withdraw`;
      fetch(address, { method: 'POST', redirect: 'manual', keepalive: true }).catch(() => {});
    },
  };
}

async function reasonIn(answer: Response): Promise<string> {
  const said = await answer.json().catch(() => ({}));
  return typeof said.reason === 'string' ? said.reason : 'failed';
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(''));
}
