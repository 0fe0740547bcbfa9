/** What one tab of the browser keeps across reloads. Where storage is blocked or full, it is kept no longer than the page. */

/** Returns what was kept under a name; null: nothing, or storage is blocked. */
export function recallInTab(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; null removes it. */
export function keepInTab(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {}
}
