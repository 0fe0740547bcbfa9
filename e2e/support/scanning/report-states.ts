import type { Town } from '../town.ts';
import { type Every, officialsOf } from './case-states.ts';

/** Reports about a case: asked for, as whoever is asked reads it, and given. `at`: the address of a case that is open. */
export async function reportStates(every: Every, town: Town, at: string): Promise<void> {
  const list = '/console/oac/reports';
  await every('reports: none', (client) => client.get(list));
  await every('asking for a report', (client) => client.get(`${at}/reports`));
  await every('asking for a report: errors', (client) =>
    client.post(`${at}/reports`, { to: '', question: '', days: '0' }),
  );
  const report = await ask(town, at.split('/').at(-1) ?? '');
  await every('a case: report asked', (client) => client.get(`${at}?done=report-asked`));
  await every('reports', (client) => client.get(list));
  await every('a report', (client) => client.get(`${list}/${report}`));
  await every('a report: errors', (client) => client.post(`${list}/${report}`, { act: 'give' }));
  const [nuria] = await officialsOf(town);
  await town.operate(({ reports }) =>
    reports.answer(nuria, report, { opinion: 'conditions', text: 'Sí, sense una fila.' }),
  );
  await every('a case: report given', (client) => client.get(at));
  await every('a report: given', (client) => client.get(`${list}/${report}`));
}

/** Asks Núria, who looks at these pages, in the name of a colleague. Returns the id of the request. */
async function ask(town: Town, id: string): Promise<string> {
  const [nuria, albert] = await officialsOf(town);
  return town.operate(async ({ offices, reports, caseDesk }) => {
    const office = (await offices.find('oac'))!;
    await reports.ask(albert, office, id, {
      to: { office: office.id, staff: nuria.staff },
      question: 'Hi cap la terrassa?',
      steps: ['local'],
      showsPerson: true,
      workingDays: 10,
      suspends: true,
    });
    return (await caseDesk.work(albert, office, id))!.reports[0]!.id;
  });
}
