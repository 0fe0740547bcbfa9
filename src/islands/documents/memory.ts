/** Where an upload is remembered, so that it goes on after a reload. Neither the link nor the file's name is kept. */
export interface Memory {
  /** The upload's id; null: none is known, or it is too old. */
  recall(): string | null;
  remember(id: string): void;
  forget(): void;
}

const PREFIX = 'upload ';
/** The server gives up what nobody went on with for so long. */
const LONGEST_MS = 24 * 3_600_000;

const now = (): number => Math.round(performance.timeOrigin + performance.now());

/** Storage may be closed to us; then nothing is remembered, and uploads go on all the same. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** A memory for what `words` name, by their digest; where none can be made, it remembers nothing. */
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
