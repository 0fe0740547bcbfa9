import { isClosedRequest } from '../../../../domain/requests/states.ts';
import { MESSAGES_A_DAY } from '../rules.ts';
import type { RequestMessage, RequestRow } from '../types.ts';

/** Whether its person may write: while it is open, so many times a day. */
export function mayWrite(
  { state, anonymisedAt, leftAt }: Pick<RequestRow, 'state' | 'anonymisedAt' | 'leftAt'>,
  messages: readonly Pick<RequestMessage, 'side' | 'at'>[],
  now: Temporal.Instant,
): boolean {
  if (anonymisedAt !== null || leftAt !== null || isClosedRequest(state)) return false;
  const since = now.subtract({ hours: 24 });
  const today = messages.filter(
    ({ side, at }) => side === 'person' && Temporal.Instant.compare(at, since) > 0,
  );
  return today.length < MESSAGES_A_DAY;
}
