/** The content of a form that could not be saved, kept in this tab only: closing the tab removes it (docs/adr/0020-encounter.md). */
export interface Draft {
  /** Milliseconds since 1970. */
  at: number;
  entries: [name: string, value: string][];
}

const PREFIX = 'finestreta encounter ';
/** The lifetime of a draft: one working day. */
const LIVES_MS = 12 * 60 * 60 * 1000;
/** The time within which a page that is being left is gone. */
export const LEAVES_MS = 10_000;

/** The clock time until which nothing is stored: a save that fails during sign-out would store the data again. */
let leavesUntil = 0;

// Without storage, the typed text lasts as long as the page.
export function keep(name: string, entries: Draft['entries']): void {
  if (Date.now() < leavesUntil) return;
  try {
    sessionStorage.setItem(name, JSON.stringify({ at: Date.now(), entries } satisfies Draft));
  } catch {}
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(name);
  } catch {}
}

export function readKept(name: string): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(name) ?? 'null') as Draft | null;
    return draft && Date.now() - draft.at < LIVES_MS ? draft : null;
  } catch {
    return null;
  }
}

/** Removes drafts of other forms and old ones from this tab. `name`: of the open form. */
export function forgetOld(name: string): void {
  const whose = name.split(' ').at(-1);
  for (const each of names()) if (each.split(' ').at(-1) !== whose || !readKept(each)) forget(each);
}

/** Removes all drafts at sign-out. If the page stays, drafts are kept again after a while. */
export function clearKept(): void {
  leavesUntil = Date.now() + LEAVES_MS;
  for (const each of names()) forget(each);
}

function names(): string[] {
  try {
    return Object.keys(sessionStorage).filter((each) => each.startsWith(PREFIX));
  } catch {
    return [];
  }
}
