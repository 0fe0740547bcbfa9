/**
 * The scopes that a token of the API may have. Each operation of the API declares the one that it needs (`src/web/api/definitions.ts`); an
 * operation without a scope can't be served.
 */
export const SCOPES = [
  /** Reads the office and its procedures. */
  'catalogue:read',
  /** Reads the free times. */
  'slots:read',
  /** Reads appointments with the citizen's name and contact details, and the events of the office. */
  'appointments:read',
  /** Holds times; books, moves and cancels appointments. */
  'appointments:write',
  /** Changes a citizen's name and contact details, and gets the address of the citizen's own page. */
  'contacts:write',
  /** Reads where cases stand, without what was answered and without who it is. */
  'cases:read',
  /** Begins cases for people, who confirm them; takes the office's plain steps. */
  'cases:write',
  /** Reads what was handed in with cases, and by whom. */
  'answers:read',
  /** Reads requests of all types with what was written, without who wrote it (docs/open311.md). */
  'requests:read',
  /** Sends requests for people. */
  'requests:write',
] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope =>
  (SCOPES as readonly string[]).includes(text);

/** Returns whether a holder of scopes, such as a token's viewer, has this one. */
export const hasScope = (holder: { readonly scopes: ReadonlySet<string> }, scope: Scope): boolean =>
  holder.scopes.has(scope);
