/** Minutes that somebody may take at the provider. */
export const ATTEMPT_MINUTES = 15;

/** What a provider says of somebody; anything may stand there. */
type Claims = Readonly<Record<string, unknown>>;

/**
 * The address that the provider says is theirs, in small letters; null: none, or it doesn't say so. Microsoft Entra says it
 * in a claim of its own.
 */
export function verifiedEmail(claims: Claims): string | null {
  const { email, email_verified: verified, xms_edov: owned } = claims;
  const isTheirs = verified === true || [true, 1, '1', 'true'].some((each) => each === owned);
  return typeof email === 'string' && email.includes('@') && isTheirs
    ? email.trim().toLowerCase()
    : null;
}

/** Whether one of `values` stands among the ways in which the provider recognised them (`amr`) or is how surely (`acr`). */
export function isFromSecondFactor(claims: Claims, values: readonly string[]): boolean {
  const { amr, acr } = claims;
  const said = [...(Array.isArray(amr) ? amr : []), acr];
  return said.some((each) => typeof each === 'string' && values.includes(each));
}
