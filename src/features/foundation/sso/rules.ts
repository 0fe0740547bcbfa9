/** Minutes that a person has at the provider. */
export const ATTEMPT_MINUTES = 15;

/** The provider's claims about a person; their content is not trusted. */
type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the address that the provider confirms, in small letters; null: there is none, or it isn't confirmed. Microsoft Entra has
 * a claim of its own for it.
 */
export function verifiedEmail(claims: Claims): string | null {
  const { email, email_verified: verified, xms_edov: owned } = claims;
  const isTheirs = verified === true || [true, 1, '1', 'true'].some((each) => each === owned);
  return typeof email === 'string' && email.includes('@') && isTheirs
    ? email.trim().toLowerCase()
    : null;
}

/** Returns whether one of `values` is among the provider's authentication methods (`amr`) or is its level (`acr`). */
export function isFromSecondFactor(claims: Claims, values: readonly string[]): boolean {
  const { amr, acr } = claims;
  const said = [...(Array.isArray(amr) ? amr : []), acr];
  return said.some((each) => typeof each === 'string' && values.includes(each));
}
