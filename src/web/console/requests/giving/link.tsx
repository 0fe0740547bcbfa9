import { mayGiveLink } from '../../../../features/service/requests/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import { BackLink } from '../../../../ui/parts.tsx';
import { QrCode } from '../../../../ui/qr.tsx';
import { Phone } from '../../../citizen/shared.tsx';
import { before } from '../../../words/labels.ts';
import type { DeskVisit } from '../../visit.tsx';
import type { RequestProps } from '../one/request.tsx';
import { requestTypeName } from '../words.ts';

/** The way to hand the link of a request over. `isFirst`: it was written down just now for somebody who gets no message. */
export function LinkPart({ visit, work, at, isFirst }: RequestProps & { isFirst: boolean }) {
  const { t, viewer, now } = visit;
  if (!mayGiveLink(viewer, work.row, now)) return null;
  return (
    <section aria-labelledby="link" class="stack">
      <h2 id="link">{t('requestDesk.link')}</h2>
      <p class="small">{t(isFirst ? 'requestDesk.link.first' : 'requestDesk.link.again')}</p>
      {isFirst ? null : <p class="small soft">{t('requestDesk.link.proof')}</p>}
      <form method="post" action={`${at}/link`}>
        <input type="hidden" name="seen" value={work.row.version} />
        <button type="submit" class={isFirst ? 'button' : 'button quiet small'}>
          {t(isFirst ? 'requestDesk.link.show' : 'requestDesk.link.give')}
        </button>
      </form>
    </section>
  );
}

/** What the sheet has of a request. */
export interface SheetOfRequest {
  reference: string;
  type: string;
  language: DeskVisit['t']['language'];
  /** The address of its page. */
  address: string;
}

/** Shows, this once, the sheet that its person takes along, in their language: the reference, and the address of their page. */
export function showLinkSheet(visit: DeskVisit, back: string, sheet: SheetOfRequest): Response {
  const { t, office } = visit;
  const theirs = translateTo(sheet.language);
  const { phone } = office.settings.contact ?? {};
  return visit.show(
    { title: t('requestDesk.link.title') },
    <>
      <div class="no-print stack">
        <BackLink href={back}>{t('requestDesk.link.back')}</BackLink>
        <h1>{t('requestDesk.link.title')}</h1>
        <p class="lead">{t('requestDesk.link.once')}</p>
        <p>{t('desk.print.how')}</p>
      </div>
      <article class="sheet stack" lang={sheet.language}>
        <p class="lead">{textIn(office.name, sheet.language)}</p>
        <p>{requestTypeName({ office, t: theirs }, sheet.type)}</p>
        <p>
          {before(theirs('citizen.card.reference'))}
          <strong class="figures">{sheet.reference}</strong>
        </p>
        <h2>{theirs('requestDesk.link.follow')}</h2>
        <div class="sheet-page">
          <QrCode text={sheet.address} label={theirs('requestDesk.link.picture')} />
          <div class="stack">
            <p>{theirs('desk.print.address')}</p>
            <p class="address">{sheet.address}</p>
            <p>{theirs('requestDesk.link.secret')}</p>
            {phone ? (
              <p>
                {theirs('desk.print.phone')} <Phone number={phone} />
              </p>
            ) : null}
          </div>
        </div>
      </article>
    </>,
  );
}
