import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The address of clamd: a Unix socket, or a host and its port. */
export type ClamdAddress = { path: string } | { host: string; port: number };

/** Plain bytes that can be read again from any position. */
export interface Content {
  /** The number of bytes; fewer or more is an error. */
  size: number;
  /** Reads from one byte up to another (excluded); all bytes by default. */
  read(from?: number, to?: number): AsyncIterable<Buffer>;
}

/**
 * The reason for an unknown result: clamd is `away` (no connection, or lost) or `slow` (no answer in time); the content exceeds its
 * StreamMaxLength (`size`); the `answer` is invalid; the `content` could not be read completely.
 */
export type ScanError = 'away' | 'slow' | 'size' | 'answer' | 'content';

export type Scan =
  | { verdict: 'clean' }
  /** `name`: of the signature, or of clamd's own alert, such as `Heuristics.Encrypted.PDF`. */
  | { verdict: 'infected'; name: string }
  | { verdict: 'error'; reason: ScanError };

export interface Scanner {
  /** Never throws: errors are results, and only clamd's own answer is `clean`. */
  scan(content: Content): Promise<Scan>;
}

/** Time limits, in milliseconds. */
export interface Timeouts {
  connect: number;
  /** While sending, without a byte that was accepted. */
  stall: number;
  /** After the last byte: clamd's own limit (MaxScanTime) is two minutes. */
  answer: number;
}

export interface Clamd extends Scanner {
  isThere(): Promise<boolean>;
  /** Returns engine and signatures; null: no answer. */
  version(): Promise<ClamdVersion | null>;
}

export interface ClamdVersion {
  engine: string;
  /** The number and day of the official signatures; null: it has none. */
  signatures: { number: number; day: Temporal.PlainDate } | null;
}

/**
 * The number of bytes that clamd must scan in one file or in a member of one: its `MaxFileSize` must be at least this. It calls larger
 * members clean without scanning them, with any other settings (clamav#633), so larger files must be refused.
 */
export const MUST_LOOK_AT = 100 << 20;

/** The harmless test file that every antivirus detects (EICAR). In two parts, so that an antivirus doesn't detect this file. */
export const EICAR = [
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}$',
  'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('');

const TIMEOUTS: Timeouts = { connect: 5_000, stall: 30_000, answer: 180_000 };
/** The maximum length of clamd's answers. */
const LONGEST_ANSWER = 1_024;

/** Returns a client of clamd over its own protocol (clamd(8): INSTREAM, PING, VERSION). Each request has its own connection. */
export function createClamd(address: ClamdAddress, timeouts: Timeouts = TIMEOUTS): Clamd {
  const ask = async (command: string) => {
    using line = new Line(address, timeouts);
    line.socket.write(`z${command}\0`);
    line.wait(timeouts.connect);
    const { text, isEnded } = await line.heard;
    return isEnded ? text : null;
  };
  const look = async (content: Content) => {
    using line = new Line(address, timeouts);
    void send(line, content, timeouts);
    const answer = await line.heard; // which also ends when the content never does
    const scan =
      line.sent === 'unreadable' ? failed('content') : scanOf(answer, line.sent === 'whole');
    return { scan, isBrokenOff: isAway(scan) && line.sent === 'part' };
  };
  // Sends the length alone, as one chunk, so no write can come after clamd's refusal.
  const isTooLong = async (size: number) => {
    using line = new Line(address, timeouts);
    line.socket.write(Buffer.concat([INSTREAM, lengthOf(Math.min(size, 2 ** 32 - 1))]));
    line.wait(timeouts.connect);
    return isRefusal(await line.heard);
  };
  return {
    // clamd refuses content that is too long by an answer and the end of the connection. A write that comes after that end destroys the
    // socket before the answer is read, so where content broke off, its length is asked about.
    async scan(content) {
      const { scan, isBrokenOff } = await look(content);
      return isBrokenOff && (await isTooLong(content.size)) ? failed('size') : scan;
    },
    isThere: async () => (await ask('PING')) === 'PONG\0',
    version: async () => versionOf((await ask('VERSION')) ?? ''),
  };
}

interface Answer {
  text: string;
  /** Whether clamd closed the connection, as it does after each answer; otherwise it was lost or given up. */
  isEnded: boolean;
  isLate: boolean;
}

