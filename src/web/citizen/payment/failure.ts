/** Why nothing was paid, as a person can do something about it. */
export type Failure = 'cancelled' | 'expired' | 'card' | 'confirmation' | 'away' | 'bank';

/** The answers of Redsys ("Códigos de error y denegaciones"). Whoever is not named here has to ask their bank. */
const MEANT: Readonly<Record<Exclude<Failure, 'bank'>, readonly string[]>> = {
  cancelled: ['9915'],
  expired: ['expired', '9673', '9674'],
  card: ['0101', '0106', '0118', '0125', '0129', '0180', '0191', '9064', '9078', '9093', '9253'],
  confirmation: ['0184', '0195', '9104', '9126'],
  away: ['0904', '0909', '0912', '0944', '9094', '9912', '9999'],
};

/** Returns why nothing was paid. `code`: the answer of the bank. */
export function failureOf(code: string | null): Failure {
  const found = Object.entries(MEANT).find(([, codes]) => codes.includes(code ?? ''));
  return (found?.[0] as Failure | undefined) ?? 'bank';
}
