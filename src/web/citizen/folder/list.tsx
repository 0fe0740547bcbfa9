import { kindOf } from '../../../features/service/folder/rules.ts';
import {
  type Entries,
  LISTS,
  type ListName,
  type ListPage,
} from '../../../features/service/folder/types.ts';
import { BackLink } from '../../../ui/parts.tsx';
import { PageLinks } from '../../paged.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { type Around, SHOWN } from './entries.tsx';
import { officesOf } from './parts.tsx';

/** `/{language}/folder/{list}`: one list of a folder, a page at a time, narrowed to a kind where one is asked for. */
export function listPage<K extends ListName>(deps: CitizenDeps, list: K) {
  return async (visit: PersonVisit): Promise<Response> => {
    const { c, t, to, viewer } = visit;
    const kind = kindOf(list, c.req.query('kind'));
    const page = Math.trunc(Number(c.req.query('page'))) || 1;
    const found = await deps.folder.list(viewer, list, { kind, page });
    const title = t(`folder.${list}.title`);
    return visit.show(
      { title, isPersonal: true },
      <>
        <BackLink href={to.folder()}>{t('folder.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t(`folder.${list}.lead`)}</p>
        <Kinds visit={visit} list={list} kind={kind} />
        {found.total === 0 ? <p>{t(`folder.${list}.none`)}</p> : null}
        <List around={await aroundOf(deps, visit, found)} list={list} found={found} />
        <PageLinks
          t={t}
          name={title}
          at={found}
          href={(each) => addressOf(visit, list, kind, each)}
        />
      </>,
    );
  };
}

/** Returns what the entries need. Identifications have no office: the town's first one has the time. */
async function aroundOf<K extends ListName>(
  deps: CitizenDeps,
  visit: PersonVisit,
  { entries }: ListPage<Entries[K]>,
): Promise<Around> {
  const [first] = await deps.offices.list();
  const named = entries.map((each): { office: number } | undefined =>
    'office' in each ? each : first && { office: first.id },
  );
  return {
    visit,
    offices: await officesOf(
      deps,
      named.filter((each) => each !== undefined),
    ),
    providers: await deps.identification.offered(),
    represented: await deps.identification.represented(visit.viewer.person),
    links: deps.appointments,
  };
}

function addressOf(visit: PersonVisit, list: ListName, kind: string | null, page: number): string {
  const query = new URLSearchParams({
    ...(kind && { kind }),
    ...(page > 1 && { page: String(page) }),
  });
  return `${visit.to.folder(list)}${query.size > 0 ? `?${query}` : ''}`;
}

/** The ways to narrow a list; nothing where it has one kind only. */
function Kinds(props: { visit: PersonVisit; list: ListName; kind: string | null }) {
  const { visit, list } = props;
  const { t } = visit;
  const kinds: readonly (keyof typeof KIND_WORDS)[] = LISTS[list];
  if (kinds.length === 0) return null;
  const link = (kind: string | null, word: string) => (
    <a
      key={kind}
      href={addressOf(visit, list, kind, 1)}
      aria-current={kind === props.kind ? 'page' : undefined}
    >
      {word}
    </a>
  );
  return (
    <nav class="row" aria-label={t('folder.kinds')}>
      {link(null, t('folder.kinds.all'))}
      {kinds.map((each) => link(each, t(KIND_WORDS[each])))}
    </nav>
  );
}

const KIND_WORDS = {
  coming: 'folder.kind.coming',
  past: 'folder.kind.past',
  results: 'folder.kind.results',
  sent: 'folder.kind.sent',
  copies: 'folder.kind.copies',
  asked: 'folder.kind.asked',
  given: 'folder.kind.given',
  other: 'folder.kind.other',
  email: 'folder.kind.email',
  sms: 'folder.kind.sms',
  seen: 'folder.kind.seen',
  changed: 'folder.kind.changed',
} as const;

function List<K extends ListName>(props: { around: Around; list: K; found: ListPage<Entries[K]> }) {
  const { around, list, found } = props;
  if (found.entries.length === 0) return null;
  return (
    <ul class="sent">
      {found.entries.map((each) => (
        <li key={each.id}>{SHOWN[list](around, each)}</li>
      ))}
    </ul>
  );
}