/** A connection for one request. */
class Line implements Disposable {
  readonly socket: Socket;
  /** The answer of clamd, until it ends, breaks off or is too late. Never rejects. */
  readonly heard: Promise<Answer>;
  sent: 'part' | 'whole' | 'unreadable' = 'part';
  #timer: NodeJS.Timeout | undefined;
  #giveUp: () => void = () => {};

  constructor(address: ClamdAddress, timeouts: Timeouts) {
    this.socket = connect(address);
    this.heard = new Promise((resolve) => {
      let text = '';
      const end = (isEnded: boolean, isLate = false) => {
        resolve({ text, isEnded, isLate });
        this[Symbol.dispose]();
      };
      this.#giveUp = () => end(false, true);
      this.socket.setEncoding('latin1').on('data', (part: string) => {
        text += part;
        if (text.length > LONGEST_ANSWER) end(false);
      });
      this.socket.once('end', () => end(true));
      this.socket.once('error', () => end(false));
      this.socket.once('close', () => end(false));
    });
    this.wait(timeouts.connect);
  }

  /** Gives up after this many milliseconds from now. Data from clamd meanwhile doesn't extend the limit. */
  wait(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.socket.destroyed) this.#timer = setTimeout(this.#giveUp, ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.socket.destroy();
  }
}

/** Sends the content in chunks, each after its length, until clamd answers or breaks off. Never rejects. */
async function send(line: Line, content: Content, timeouts: Timeouts): Promise<void> {
  const { socket } = line;
  const stop = new AbortController();
  for (const event of ['data', 'error', 'close']) socket.once(event, () => stop.abort());
  const put = async (bytes: Buffer) => {
    if (!socket.write(bytes)) await once(socket, 'drain', { signal: stop.signal });
    line.wait(timeouts.stall);
  };
  let left = content.size;
  try {
    await put(INSTREAM);
    for await (const part of content.read()) {
      left -= part.length;
      if (stop.signal.aborted || left < 0) break;
      if (part.length > 0) await put(Buffer.concat([lengthOf(part.length), part]));
    }
  } catch {
    left = -1;
  }
  if (stop.signal.aborted) return;
  if (left !== 0) {
    line.sent = 'unreadable';
    line[Symbol.dispose]();
    return;
  }
  line.sent = 'whole';
  socket.write(lengthOf(0));
  line.wait(timeouts.answer);
}

const INSTREAM = Buffer.from('zINSTREAM\0');

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}

const failed = (reason: ScanError): Scan => ({ verdict: 'error', reason });

const isRefusal = ({ text }: Answer) => text.startsWith('INSTREAM size limit exceeded.');

const isAway = (scan: Scan) => scan.verdict === 'error' && scan.reason === 'away';

/** Returns the result. Only one answer means clean: these eleven bytes, after everything was sent, and then the end. */
function scanOf(answer: Answer, isWhole: boolean): Scan {
  const { text, isEnded, isLate } = answer;
  if (text === 'stream: OK\0' && isEnded && isWhole) return { verdict: 'clean' };
  const name = /^stream: ([!-~]{1,200}) FOUND\0$/.exec(text)?.[1];
  if (name) return { verdict: 'infected', name };
  if (isRefusal(answer)) return failed('size');
  if (isLate) return failed('slow');
  return failed(text === '' ? 'away' : 'answer');
}

const VERSION = /^ClamAV ([\w.~+-]+)(?:\/(\d+)\/\w{3} (\w{3}) +(\d{1,2}) [\d:]{8} (\d{4}))?\0$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Parses `ClamAV 1.4.6/27815/Wed Nov 25 09:24:11 2026`, or the engine alone. */
export function versionOf(answer: string): ClamdVersion | null {
  const [, engine, number, name = '', day, year] = VERSION.exec(answer) ?? [];
  if (!engine) return null;
  const month = MONTHS.indexOf(name) / 3 + 1;
  if (!number || month < 1) return { engine, signatures: null };
  const date = { year: Number(year), month, day: Number(day) };
  return { engine, signatures: { number: Number(number), day: Temporal.PlainDate.from(date) } };
}

/** Parses `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`; null: neither. */
export function clamdAddress(text: string): ClamdAddress | null {
  const path = /^unix:(\/.+)$/.exec(text)?.[1];
  if (path) return { path };
  const [, host, port] = /^tcp:(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) return null;
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

export const nameOf = (address: ClamdAddress): string =>
  'path' in address ? `unix:${address.path}` : `tcp:${address.host}:${address.port}`;
