import { pointText } from '../../../../domain/requests/points.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { SummaryList, type SummaryRow } from '../../../../ui/parts.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import { answerText } from '../words.tsx';
import { type Step, stepPage, type Writing, withWriting } from './frame.tsx';

/** `…/request/{secret}/check`: all that was written, once more, and the button that sends it. A second press finds it sent. */
export function checkRequestPage(deps: CitizenDeps) {
  return {
    get: withWriting(deps, async (writing) => {
      const { row, type, visit } = writing;
      const { to, secret } = visit;
      // Whoever skipped a page goes back to it.
      if (row.text === '') return visit.redirect(to.request(secret, 'what'));
      if (row.tellBy === null) return visit.redirect(to.request(secret, 'contact'));
      const areas = await deps.offices.areas();
      const area = areas.find(({ code }) => code === row.area)?.name;
      const place = [
        row.address,
        area ? textIn(area, visit.language) : '',
        row.point ? pointText(row.point) : '',
      ].filter((each) => each !== '');
      return show(writing, type.place === 'none' ? null : place.join('\n'));
    }),

    post: withWriting(deps, async ({ visit }) => {
      const { viewer, office, id, to, secret, session } = visit;
      const done = await deps.requests.send(viewer, office, id, session?.person ?? null);
      if (done.ok) return visit.redirect(`${to.request(secret)}?done=sent`);
      const { reason } = done;
      const isStep = reason === 'where' || reason === 'what' || reason === 'contact';
      return visit.redirect(isStep ? to.request(secret, reason) : to.requests(office.code));
    }),
  };
}

function show(writing: Writing, place: string | null): Response {
  const { visit, row, type, photos } = writing;
  const { t, to, secret, dates } = visit;
  const change = (step: Step, name: string): NonNullable<SummaryRow['change']> => ({
    href: `${to.request(secret, step)}?back=1`,
    text: t('requests.check.change'),
    name: `${t('requests.check.change')}: ${name}`,
  });
  const line = (step: Step, label: string, value: string): SummaryRow => ({
    label,
    value: value || t('requests.check.nothing'),
    change: change(step, label),
  });
  const tellBy = row.isAnonymous ? 'anonymous' : (row.tellBy ?? 'page');
  const rows: SummaryRow[] = [
    ...(place === null ? [] : [line('where', t('requests.check.where'), place)]),
    line('what', t('requests.check.what'), row.text),
    ...type.questions.map((question) =>
      line('what', textIn(question.label, t.language), answerText(t, question, row.answers, dates)),
    ),
    ...(type.photos > 0
      ? [line('photos', t('requests.check.photos'), String(photos.length || ''))]
      : []),
    line(
      'contact',
      t('requests.check.contact'),
      [t(`requests.contact.${tellBy}`), row.name, row.email ?? '', row.phone ?? '']
        .filter((each) => each !== '')
        .join('\n'),
    ),
  ];
  return stepPage(
    writing,
    'check',
    { title: t('requests.check.title') },
    <>
      <SummaryList rows={rows} />
      {type.public ? <p>{t('requests.check.public')}</p> : null}
      <form class="form" action={to.request(secret, 'check')} method="post">
        <Button>{t('requests.check.send')}</Button>
      </form>
    </>,
  );
}
