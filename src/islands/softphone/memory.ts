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

/** The last call of this tab, as long as something is left to do about it. */
export function readKept(): Kept | null {
  try {
    const text = sessionStorage.getItem(NAME);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

export function keep(call: Kept | null): void {
  try {
    if (call) sessionStorage.setItem(NAME, JSON.stringify(call));
    else sessionStorage.removeItem(NAME);
  } catch {}
}
