import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectSafely } from 'node:tls';
import type { TownState } from '../../domain/office/state.ts';
import { credentials, isTurn, type RelaySettings } from '../../lib/calls/turn.ts';
import { type Finding, right, wrong } from './report.ts';

/** Requests a relayed address from each TURN server, as a browser does, and the public address from each STUN server. */
export async function aboutRelay(
  { urls, secret }: RelaySettings,
  now: Temporal.Instant,
): Promise<Finding[]> {
  return Promise.all(
    urls.map(async (url) => {
      try {
        await (isTurn(url) ? allocate(url, secret ?? '', now) : bind(url));
        return right(`${url} answers.`);
      } catch (error) {
        return wrong(`${url}: ${(error as Error).message}`, adviceOn(error));
      }
    }),
  );
}

/** Reports offices that relay all calls, when there is no relay: they have no calls. */
export function aboutRelayedOffices(town: TownState, settings: RelaySettings | null): Finding[] {
  const isThere = settings?.urls.some(isTurn) && settings.secret !== null;
  const offices = [...town.offices].filter(([, each]) => each.settings.video?.relay === 'always');
  if (isThere || offices.length === 0) return [];
  return [
    wrong(
      `Video calls of ${offices.map(([code]) => code).join(', ')} go through a TURN server alone, and there is none: none connects.`,
      'Set TURN_URLS and TURN_SECRET, or take `video: { relay: always }` out of the town file.',
    ),
  ];
}

class Refused extends Error {}

const adviceOn = (error: unknown): string =>
  error instanceof Refused
    ? 'Is TURN_SECRET the same as static-auth-secret in its configuration, with use-auth-secret, and do both clocks agree?'
    : 'Is the address in TURN_URLS right, does the server run, and do both firewalls let it through?';

const BINDING = 0x0001;
const BOUND = 0x0101;
const ALLOCATE = 0x0003;
const USERNAME = 6;
const INTEGRITY = 8;
const ERROR = 9;
const REALM = 0x14;
const NONCE = 0x15;
const TRANSPORT = 0x19;
const COOKIE = Buffer.from('2112a442', 'hex');
const OVER_UDP = Buffer.from([17, 0, 0, 0]);
const WITHIN_MS = 5_000;

type Attribute = readonly [type: number, value: Buffer];
/** A connection to a server with one answer to each message. */
interface Way extends Disposable {
  ask(message: Buffer): Promise<Buffer>;
}

async function bind(url: string): Promise<void> {
  using way = await wayTo(url);
  const answer = read(await way.ask(messageOf(BINDING, [])));
  if (answer.type !== BOUND) throw new Error('it refuses to tell us our address');
}

/**
 * Allocates a relayed address. RFC 8656, 7: the refusal of the first request contains the data that the second must have (RFC 8489, 9.2).
 */
async function allocate(url: string, secret: string, now: Temporal.Instant): Promise<void> {
  using way = await wayTo(url);
  const wanted: Attribute = [TRANSPORT, OVER_UDP];
  const asked = read(await way.ask(messageOf(ALLOCATE, [wanted])));
  const realm = asked.attributes.get(REALM);
  const nonce = asked.attributes.get(NONCE);
  if (!realm || !nonce) throw new Error('it asks for no password: anybody may send through it');
  const { username, credential } = credentials(secret, 'doctor', now.add({ minutes: 5 }));
  const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
  const attributes: Attribute[] = [
    wanted,
    [USERNAME, Buffer.from(username)],
    [REALM, realm],
    [NONCE, nonce],
  ];
  const answer = read(await way.ask(messageOf(ALLOCATE, attributes, key)));
  const code = answer.attributes.get(ERROR);
  if (!code) return;
  const number = (code[2] ?? 0) * 100 + (code[3] ?? 0);
  if (number === 401) throw new Refused('it refuses the password that we make (401)');
  throw new Error(`it gives no address (${number} ${code.subarray(4)})`);
}

/** Returns a STUN message (RFC 8489, 5), signed when there is a key. */
function messageOf(type: number, attributes: readonly Attribute[], key?: Buffer): Buffer {
  const body = Buffer.concat(attributes.map(([name, value]) => attributeOf(name, value)));
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(body.length + (key ? 24 : 0), 2);
  const message = Buffer.concat([head, COOKIE, randomBytes(12), body]);
  if (!key) return message;
  const signature = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, attributeOf(INTEGRITY, signature)]);
}

function attributeOf(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

/** @throws when it is no STUN message */
function read(message: Buffer): { type: number; attributes: Map<number, Buffer> } {
  if (message.length < 20 || !message.subarray(4, 8).equals(COOKIE))
    throw new Error('what answers there is no TURN server');
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + length + (-length & 3);
  }
  return { type: message.readUInt16BE(0), attributes };
}

function wayTo(url: string): Promise<Way> {
  const [, scheme = '', name = '', given, transport = 'udp'] =
    /^(\w+):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url) ?? [];
  const isSafe = scheme.toLowerCase().endsWith('s');
  const host = name.replaceAll(/[[\]]/g, '');
  const port = Number(given ?? (isSafe ? 5349 : 3478));
  if (!isSafe && transport.toLowerCase() === 'udp') return overUdp(host, port);
  return overStream(
    isSafe ? connectSafely({ host, port, servername: host }) : connect({ host, port }),
    isSafe,
  );
}

const tooLate = (reject: (error: Error) => void) =>
  setTimeout(() => reject(new Error('it does not answer')), WITHIN_MS);

async function overUdp(host: string, port: number): Promise<Way> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        const late = tooLate(reject);
        socket.once('message', (answer) => {
          clearTimeout(late);
          resolve(answer);
        });
        socket.once('error', reject);
        socket.send(message, port, address);
      }),
    [Symbol.dispose]: () => void socket.close(),
  };
}

async function overStream(socket: Socket, isSafe: boolean): Promise<Way> {
  await new Promise<void>((resolve, reject) => {
    const late = tooLate(reject);
    socket.once(isSafe ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
  }).catch((error) => {
    socket.destroy();
    throw error;
  });
  return {
    // A server's answer to one message is small, and arrives in one piece.
    ask: (message) =>
      new Promise((resolve, reject) => {
        const late = tooLate(reject);
        socket.once('data', (answer) => {
          clearTimeout(late);
          resolve(Buffer.from(answer));
        });
        socket.once('error', reject);
        socket.write(message);
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
