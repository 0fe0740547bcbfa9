import { SummaryList } from '../../../ui/parts.tsx';
import type { Software } from '../../software.ts';
import { withoutScheme } from '../shared.tsx';
import type { Visit } from '../visit.tsx';

/** `/{language}/software`: the program, its licence, and the address of its source. */
export function softwarePage(software: Software) {
  return (visit: Visit): Response => {
    const { t, town } = visit;
    const source = town.source ?? software.source;
    return visit.show(
      { title: t('software.title') },
      <>
        <h1>{t('software.title')}</h1>
        <p class="lead">{t('software.lead')}</p>
        <SummaryList
          rows={[
            { label: t('software.name'), value: software.name },
            { label: t('software.version'), value: software.version },
            ...(software.revision
              ? [{ label: t('software.build'), value: <code>{software.revision}</code> }]
              : []),
            {
              label: t('software.license'),
              value: <a href={software.license.url}>{software.license.name}</a>,
            },
            {
              label: t('software.source'),
              value: (
                <>
                  {town.source ? <p>{t('software.modified')}</p> : null}
                  <a href={source}>{withoutScheme(source)}</a>
                </>
              ),
            },
          ]}
        />
        <h2>{t('software.parts')}</h2>
        <p>{t('software.parts.text')}</p>
        <ul>
          {software.parts.map(({ name, license }) => (
            <li key={name} lang="en">
              {name}: {license.replaceAll(/[()]/g, '').replace(' AND ', ', ')}
            </li>
          ))}
        </ul>
      </>,
    );
  };
}
