import type { Office } from '../../../domain/office/types.ts';
import type { Waiting } from '../../../features/service/colleagues/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { procedureName } from '../words.ts';

interface Reader {
  t: Translate;
  office: Office;
  viewer: StaffViewer;
  /** `/console/oac` */
  base: string;
}

/**
 * The requests of colleagues that wait for the reader's answer, at the foot of every page. The `console` island renews it as they
 * come and go, and hears of them itself on pages without another stream. `back`: the page that a “not now” returns to.
 */
export function WaitingRegion(props: { visit: Reader; waiting: readonly Waiting[]; back: string }) {
  const { t, office, viewer, base } = props.visit;
  return (
    <div
      id="asked"
      aria-live="assertive"
      data-from={`${base}/asked`}
      data-stream={`${base}/stream`}
      data-share={`${office.code} ${viewer.staff} ${t.language}`}
    >
      {props.waiting.map((each) => (
        <Request key={each.id} {...props} of={each} />
      ))}
    </div>
  );
}

function Request({ visit, of, back }: { visit: Reader; of: Waiting; back: string }) {
  const { t, office, base } = visit;
  const values = {
    from: of.from.name,
    what: procedureName(t, office, of.procedure),
    channel: t(`common.channel.${of.channel}`),
  };
  return (
    <section class="asked" aria-label={t('colleagues.waiting.title')}>
      <div>
        <p>
          <strong>{t(`colleagues.waiting.${of.kind}`, values)}</strong>
        </p>
        {of.note ? <p class="said">{of.note}</p> : null}
      </div>
      <form method="post" action={`${base}/asked/${of.id}`} class="row" data-kind={of.kind}>
        <input type="hidden" name="back" value={back} />
        <button type="submit" name="answer" value="accepted" class="button">
          {t(`colleagues.waiting.yes.${of.kind}`)}
        </button>
        <button type="submit" name="answer" value="declined" class="button quiet">
          {t('colleagues.waiting.no')}
        </button>
      </form>
    </section>
  );
}
