import { highestOf, type Level } from '../identity.ts';
import type { Form } from './schema.ts';

/** Returns the level that a form demands of whoever applies. Whoever signs by their session must be identified in it. */
export const levelOf = ({ identity, sign }: Pick<Form, 'identity' | 'sign'>): Level =>
  highestOf([identity, sign === 'session' ? 'low' : 'none']);

/** What stands in the way of finishing a form on-line. */
export type Obstacle = 'signature' | 'payment';

/** Returns why a form can't be finished on-line; empty: it can. `takesPayments`: whether fees can be paid on-line here. */
export function obstaclesTo(
  { sign, fee }: Pick<Form, 'sign' | 'fee'>,
  { takesPayments }: { takesPayments: boolean },
): Obstacle[] {
  return [
    ...(sign === 'valid' || sign === 'autofirma' ? (['signature'] as const) : []),
    ...(fee === undefined || takesPayments ? [] : (['payment'] as const)),
  ];
}
