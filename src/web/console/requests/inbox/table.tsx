import type { Area } from '../../../../domain/requests/areas.ts';
import type { RequestInboxRow } from '../../../../features/service/requests/service.ts';
import { Tag } from '../../../../ui/parts.tsx';
import { RequestStateTag } from '../../../words/request-states.tsx';
import { addressOf } from '../../cases/filter.ts';
import type { Names } from '../../cases/words.ts';
import { DueAndWho } from '../../handling/parts.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { areaName, requestTypeName } from '../words.ts';
import { requestQueryOf } from './filter.ts';

/** What the rows of the inbox need to be written in words. */
export interface AroundRequests {
  visit: DeskVisit;
  names: Names;
  areas: readonly Area[];
}

/** Returns what rows need: the areas, and the names of who handles them. */
export async function aroundRequests(
  deps: StaffDeps,
  visit: DeskVisit,
  rows: readonly Pick<RequestInboxRow, 'assignee'>[],
): Promise<AroundRequests> {
  const names = await deps.staff.namesOf(rows.flatMap(({ assignee }) => assignee ?? []));
  return { visit, names, areas: await deps.offices.areas() };
}

const COLUMNS = ['reference', 'type', 'what', 'state', 'due', 'assignee'] as const;

/** The requests of a page, with a tick for what is done with several. */
export function RequestTable(props: {
  around: AroundRequests;
  rows: readonly RequestInboxRow[];
  isChoosing: boolean;
}) {
  const { around, rows, isChoosing } = props;
  const { t } = around.visit;
  return (
    <section class="scroll" aria-labelledby="listed">
      <table class="table" data-requests>
        <caption id="listed" class="small soft">
          {t('caseDesk.listed')}
        </caption>
        <thead>
          <tr>
            {isChoosing ? <th scope="col">{t('requestDesk.column.choose')}</th> : null}
            {COLUMNS.map((each) => (
              <th key={each} scope="col">
                {t(`requestDesk.column.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} around={around} row={row} isChoosing={isChoosing} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row(props: { around: AroundRequests; row: RequestInboxRow; isChoosing: boolean }) {
  const { around, row, isChoosing } = props;
  const { visit, areas } = around;
  const { t, base } = visit;
  const where = [row.address, areaName(visit, areas, row.area)].filter(Boolean).join(' · ');
  return (
    <tr>
      {isChoosing ? (
        <td>
          <input
            type="checkbox"
            class="tick"
            name="chosen"
            value={`${row.id}:${row.version}`}
            aria-label={t('requestDesk.choose.one', { reference: row.reference })}
          />
        </td>
      ) : null}
      <th scope="row" class="nowrap">
        <a href={addressOf(`${base}/requests/${row.id}`, requestQueryOf(visit))} class="figures">
          {row.reference}
        </a>
      </th>
      <td>
        {requestTypeName(visit, row.type)}
        {row.followers > 0 ? (
          <span class="small soft"> {t('requestDesk.followers', { count: row.followers })}</span>
        ) : null}
      </td>
      <td>
        {row.extract}
        {where ? <span class="request-place small soft">{where}</span> : null}
      </td>
      <td>
        <RequestStateTag t={t} state={row.state} />{' '}
        {row.hasMessage ? <Tag kind="now">{t('message.new')}</Tag> : null}{' '}
        {row.owesCall ? <Tag kind="now">{t('requestDesk.group.call')}</Tag> : null}
      </td>
      <DueAndWho
        visit={visit}
        names={around.names}
        row={row}
        nobody={t('requestDesk.noTeam')}
        standsStill={row.state === 'asked' ? t('requestDesk.stands') : undefined}
      />
    </tr>
  );
}
