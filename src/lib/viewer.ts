/** Who is asking. Services take it and decide; what it may see is also what the database session is confined to. */
export type Viewer =
  | { kind: 'citizen'; appointment: string }
  | { kind: 'companion'; companion: string; appointment: string }
  | StaffViewer
  | TokenViewer
  /** Anybody who typed a document's verification code. */
  | { kind: 'verifier' }
  | { kind: 'system'; why: string };

/** Another system that brought a token of the API. */
export interface TokenViewer {
  kind: 'token';
  token: number;
  body: number;
  /** What the token may do; see `src/domain/scopes.ts`. */
  scopes: ReadonlySet<string>;
}

export interface StaffViewer {
  kind: 'staff';
  staff: number;
  name: string;
  /** The body that they work in now; one person may have roles in several. */
  body: number;
  role: StaffRole;
  /** The desk they attend from, if any. */
  agent: number | null;
}

export type StaffRole = 'agent' | 'coordinator' | 'administrator';

/** How a viewer is named in events and in the audit trail: `citizen`, `staff:7`, `token:2`, `companion:<id>`, `verifier`, `system`. */
export function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'staff':
      return `staff:${viewer.staff}`;
    case 'token':
      return `token:${viewer.token}`;
    case 'companion':
      return `companion:${viewer.companion}`;
    default:
      return viewer.kind;
  }
}

/** The id of the member of staff that an actor names (`staff:7`); null when it is nobody of the staff. */
export function staffIn(actor: string): number | null {
  const [kind, id] = actor.split(':');
  return kind === 'staff' ? Number(id) : null;
}
