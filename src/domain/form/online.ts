import { highestOf, type Level } from '../identity.ts';
import type { Form } from './schema.ts';

/** Returns the level that a form demands of whoever applies. Whoever signs by their session must be identified in it. */
export const levelOf = ({ identity, sign }: Pick<Form, 'identity' | 'sign'>): Level =>
  highestOf([identity, sign === 'session' ? 'low' : 'none']);

/** What stands in the way of finishing a form on-line. */
export type Obstacle = 'papers' | 'signature' | 'payment';

/**
 * Returns why a form can't be finished on-line; empty: it can. `takesPayments`: whether fees can be paid on-line here. A form that asks for files anywhere can't, even if some people are not
 * asked for them: who began it would have to stop in the middle.
 */
export function obstaclesTo(
  { steps, sign, fee }: Pick<Form, 'steps' | 'sign' | 'fee'>,
  { takesPayments }: { takesPayments: boolean },
): Obstacle[] {
  const asksForFiles = steps.some(({ questions }) =>
    questions.some(
      (each) =>
        each.type === 'file' ||
        (each.type === 'group' && each.questions.some(({ type }) => type === 'file')),
    ),
  );
  return [
    ...(asksForFiles ? (['papers'] as const) : []),
    ...(sign === 'valid' || sign === 'autofirma' ? (['signature'] as const) : []),
    ...(fee === undefined || takesPayments ? [] : (['payment'] as const)),
  ];
}
