/** A form as it was when it could not be saved, kept in this tab alone: it is gone with the tab (docs/adr/0020-encounter.md). */
export interface Draft {
  /** Milliseconds since 1970. */
  at: number;
  entries: [name: string, value: string][];
}

const PREFIX = 'finestreta encounter ';
/** Nobody goes on with a draft after a day's work. */
const LIVES_MS = 12 * 60 * 60 * 1000;
/** Within this a page that is left is gone. */
export const LEAVES_MS = 10_000;

/** On the clock, until when nothing is kept: a save that fails while somebody signs out would bring it all back. */
let leavesUntil = 0;

// Where nothing may be kept, what is typed lives as long as the page.
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

/** Forgets what somebody else left in this tab, and what is old. `name`: of the form that is open. */
export function forgetOld(name: string): void {
  const whose = name.split(' ').at(-1);
  for (const each of names()) if (each.split(' ').at(-1) !== whose || !readKept(each)) forget(each);
}

/** For whoever signs out. Should their page stay all the same, what they type is kept again after a while. */
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
