import type { ComponentChildren } from 'preact';
import { namesOf } from '../../../domain/office/bundle.ts';
import { actionOf, isAccountAction } from '../../../features/foundation/audit/service.ts';
import type {
  OfferedProvider,
  Represented,
} from '../../../features/foundation/identification/types.ts';
import type {
  Entries,
  ListName,
  OwnAct,
  OwnAppointment,
  OwnDocument,
  OwnLook,
  OwnNotice,
} from '../../../features/service/folder/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Tag, type TagKind } from '../../../ui/parts.tsx';
import { ActTag } from '../../words/acts.tsx';
import { formatSize, StandingTag } from '../../words/documents.tsx';
import { formatWay } from '../times/ways.ts';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { formatAt, type Offices, placeOf } from './parts.tsx';

/** What every entry needs to be shown. */
export interface Around {
  visit: PersonVisit;
  offices: Offices;
  /** The providers of the town, for how somebody identified. */
  providers: readonly OfferedProvider[];
  /** For which organisations the person acted, by identification. */
  represented: ReadonlyMap<string, Represented>;
  links: Pick<CitizenDeps['appointments'], 'secretOf'>;
}

/** Returns what appointments alone need. */
export const onlyAppointments = (
  { appointments }: Pick<CitizenDeps, 'appointments'>,
  visit: PersonVisit,
  offices: Offices,
): Around => ({ visit, offices, providers: [], represented: new Map(), links: appointments });

type Show<K extends ListName> = (around: Around, entry: Entries[K]) => ComponentChildren;

/** Shows an entry of each list. */
export const SHOWN: { [K in ListName]: Show<K> } = {
  appointments: showAppointment,
  documents: showDocument,
  consents: showAct,
  notices: showNotice,
  looks: showLook,
  identifications: showIdentification,
};

const TAGS = {
  displaced: 'warn',
  arrived: 'now',
  in_progress: 'now',
  fulfilled: 'good',
  noshow: 'warn',
  cancelled: 'bad',
} as const satisfies Record<string, TagKind>;

/** The state of an appointment; nothing while it is simply booked. */
function StateTag({ t, of }: { t: Translate; of: OwnAppointment }) {
  const state = of.isDisplaced ? 'displaced' : of.status;
  if (state === 'booked') return null;
  return <Tag kind={TAGS[state]}>{wordOf(t, state, of)}</Tag>;
}

function wordOf(t: Translate, state: keyof typeof TAGS, { channel }: OwnAppointment): string {
  if (state === 'arrived') return t('folder.arrived');
  return t(state === 'noshow' ? `ending.noshow.status.${channel}` : `citizen.status.${state}`);
}

function showAppointment({ visit, offices, links }: Around, entry: OwnAppointment) {
  const { t, to, language } = visit;
  const { office, dates, name } = placeOf(visit, offices, entry.office);
  const code = office.procedure(entry.procedure)?.code ?? '';
  const names = namesOf(office, { ...entry, procedure: code }, language).join(' + ');
  return (
    <>
      <p class="row">
        <a href={to.appointment(links.secretOf(entry))} class="said">
          {names}, {dates.longDay(entry.start)}, {dates.time(entry.start)}
        </a>
        <StateTag t={t} of={entry} />
      </p>
      <p>
        {formatWay(t, office, entry)} · {name}
        {entry.people > 1 ? ` · ${t('common.people', { count: entry.people })}` : null}
        <br />
        <span class="soft">
          {t('folder.reference', { reference: entry.reference })}
          {entry.onBehalfOf ? ` · ${t('folder.behalf', { name: entry.onBehalfOf })}` : null}
          {entry.isForgotten ? ` · ${t('folder.forgotten')}` : null}
        </span>
      </p>
    </>
  );
}

/** The line below an entry: when it was, and of which appointment. */
function Of(props: {
  around: Around;
  entry: { office: number; appointment: OwnDocument['appointment'] };
  at: Temporal.Instant;
  page?: 'documents' | '';
}) {
  const { visit, offices, links } = props.around;
  const { office, appointment } = props.entry;
  const { dates, office: where } = placeOf(visit, offices, office);
  const href = visit.to.appointment(links.secretOf(appointment), props.page ?? '');
  const procedure = textIn(where.procedure(appointment.procedure)?.name, visit.language);
  return (
    <span class="soft">
      <time dateTime={props.at.toString()}>{formatAt(dates, props.at)}</time> ·{' '}
      <a href={href}>
        {procedure} ({appointment.reference})
      </a>
    </span>
  );
}

