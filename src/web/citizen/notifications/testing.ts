import { expect } from 'vitest';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { IdentifiedBrowser } from '../../testing/identified.ts';
import { APPLY } from '../cases/testing.ts';
import type { TestTown } from '../testing.ts';

/** Hands a case in, in a browser. `said`: what is answered, by the page of its question. Returns the address of its pages. */
export async function handIn(
  browser: IdentifiedBrowser,
  said: Readonly<Record<string, string>> = {},
): Promise<string> {
  const at = (await browser.post(APPLY, {})).path;
  for (const [page, answer] of Object.entries(said))
    await browser.post(`${at}/${page}`, { [`q-${page.split('/').at(-1)}_`]: answer });
  const { html } = await browser.get(`${at}/check`);
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec(html) ?? [];
  expect((await browser.post(`${at}/check`, { seen })).path).toBe(`${at}/done`);
  return at;
}

/** Decides a case: an agent writes it, and a coordinator issues it. */
export async function decide(
  town: TestTown,
  at: string,
  { nuria, coordinator }: { nuria: StaffViewer; coordinator: StaffViewer },
): Promise<void> {
  const { cases, caseDesk, offices } = town.deps as typeof town.deps & {
    caseDesk: import('../../../features/service/cases/service.ts').CaseDesk;
  };
  const office = (await offices.find('oac'))!;
  const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
  const seen = async () => (await caseDesk.work(nuria, office, id))!.seen;
  await caseDesk.step(nuria, office, id, { to: 'in-review', seen: await seen() });
  await caseDesk.give(nuria, office, id, { assignee: nuria.staff, seen: await seen() });
  const content = {
    text: 'Es denega.',
    reasons: 'No hi cap.',
    appeal: 'Un mes, davant l’alcaldia.',
  };
  const asked = { outcome: 'refused', content, before: null, seen: await seen() };
  await caseDesk.write(nuria, office, id, asked);
  const { seen: last, decision } = (await caseDesk.work(coordinator, office, id))!;
  const before = decision!.writtenAt.epochMilliseconds;
  const done = await caseDesk.issue(coordinator, office, id, { before, seen: last });
  if (!done.ok) throw new Error(done.reason);
}
