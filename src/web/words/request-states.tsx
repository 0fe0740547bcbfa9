import type { Office } from '../../domain/office/types.ts';
import type { RequestState } from '../../domain/requests/states.ts';
import { settingsOf } from '../../features/service/requests/service.ts';
import { UNANSWERED, WITHDRAWN } from '../../features/service/requests/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Tag, type TagKind } from '../../ui/parts.tsx';

const KINDS: Record<RequestState, TagKind> = {
  received: 'plain',
  planned: 'plain',
  in_progress: 'now',
  asked: 'warn',
  answered: 'good',
  refused: 'plain',
  merged: 'plain',
};

/** Returns where a request stands, in the words that its person, officials and everybody else read. `reason`: why it was refused. */
export const requestStateText = (
  t: Translate,
  state: RequestState,
  reason: string | null = null,
): string => (reason === WITHDRAWN ? t('requests.state.withdrawn') : t(`requests.state.${state}`));

/** Returns why a request was refused, or sent back, in words; its code where it is not declared any more. */
export function requestReasonText(
  t: Translate,
  office: Pick<Office, 'settings'>,
  code: string,
): string {
  if (code === WITHDRAWN || code === UNANSWERED) return t(`requests.reason.${code}`);
  const found = settingsOf(office)?.reasons.find((each) => each.code === code);
  return textIn(found?.name, t.language) || code;
}

/** Where a request stands, in a word, with a sign. */
export function RequestStateTag(props: {
  t: Translate;
  state: RequestState;
  reason?: string | null;
}) {
  const { t, state, reason } = props;
  return <Tag kind={KINDS[state]}>{requestStateText(t, state, reason)}</Tag>;
}
