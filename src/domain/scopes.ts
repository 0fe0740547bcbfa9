/**
 * What a token of the API may be allowed to do. Each operation of the API declares the one that it needs
 * (`src/web/api/definitions.ts`); a new operation without one can't be served.
 */
export const SCOPES = [
  /** Reads the office and its procedures. */
  'catalogue:read',
  /** Reads the times that are free. */
  'slots:read',
  /** Reads appointments with the citizen's name and contact details, and the events of the office. */
  'appointments:read',
  /** Holds times; books, moves and cancels appointments. */
  'appointments:write',
  /** Changes a citizen's name and contact details, and gets the address of the citizen's own page. */
  'contacts:write',
] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope =>
  (SCOPES as readonly string[]).includes(text);

/** Returns whether something that holds scopes, such as a token's viewer, holds this one. */
export const hasScope = (holder: { readonly scopes: ReadonlySet<string> }, scope: Scope): boolean =>
  holder.scopes.has(scope);
