import type { Ask, Way } from '../../../domain/appointment.ts';
import { CHANNELS, type Channel, isSeen } from '../../../domain/channel.ts';
import { isSingle, needOf } from '../../../domain/office/bundle.ts';
import { siteOf } from '../../../domain/office/site.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { attends, isQualified } from '../../../features/booking/slots/rules.ts';
import { formatLanguage } from '../../../lib/i18n/format-language.ts';
import type { InterpretedLanguage } from '../../../lib/i18n/interpreted.ts';
import { type EncounterLanguage, isSigned, SIGN_LANGUAGES } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { AboutCase, type AboutStands, CarriedCase } from '../cases/talking/about.tsx';
import type { Choosing } from '../urls.ts';
import type { ProcedureVisit } from '../visit.tsx';
import { extentOfBundle, extentQuery } from './extent.ts';
import { AddLink, Apart, Together } from './together.tsx';
import { formatWay, wayCode, waysOf } from './ways.ts';

/** Returns the parameters of a page of times for these choices. */
export const choosingOf = (ask: Ask, interpreter?: InterpretedLanguage | null): Choosing => ({
  channel: wayCode(ask),
  language: ask.language,
  ...(interpreter && { interpreter }),
  ...extentQuery(ask),
});

/** Returns the procedure's channels, in our order; for a sign language, only the one that shows hands. */
export const channelsOf = (procedure: Procedure, language?: EncounterLanguage): Channel[] =>
  CHANNELS.filter(
    (each) => procedure.channels[each] && (isSeen(each) || !language || !isSigned(language)),
  );

/**
 * Returns the languages in which some desk serves the procedure: those of the office, then the sign
 * languages.
 */
export function languagesOf(office: Office, procedure: Procedure): EncounterLanguage[] {
  const need = needOf(procedure);
  const desks = office.rota.desks.filter((each) => attends(each, need));
  const signed = SIGN_LANGUAGES.filter((language) =>
    channelsOf(procedure, language).some((channel) =>
      desks.some((each) => isQualified(each, { ...need, channel, language })),
    ),
  );
  return [
    ...office.languages.filter((each) => desks.some((desk) => desk.languages.includes(each))),
    ...signed,
  ];
}

/**
 * The form on the procedure's page for the language and the channel of the encounter; it leads to the times.
 */
export function Choose({ visit, about }: { visit: ProcedureVisit; about: AboutStands }) {
  const { t, office, procedure, to, language } = visit;
  const [way] = waysOf(office, procedure);
  const languages = languagesOf(office, procedure);
  const [first] = languages;
  if (!way || !first) return <NotBooked visit={visit} />;
  const path = to.procedure(office.code, procedure.code);
  return (
    <section class="stack" aria-labelledby="book">
      <h2 id="book">{t('citizen.procedure.book')}</h2>
      <AboutCase visit={visit} stands={about} />
      <Together visit={visit} path={path} />
      <form class="form" action={`${path}/times`} method="get">
        <AskFields
          visit={visit}
          way={way}
          language={languages.find((each) => each === language) ?? first}
        />
        <CarriedInterpreter visit={visit} />
        <CarriedCase visit={visit} />
        <CarriedExtent visit={visit} />
        <Button>{t('citizen.procedure.seeTimes')}</Button>
      </form>
      <AddLink visit={visit} />
    </section>
  );
}

/** Why there is nothing to book, and the way on where that is because of several procedures. */
function NotBooked({ visit }: { visit: ProcedureVisit }) {
  const { t, procedure } = visit;
  if (isSingle(procedure)) return <Notice kind="warn">{t('citizen.procedure.closed')}</Notice>;
  const why = channelsOf(procedure).length === 0 ? 'channel_not_offered' : 'no_desk';
  return (
    <section class="stack" aria-labelledby="book">
      <h2 id="book">{t('citizen.procedure.book')}</h2>
      <Notice kind="warn">
        <p>{t(`combining.problem.${why}`)}</p>
      </Notice>
      <Apart visit={visit} parts={procedure.parts} />
      <AddLink visit={visit} />
    </section>
  );
}

/** Keeps the further procedures and the people of the address in a form. */
export function CarriedExtent({ visit: { procedure } }: { visit: ProcedureVisit }) {
  return (
    <>
      {Object.entries(extentQuery(extentOfBundle(procedure))).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** Keeps the interpreter's language of the address in a form. */
export function CarriedInterpreter({ visit: { interpreter } }: { visit: ProcedureVisit }) {
  return interpreter ? <input type="hidden" name="interpreter" value={interpreter} /> : null;
}

/**
 * The two questions. With a sign language the channel is fixed: a stylesheet replaces the question by a
 * sentence. In browsers
 * without that CSS feature, the answer to the channel is ignored.
 */
export function AskFields(props: { visit: ProcedureVisit; way: Way; language: EncounterLanguage }) {
  const { t, office, procedure } = props.visit;
  const languages = languagesOf(office, procedure);
  const ways = waysOf(office, procedure);
  const [signed] = languages.filter(isSigned);
  const isQuestion = !signed || waysOf(office, procedure, signed).length > 1;
  return (
    <>
      <Radios
        name="language"
        label={t('citizen.procedure.language')}
        value={props.language}
        options={languages.map((each) => {
          const { name, writtenIn } = formatLanguage(each, t);
          return {
            value: each,
            label: name,
            lang: writtenIn === t.language ? undefined : writtenIn,
            ...(isSigned(each) && !isQuestion && { hint: t('times.signed.hint') }),
          };
        })}
      />
      <div class={isQuestion ? undefined : 'unless-signed'}>
        <Radios
          name="channel"
          label={t('citizen.procedure.channel')}
          value={wayCode(props.way)}
          options={ways.map((each) => ({
            value: wayCode(each),
            label: formatWay(t, office, each),
            hint: t(`citizen.procedure.${each.channel}`, {
              minutes: t('common.minutes', { count: procedure.channels[each.channel] ?? 0 }),
              address: siteOf(office, each)?.address ?? '',
            }),
            ...(!isSeen(each.channel) && { class: 'unless-signed' }),
          }))}
        />
      </div>
      {isQuestion ? null : <p class="if-signed">{t('times.signed.only')}</p>}
    </>
  );
}
