import type { ActRecord } from '../../../features/service/consent/types.ts';
import { Paragraphs } from '../shared.tsx';
import type { AppointmentVisit } from '../visit.tsx';

/** The whole text of an act, in large words, and its documents: those whose names this browser may see by name. */
export function ActText(props: { visit: Pick<AppointmentVisit, 't'>; record: ActRecord }) {
  const { visit, record } = props;
  const named = record.documents.filter((each) => each.name !== '');
  return (
    <>
      <section class="act-text large" lang={record.language} aria-labelledby="act">
        <h2 id="act">{record.title}</h2>
        <Paragraphs text={record.text} />
      </section>
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
