import type { ActState } from '../../features/service/consent/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Tag, type TagKind } from '../../ui/parts.tsx';

const KINDS: Record<ActState, TagKind> = {
  prepared: 'now',
  consented: 'good',
  declined: 'warn',
  withdrawn: 'plain',
  expired: 'plain',
};

/** The state of an act. */
export function ActTag({ t, state }: { t: Translate; state: ActState }) {
  return <Tag kind={KINDS[state]}>{t(`acts.state.${state}`)}</Tag>;
}
