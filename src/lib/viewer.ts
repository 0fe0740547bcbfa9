import { createHash } from 'node:crypto';

/** The identity behind a request. Services decide by it; it also confines the database session. */
export type Viewer =
  | CitizenViewer
  | WaitingViewer
  | ChattingViewer
  | { kind: 'companion'; companion: string; appointment: string }
  | ColleagueViewer
  | StaffViewer
  | TokenViewer
  /** A recipient of earlier notices, before an address was changed. */
  | { kind: 'addressee' }
  /** A person who typed a document's verification code. */
  | { kind: 'verifier' }
  | PersonViewer
  | ApplicantViewer
  | RequesterViewer
  | { kind: 'follower'; follower: string; request: string }
  | { kind: 'system'; why: string };

/** The person who runs the installation, at its command line. */
export const OPERATOR = { kind: 'system', why: 'operator' } as const satisfies Viewer;

/**
 * A member of staff who was asked into the video call of a colleague's appointment. They see and talk there, and may do nothing
 * else with the appointment.
 */
export interface ColleagueViewer {
  kind: 'colleague';
  staff: number;
  office: number;
  appointment: string;
  /** The request that they said yes to. */
  request: string;
}

/** Another system with a token of the API. */
export interface TokenViewer {
  kind: 'token';
  token: number;
  office: number;
  /** The scopes of the token; see `src/domain/scopes.ts`. */
  scopes: ReadonlySet<string>;
}

/** A person with the link of an appointment; `proof`: they have shown that they are its citizen. */
export interface CitizenViewer {
  kind: 'citizen';
  appointment: string;
  /** Absent or null: only the link, which may have been passed on. */
  proof?: CitizenProof | null;
}

/** An identified person, in a session of theirs. */
export interface PersonViewer {
  kind: 'person';
  person: string;
  /** The level of the session (see `src/domain/identity.ts`). */
  level: 'low' | 'substantial' | 'high';
  /** The identification that began it. */
  identification: string;
  /** See `ActingFor`; given where they open what was notified to the represented person. */
  actsFor?: string;
}

/** A person with the link of a case, or an identified person whose case it is. */
export interface ApplicantViewer {
  kind: 'applicant';
  case: string;
  /** Who they are; null: they have the link alone. */
  identified: (Pick<PersonViewer, 'person' | 'level' | 'identification'> & ActingFor) | null;
  /** What shows in this browser that they are the citizen in whose encounter it was begun; absent or null: nothing does. */
  proof?: CitizenProof | null;
}

/**
 * A person with the link of a request, or an identified person who sent it. What they do is recorded as the citizen's: whoever stays unnamed leaves no trace
 * of a session that they have besides (docs/adr/0119).
 */
export interface RequesterViewer {
  kind: 'requester';
  request: string;
}

/** For whom an identified person acts in their browser; neither: for themselves. */
export interface ActingFor {
  /** The id of the authorisation, which was valid when the request came. */
  actsFor?: string;
  /** The NIF of the organisation of their certificate. */
  organisation?: string;
}

/** A person with the link of an entry of the wait list, or a person who joins it. */
export interface WaitingViewer {
  kind: 'waiting';
  waiting: string;
}

/**
 * The proof that a person with the link is the citizen: a one-time code that was typed in this browser, or the session of an identified
 * person whose appointment it is (`identity`).
 */
export interface CitizenProof {
  /** SHA-256 of the secret that the browser keeps, in hexadecimal; of `identity`: of the identification's id. */
  browser: string;
  at: Temporal.Instant;
  channel: 'email' | 'sms' | 'identity';
  /**
   * The masked address that got the code: the last digits of a number, or a mail address with its name hidden. Of `identity`: the code of
   * the provider.
   */
  masked: string;
  /** The actor who had set that address (see `actorOf`). Of `identity`: the person. */
  setBy: string;
}

/** A person with the link of a conversation in writing, or who begins one. */
export interface ChattingViewer {
  kind: 'chatting';
  chat: string;
}

export interface StaffViewer {
  kind: 'staff';
  staff: number;
  name: string;
  /** The current office; one person may have roles in several. */
  office: number;
  role: StaffRole;
  /** The desk of the agent, if any. */
  desk: number | null;
  /** The codes of the teams of the office that they are not in; absent: nobody looked, and they count as in none. */
  otherTeams?: readonly string[];
}

export type StaffRole = 'councillor' | 'agent' | 'coordinator' | 'administrator';

/**
 * Returns the name of a viewer in events and in the audit trail: `citizen`, `staff:7`, `token:2`, `companion:<id>`, `addressee`,
 * `verifier`, `person:<id>`, `system`. A person is named by the identification that began their session, not by their own id, which would
 * join what they do over the years.
 */
export function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'staff':
    case 'colleague':
      return `staff:${viewer.staff}`;
    case 'token':
      return `token:${viewer.token}`;
    case 'companion':
      return `companion:${viewer.companion}`;
    case 'waiting':
    case 'chatting':
      return 'citizen';
    case 'follower':
      return 'citizen';
    case 'requester':
      return 'citizen';
    case 'applicant':
      return viewer.identified ? `person:${viewer.identified.identification}` : 'citizen';
    case 'person':
      return `person:${viewer.identification}`;
    default:
      return viewer.kind;
  }
}

/**
 * Returns the name of a viewer on the audit trail of an office. A person has another one in each office: the trails don't tell that they are
 * one (docs/adr/0083).
 */
export function trailActorOf(viewer: Viewer, office: number): string {
  const { identification } = identifiedIn(viewer) ?? {};
  if (identification === undefined) return actorOf(viewer);
  const pseudonym = createHash('sha256').update(`${office} ${identification}`).digest('base64url');
  return `person:${pseudonym.slice(0, 22)}`;
}

const identifiedIn = (viewer: Viewer): Pick<PersonViewer, 'identification'> | null =>
  viewer.kind === 'person' ? viewer : viewer.kind === 'applicant' ? viewer.identified : null;

/** Returns the id of the member of staff in an actor (`staff:7`); null when it is no member of staff. */
export function staffIn(actor: string): number | null {
  const [kind, id] = actor.split(':');
  return kind === 'staff' ? Number(id) : null;
}
