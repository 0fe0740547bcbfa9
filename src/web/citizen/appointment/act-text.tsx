import { maskedIdentifier } from '../../../domain/identity.ts';
import type { ActRecord, ActSeen } from '../../../features/service/consent/types.ts';
import { SummaryList } from '../../../ui/parts.tsx';
import { Paragraphs } from '../shared.tsx';
import type { AppointmentVisit } from '../visit.tsx';

/** The whole text of an act, in large words, the form that it hands in, and its documents: what this browser may see of them. */
export function ActText(props: {
  visit: Pick<AppointmentVisit, 't' | 'to' | 'secret'>;
  act: Pick<ActSeen, 'id' | 'case'>;
  record: ActRecord;
}) {
  const { visit, act, record } = props;
  const named = record.documents.filter((each) => each.name !== '');
  return (
    <>
      <section class="act-text large" lang={record.language} aria-labelledby="act">
        <h2 id="act">{record.title}</h2>
        <Paragraphs text={record.text} />
      </section>
      {act.case !== null && !record.case ? (
        <ByCode visit={visit} act={act} />
      ) : (
        <FormOfAct visit={visit} record={record} />
      )}
      {record.documents.length > 0 ? (
        <p>{visit.t('acts.documents.count', { count: record.documents.length })}</p>
      ) : null}
      {named.length > 0 ? (
        <ul>
          {named.map((each) => (
            <li key={each.id} class="said">
              {each.name}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

/** How somebody who has only the link of the appointment, which may have been passed on, reads what is handed in. */
function ByCode(props: {
  visit: Pick<AppointmentVisit, 't' | 'to' | 'secret'>;
  act: Pick<ActSeen, 'id'>;
}) {
  const { t, to, secret } = props.visit;
  const next = encodeURIComponent(`acts/${props.act.id}`);
  return (
    <section class="stack" aria-labelledby="handed-in">
      <h2 id="handed-in">{t('onBehalf.answers')}</h2>
      <p>{t('onBehalf.byCode.text')}</p>
      <p>
        <a href={`${to.appointment(secret, 'documents/code')}?next=${next}`}>
          {t('onBehalf.byCode.link')}
        </a>
      </p>
    </section>
  );
}

/** What the official hands in: each answer, and what is declared. */
function FormOfAct(props: { visit: Pick<AppointmentVisit, 't'>; record: ActRecord }) {
  const { visit, record } = props;
  const { case: of, language } = record;
  if (!of) return null;
  const { name, ...id } = of.person;
  return (
    <section class="stack" aria-labelledby="handed-in" lang={language}>
      <h2 id="handed-in" lang={visit.t.language}>
        {visit.t('onBehalf.answers')}
      </h2>
      <p lang={visit.t.language}>
        {visit.t('onBehalf.person', { name, masked: maskedIdentifier(id) })}
      </p>
      <SummaryList rows={of.answered.map(({ label, text }) => ({ label, value: text }))} />
      {of.declared.length > 0 ? (
        <>
          <h2 lang={visit.t.language}>{visit.t('onBehalf.declared')}</h2>
          <ul>
            {of.declared.map((each) => (
              <li key={each.id}>{each.text}</li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
