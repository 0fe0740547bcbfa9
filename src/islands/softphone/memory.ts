/** What must outlive the page of a call: whom it was with, and how it stands. No number is kept of who has a name. */
export interface Kept {
  id: string;
  direction: 'out' | 'in';
  who: string;
  appointment: string | null;
  /** Which attempt of the appointment it is. */
  attempt: string | null;
  state: 'live' | 'over';
  isAnswered: boolean;
  /** What the call's end proposes to log, if anything; `exchange`: it never went out. */
  proposal: string | null;
  status: number | null;
}

const NAME = 'finestreta call';

/** The last call of this tab, as long as something is left to do about it. `share`: whose; what somebody else left is forgotten. */
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
