import { CHANNELS, type Channel } from '../../features/appointments/types.ts';
import type { Body, Procedure } from '../../features/bodies/types.ts';
import { LANGUAGE_NAMES, type Language } from '../../lib/i18n/languages.ts';
import { Button } from '../../ui/buttons.tsx';
import { Radios } from '../../ui/forms.tsx';
import { Notice } from '../../ui/parts.tsx';
import type { ProcedureVisit } from './visit.tsx';

/** The channels that the procedure has, in our order. */
export const channelsOf = (procedure: Procedure): Channel[] =>
  CHANNELS.filter((each) => procedure.channels[each]);

/** The languages of the body that some desk with the skill speaks. */
export function languagesOf(body: Body, procedure: Procedure): Language[] {
  const desks = body.rota.agents.filter(
    (each) => each.skills === 'all' || each.skills.includes(procedure.code),
  );
  return body.languages.filter((each) => desks.some((desk) => desk.languages.includes(each)));
}

/** The channel and the language of the attention, and the way to the times. */
export function Choose({ visit }: { visit: ProcedureVisit }) {
  const { t, body, procedure, to, language } = visit;
  const channels = channelsOf(procedure);
  const languages = languagesOf(body, procedure);
  if (channels.length === 0 || languages.length === 0)
    return <Notice kind="warn">{t('citizen.procedure.closed')}</Notice>;
  return (
    <section class="stack" aria-labelledby="book">
      <h2 id="book">{t('citizen.procedure.book')}</h2>
      <form class="form" action={`${to.procedure(body.code, procedure.code)}/times`} method="get">
        <Radios
          name="channel"
          label={t('citizen.procedure.channel')}
          value={channels[0]}
          options={channels.map((each) => ({
            value: each,
            label: t(`common.channel.${each}`),
            hint: t(`citizen.procedure.${each}`, {
              minutes: t('common.minutes', { count: procedure.channels[each] ?? 0 }),
            }),
          }))}
        />
        <Radios
          name="language"
          label={t('citizen.procedure.language')}
          value={languages.includes(language) ? language : languages[0]}
          options={languages.map((each) => ({
            value: each,
            label: LANGUAGE_NAMES[each],
            lang: each,
          }))}
        />
        <Button>{t('citizen.procedure.seeTimes')}</Button>
      </form>
    </section>
  );
}
