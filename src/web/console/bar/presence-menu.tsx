import { SAID, type Standing, type State } from '../../../features/service/presence/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Tag, type TagKind } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';

/** The sign and colour of an agent’s state. */
export const STATE_KINDS: Record<State, TagKind> = {
  available: 'good',
  in_call: 'now',
  wrap_up: 'now',
  break: 'plain',
  away: 'plain',
};

interface PresenceMenuProps {
  t: Translate;
  /** `/console/oac` */
  base: string;
  /** The page to return to. */
  path: string;
  standing: Standing;
}

/** The person's presence, in the bar of every page, and the three states that they can choose. */
export function PresenceMenu({ t, base, path, standing }: PresenceMenuProps) {
  const { state } = standing;
  return (
    <details class="menu presence" id="presence" name="bar">
      <summary>
        <span class="hide">{t('liveBoard.mine')}: </span>
        <Tag kind={STATE_KINDS[state]}>{t(`liveBoard.state.${state}`)}</Tag>
      </summary>
      <form method="post" action={`${base}/presence`} class="menu-in">
        <input type="hidden" name="back" value={path} />
        {state === 'in_call' ? <p class="small soft">{t('liveBoard.afterCall')}</p> : null}
        {SAID.map((each) => (
          <button
            key={each}
            type="submit"
            name="state"
            value={each}
            class="link"
            data-action={each}
            aria-current={each === state ? 'true' : undefined}
          >
            {t(`liveBoard.state.${each}`)} <Key action={each} />
          </button>
        ))}
      </form>
    </details>
  );
}
