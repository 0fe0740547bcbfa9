import { highestOf, type Level } from '../identity.ts';
import { feeBefore } from './fee.ts';
import type { Form } from './schema.ts';

/** Returns the level that a form demands of whoever applies. Whoever signs must be identified, so that it is known whose signature it is. */
export const levelOf = ({ identity, sign }: Pick<Form, 'identity' | 'sign'>): Level =>
  highestOf([identity, sign === 'none' ? 'none' : 'low']);

/** The ways to sign by more than an identified session. */
export const SIGNING_WAYS = ['valid', 'autofirma'] as const;
export type SigningWay = (typeof SIGNING_WAYS)[number];

/**
 * Returns by which ways a form can be signed besides the session; none: it is not. An electronic signature by a certificate is more than the ordinary
 * one, and can stand for it.
 */
export const signingWaysOf = ({ sign }: Pick<Form, 'sign'>): readonly SigningWay[] =>
  sign === 'valid' ? SIGNING_WAYS : SIGNING_WAYS.filter((each) => each === sign);

/** Returns whether a form is signed by more than the session. */
export const isSigned = (form: Pick<Form, 'sign'>): boolean => signingWaysOf(form).length > 0;

/** What stands in the way of finishing a form on-line. */
export type Obstacle = 'signature' | 'payment';

/**
 * Returns why a form can't be finished on-line; empty: it can. `takesPayments`: whether fees can be paid on-line here. `signs`: the ways by which
 * people can sign here.
 */
export function obstaclesTo(
  form: Pick<Form, 'sign' | 'fee'>,
  { takesPayments, signs }: { takesPayments: boolean; signs: readonly SigningWay[] },
): Obstacle[] {
  const ways = signingWaysOf(form);
  const isClosed = ways.length > 0 && !ways.some((each) => signs.includes(each));
  return [
    ...(isClosed ? (['signature'] as const) : []),
    ...(feeBefore(form).kind === 'none' || takesPayments ? [] : (['payment'] as const)),
  ];
}
