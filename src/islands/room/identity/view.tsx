import type { RoomPage } from '../page.ts';
import type { Shown } from '../view/controls.tsx';
import type { Saying } from '../view/said.tsx';
import type { Words } from '../words.ts';

/**
 * The request to identify, on the citizen's screen. It opens in another tab: the call goes on, and a provider refuses to be shown in a
 * frame.
 */
export function IdentityQuestion({ page, act, words }: Shown) {
  const { identity, side, base, providers, isAdmitted } = page;
  if (side !== 'citizen' || !isAdmitted || !identity || identity.state === 'identified')
    return null;
  const isAsked = identity.state === 'asked';
  const names = providers[identity.level ?? ''] ?? '';
  return (
    <div role="alert" class="notice stack room-identity">
      <p>{words(isAsked ? 'identify.ask' : 'identify.failed', { providers: names })}</p>
      <p class="row">
        <a
          class="button"
          href={base.replace(/room$/, 'identify')}
          target="_blank"
          rel="noopener"
          data-do="identify"
        >
          {words('identify.open')}
        </a>
        <a
          class="button quiet"
          href={base.replace(/room$/, 'identify/code')}
          target="_blank"
          rel="noopener"
        >
          {words('identify.other')}
        </a>
        {isAsked ? (
          <button type="button" class="button quiet" onClick={act.declineIdentity}>
            {words('identify.no')}
          </button>
        ) : null}
      </p>
    </div>
  );
}

/** What became of the request, for the one who made it and the one who was asked. */
export function identitySayings({ identity, side }: RoomPage, words: Words): Saying[] {
  if (!identity) return [];
  const { state } = identity;
  if (side === 'agent')
    return [{ text: words(`identify.desk.${state}`), isBrief: state !== 'asked' }];
  return state === 'identified' ? [{ text: words('identify.done'), isBrief: true }] : [];
}
