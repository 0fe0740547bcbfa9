/** Who is asking. Services take it and decide; what it may see is also what the database session is confined to. */
export type Viewer =
  | CitizenViewer
  | WaitingViewer
  | { kind: 'companion'; companion: string; appointment: string }
  | StaffViewer
  | TokenViewer
  /** Whoever a notice was sent to before an address was changed. */
  | { kind: 'addressee' }
  /** Anybody who typed a document's verification code. */
  | { kind: 'verifier' }
  | { kind: 'system'; why: string };

/** Another system that brought a token of the API. */
export interface TokenViewer {
  kind: 'token';
  token: number;
  office: number;
  /** What the token may do; see `src/domain/scopes.ts`. */
  scopes: ReadonlySet<string>;
}

/** Whoever has the link of an appointment; with `proof`, they have shown that they are its citizen. */
export interface CitizenViewer {
  kind: 'citizen';
  appointment: string;
  /** Absent or null: the link alone, which anybody may have been given. */
  proof?: CitizenProof | null;
}

/** Whoever has the link of an entry of the wait list, or joins it. */
export interface WaitingViewer {
  kind: 'waiting';
  waiting: string;
}

/** What shows that somebody with the link is the citizen: a one-time code that was typed in this browser. */
export interface CitizenProof {
  /** SHA-256 of the secret that the browser keeps, in hexadecimal. */
  browser: string;
  at: Temporal.Instant;
  channel: 'email' | 'sms';
  /** Where the code went: the last digits of a number, or a mail address with its name hidden. */
  masked: string;
  /** Who had set that address (see `actorOf`). */
  setBy: string;
}

export interface StaffViewer {
  kind: 'staff';
  staff: number;
  name: string;
  /** The office that they work in now; one person may have roles in several. */
  office: number;
  role: StaffRole;
  /** The desk they attend from, if any. */
  desk: number | null;
}

export type StaffRole = 'agent' | 'coordinator' | 'administrator';

/** How a viewer is named in events and in the audit trail: `citizen`, `staff:7`, `token:2`, `companion:<id>`, `addressee`, `verifier`, `system`. */
export function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'staff':
      return `staff:${viewer.staff}`;
    case 'token':
      return `token:${viewer.token}`;
    case 'companion':
      return `companion:${viewer.companion}`;
    case 'waiting':
      return 'citizen';
    default:
      return viewer.kind;
  }
}

/** The id of the member of staff that an actor names (`staff:7`); null when it is nobody of the staff. */
export function staffIn(actor: string): number | null {
  const [kind, id] = actor.split(':');
  return kind === 'staff' ? Number(id) : null;
}
