import { readFileSync } from 'node:fs';

/** A value, or its mistake in words that follow the variable's name. */
export type Parse<T> = (text: string) => T | Mistake;
export class Mistake {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

/** Returns a function that reads single variables; mistakes are added to `mistakes` in words. */
export function reader(env: Record<string, string | undefined>, mistakes: string[]) {
  return <T, D extends string | null>(
    name: string,
    fallback: D,
    parse: Parse<T>,
  ): T | (D extends null ? null : never) => {
    const text = given(env, name, mistakes) ?? fallback;
    if (text === null) return null as D extends null ? null : never;
    const value = parse(text);
    if (!(value instanceof Mistake)) return value;
    mistakes.push(
      `${name} ${value.words}; it is ${/URL|KEY|TOKEN|HEADERS|BODY|SECRET|PASSWORDS|CERTIFICATE|AUTHORITIES/.test(name) ? 'something else' : JSON.stringify(text)}.`,
    );
    return (fallback === null ? null : parse(fallback)) as T;
  };
}

/** Returns the value of NAME, or the content of the file in NAME_FILE. An empty value counts as none. */
function given(
  env: Record<string, string | undefined>,
  name: string,
  mistakes: string[],
): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name]?.trim() || undefined;
  if (env[name]) mistakes.push(`${name} and ${name}_FILE are both set; keep one.`);
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    mistakes.push(
      `${name}_FILE names ${file}, which can't be read (${(error as NodeJS.ErrnoException).code}).`,
    );
    return undefined;
  }
}

export function wholeNumber(least: number, most: number): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most
      ? value
      : new Mistake(`must be a whole number from ${least} to ${most}`);
  };
}

/** The shortest shared secret: as many characters as 256 bits in base64 have. */
const SECRET_LENGTH = 43;

/** A secret that is long enough to sign with (RFC 7518, 3.2: 256 bits). */
export const sharedSecret: Parse<string> = (text) =>
  text.length >= SECRET_LENGTH
    ? text
    : new Mistake(
        `must be at least ${SECRET_LENGTH} characters, such as of openssl rand -base64 32`,
      );

export function oneOf<T extends string>(...allowed: T[]): Parse<T> {
  return (text) =>
    allowed.find((each) => each === text) ?? new Mistake(`must be ${allowed.join(' or ')}`);
}

/** Returns the parser of an address with one of these protocols; `words` describe a valid one. */
export function addressWith(protocols: string[], words: string): Parse<URL> {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url && protocols.includes(url.protocol) && url.hostname !== ''
      ? url
      : new Mistake(words);
  };
}
