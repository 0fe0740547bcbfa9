import { createHash } from 'node:crypto';
import { isRecord } from './answer.ts';
import { refuse } from './refusal.ts';

/** The hash functions of SD-JWT that are taken, by their names in IANA's registry of named information. */
const HASHES = new Map<unknown, string>([
  [undefined, 'sha256'],
  ['sha-256', 'sha256'],
  ['sha-384', 'sha384'],
  ['sha-512', 'sha512'],
]);

const MOST = 200;
const DEEPEST = 8;

/** Returns the hash of a text as an SD-JWT has it, base64url. `algorithm`: its `_sd_alg`. @throws NotIdentified if it isn't taken */
export const hashOf = (algorithm: unknown, text: string): string =>
  createHash(HASHES.get(algorithm) ?? refuse('hash_unknown'))
    .update(text, 'ascii')
    .digest('base64url');

interface Disclosure {
  /** Null: it is an element of a list. */
  name: string | null;
  value: unknown;
}

/**
 * Returns the payload of an SD-JWT with what is disclosed in its place (RFC 9901, section 7.1, step 3). It refuses each disclosure to which no
 * digest leads, each digest that is there twice, and each name that is there already.
 *
 * @throws NotIdentified
 */
export function disclosed(
  payload: Record<string, unknown>,
  disclosures: readonly string[],
): Record<string, unknown> {
  if (disclosures.length > MOST) refuse('disclosures_too_many');
  const open = new Map(
    disclosures.map((each) => [hashOf(payload._sd_alg, each), read(each)] as const),
  );
  if (open.size < disclosures.length) refuse('disclosure_twice');
  const whole = new Unpacking(open).object(payload, 0);
  if (open.size > 0) refuse('disclosure_not_signed');
  return whole;
}

function read(text: string): Disclosure {
  const list: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(list) || typeof list[0] !== 'string') return refuse('disclosure');
  if (list.length === 2) return { name: null, value: list[1] };
  const [, name, value] = list;
  if (list.length !== 3 || typeof name !== 'string') return refuse('disclosure');
  return name === '_sd' || name === '...' ? refuse('disclosure') : { name, value };
}

/** Puts disclosures in their places. `open`: those that have none yet, by their digest. */
class Unpacking {
  private readonly seen = new Set<string>();
  private readonly open: Map<string, Disclosure>;

  constructor(open: Map<string, Disclosure>) {
    this.open = open;
  }

  object(from: Record<string, unknown>, depth: number): Record<string, unknown> {
    const { _sd: digests = [], _sd_alg: _, ...plain } = from;
    if (!Array.isArray(digests)) return refuse('digests');
    const whole = new Map(
      Object.entries(plain).map(([name, value]) => [name, this.value(value, depth + 1)]),
    );
    for (const digest of digests) {
      const found = this.take(digest);
      if (!found) continue;
      if (found.name === null) return refuse('disclosure');
      if (whole.has(found.name)) return refuse('disclosure_of_known_name');
      whole.set(found.name, this.value(found.value, depth + 1));
    }
    return Object.fromEntries(whole);
  }

  private list(from: readonly unknown[], depth: number): unknown[] {
    return from.flatMap((each) => {
      if (!isRecord(each) || !('...' in each)) return [this.value(each, depth + 1)];
      if (Object.keys(each).length > 1) return refuse('digests');
      const found = this.take(each['...']);
      if (found && found.name !== null) return refuse('disclosure');
      return found ? [this.value(found.value, depth + 1)] : [];
    });
  }

  private value(from: unknown, depth: number): unknown {
    if (depth > DEEPEST) return refuse('disclosures_too_deep');
    if (Array.isArray(from)) return this.list(from, depth);
    return isRecord(from) ? this.object(from, depth) : from;
  }

  private take(digest: unknown): Disclosure | null {
    if (typeof digest !== 'string') return refuse('digests');
    if (this.seen.has(digest)) return refuse('digest_twice');
    this.seen.add(digest);
    const found = this.open.get(digest) ?? null;
    this.open.delete(digest);
    return found;
  }
}
