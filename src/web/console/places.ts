import { mayUseDesk } from '../../features/attention/rules.ts';
import { mayReadTrail } from '../../features/audit/service.ts';
import { mayManageWebhooks } from '../../features/webhooks/rules.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import type { Place } from './layout.tsx';

/** The pages of a body that this person may go to. */
export function placesOf(
  t: Translate,
  viewer: StaffViewer,
  { code }: { code: string },
  path: string,
): Place[] {
  const base = `/console/${code}`;
  const [here = ''] = path.split('?');
  const place = (href: string, text: string): Place => ({ href, text, isHere: here === href });
  return [
    place(base, t('staff.place.day')),
    ...(mayUseDesk(viewer) ? [place(`${base}/book`, t('desk.book.title'))] : []),
    ...(mayReadTrail(viewer) ? [place(`${base}/audit`, t('staff.place.audit'))] : []),
    ...(mayManageWebhooks(viewer) ? [place(`${base}/webhooks`, t('webhooks.place'))] : []),
  ];
}
