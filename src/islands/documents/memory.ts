/** Remembers an upload, so that it continues after a reload. It keeps neither the link nor the file's name. */
export interface Memory {
  /** Returns the upload's id; null: none is known, or it is too old. */
  recall(): string | null;
  remember(id: string): void;
  forget(): void;
}

const PREFIX = 'upload ';
/** The time after which the server discards an unfinished upload. */
const LONGEST_MS = 24 * 3_600_000;

const now = (): number => Math.round(performance.timeOrigin + performance.now());

/** Returns null when storage is blocked; uploads work without it, but don't survive a reload. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Returns a memory under the digest of `words`; one that stores nothing when no digest can be made. */
export async function memoryOf(words: readonly string[]): Promise<Memory> {
  const bytes = new TextEncoder().encode(JSON.stringify(words));
  const digest = await window.crypto?.subtle?.digest('SHA-256', bytes).catch(() => null);
  if (!digest) return { recall: () => null, remember: () => {}, forget: () => {} };
  const hex = Array.from(new Uint8Array(digest), (each) => each.toString(16).padStart(2, '0'));
  const key = PREFIX + hex.join('');
  orNull(dropOld);
  return {
    recall: () => orNull(() => localStorage.getItem(key))?.split(' ')[0] ?? null,
    remember: (id) => void orNull(() => localStorage.setItem(key, `${id} ${now()}`)),
    forget: () => void orNull(() => localStorage.removeItem(key)),
  };
}

function dropOld(): void {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
    const at = Number(localStorage.getItem(key)?.split(' ')[1]);
    if (!(now() - at < LONGEST_MS)) localStorage.removeItem(key);
  }
}
