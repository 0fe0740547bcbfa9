/** The data that must outlive the page of a call: the other person and the call's state. The number is left out when there is a name. */
export interface Kept {
  id: string;
  direction: 'out' | 'in';
  who: string;
  appointment: string | null;
  /** The attempt of the appointment. */
  attempt: string | null;
  state: 'live' | 'over';
  isAnswered: boolean;
  /** The attempt that the call's end proposes to log, if any; `exchange`: it never went out. */
  proposal: string | null;
  status: number | null;
}

const NAME = 'finestreta call';

/** Returns the last call of this tab, while it has something left to do. `share`: its owner; another owner's call is removed. */
export function readKept(share: string): Kept | null {
  try {
    const text = sessionStorage.getItem(NAME);
    const found = text ? (JSON.parse(text) as { share: string; call: Kept }) : null;
    if (found?.share === share) return found.call;
    if (text) forgetKept();
  } catch {}
  return null;
}

export function keep(share: string, call: Kept | null): void {
  try {
    if (call) sessionStorage.setItem(NAME, JSON.stringify({ share, call }));
    else forgetKept();
  } catch {}
}

export function forgetKept(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {}
}