function showDocument(around: Around, entry: OwnDocument) {
  const { visit, offices } = around;
  const { t, language } = visit;
  const { office, name } = placeOf(visit, offices, entry.office);
  const asked = office
    .procedure(entry.appointment.procedure)
    ?.documents.find((each) => each.code === entry.requested);
  const kind = entry.kind === 'inbox' ? 'sent' : entry.isCopy ? 'copy' : 'result';
  return (
    <>
      <p class="row">
        <strong>{asked ? textIn(asked.name, language) : t(`folder.document.${kind}`)}</strong>
        <DocumentTag t={t} of={entry} />
      </p>
      <p>
        {asked ? `${t(`folder.document.${kind}`)} · ` : null}
        {name} · {formatSize(t, entry.size)}
        <br />
        <Of
          around={around}
          entry={entry}
          at={entry.at}
          page={entry.isDestroyed ? '' : 'documents'}
        />
      </p>
    </>
  );
}

function DocumentTag({ t, of }: { t: Translate; of: OwnDocument }) {
  if (of.isDestroyed) return <Tag kind="plain">{t('folder.document.gone')}</Tag>;
  if (of.kind === 'inbox' || of.state !== 'clean') return <StandingTag t={t} entry={of} />;
  return of.isOpened ? (
    <Tag kind="good">{t('folder.document.fetched')}</Tag>
  ) : (
    <Tag kind="now">{t('folder.document.toFetch')}</Tag>
  );
}

function showAct(around: Around, entry: OwnAct) {
  const { visit, offices, links } = around;
  const { t, to, language } = visit;
  const { office, dates, name } = placeOf(visit, offices, entry.office);
  const act = office.settings.acts?.find((each) => each.code === entry.template);
  return (
    <>
      <p class="row">
        <a href={to.act(links.secretOf(entry.appointment), entry.id)} class="said">
          {textIn(act?.name, language) || t('folder.act.unnamed')}
        </a>
        <ActTag t={t} state={entry.state} />
      </p>
      <p>
        {name}
        {entry.state === 'prepared'
          ? ` · ${t('folder.act.until', { at: formatAt(dates, entry.expiresAt) })}`
          : null}
        <br />
        <Of around={around} entry={entry} at={entry.settledAt ?? entry.preparedAt} />
      </p>
    </>
  );
}

function showNotice(around: Around, entry: OwnNotice) {
  const { visit, offices } = around;
  const { t } = visit;
  const { name } = placeOf(visit, offices, entry.office);
  const to = entry.masked ? entry.masked : t('folder.notice.gone');
  return (
    <>
      <p>
        <strong>{t(`folder.notice.${entry.kind}`)}</strong>
      </p>
      <p>
        {name} · {t(`folder.notice.by.${entry.channel}`, { to })}
        <br />
        <Of around={around} entry={entry} at={entry.at} />
      </p>
    </>
  );
}

/** Returns an action in words. Those on accounts and declarations are about no appointment, except an invitation. */
function formatAction(t: Translate, text: string): string {
  const action = actionOf(text);
  if (action === 'invited') return t(`audit.action.${action}`);
  if (action === null || action === 'declared' || isAccountAction(action))
    return t('folder.look.other');
  return t(`audit.action.${action}`);
}

function showLook(around: Around, entry: OwnLook) {
  const { visit, offices } = around;
  const { t } = visit;
  const { name } = placeOf(visit, offices, entry.office);
  return (
    <>
      <p>
        <strong>{t(`folder.look.${entry.by}`, { office: name })}</strong>
      </p>
      <p>
        {formatAction(t, entry.action)}
        <br />
        <Of around={around} entry={entry} at={entry.at} />
      </p>
    </>
  );
}

function showIdentification(around: Around, entry: Entries['identifications']) {
  const { visit, providers, offices, represented } = around;
  const { t, language } = visit;
  const provider = providers.find((each) => each.code === entry.provider);
  const company = represented.get(entry.id);
  const [first] = offices.keys();
  const dates = first === undefined ? null : placeOf(visit, offices, first).dates;
  return (
    <>
      <p>
        <strong>{textIn(provider?.name, language) || entry.provider}</strong>
      </p>
      <p>
        {t('folder.identified.level', { level: t(`identify.level.${entry.level}`) })}
        {company ? ` · ${t('folder.identified.for', { company: company.name })}` : null}
        <br />
        <span class="soft">{dates ? formatAt(dates, entry.at) : null}</span>
      </p>
    </>
  );
}
