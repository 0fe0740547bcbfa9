import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writtenForm } from '../src/formats/form/writing/written.ts';
import { startApplicants } from './support/cases/applicants.ts';
import { readCaseTruth } from './support/cases/truth.ts';
import { pricedForm } from './support/forms/priced.ts';
import { freePort, ROOT, someTurns, temporaryFolder, until } from './support/processes.ts';
import { startServer } from './support/server.ts';

/** quality.md: 200 times. Fewer unless KILLS says so. */
const KILLS = Math.ceil(Number(process.env.KILLS ?? 20) / 4);
const APPLICANTS = 3;
const PRICED = 'consulta-activitat';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The demo town, with a form whose fee is paid. */
function writeTown(): string {
  cpSync(join(ROOT, 'towns'), folder.path, { recursive: true });
  writeFileSync(
    join(folder.path, 'vilaclara', 'forms', `${PRICED}.yaml`),
    JSON.stringify(writtenForm(pricedForm(PRICED))),
  );
  return join(folder.path, 'vilaclara.yaml');
}

describe('kill -9 of the server in the middle of cases', { timeout: 1_800_000 }, () => {
  it('each case is registered, paid, issued and told once, and none is lost', async () => {
    const port = await freePort();
    const options = {
      dataDir: join(folder.path, 'data'),
      port,
      env: { TOWN_FILE: writeTown(), BASE_URL: `http://localhost:${port}` },
    };
    let server = await startServer(options);
    const applicants = startApplicants(server.baseUrl, APPLICANTS, PRICED);
    for (let kill = 1; kill <= KILLS; kill++) {
      await applicants.answered(1 + Math.floor(Math.random() * 30));
      await someTurns(20);
      await server.kill9();
      server = await startServer(options);
    }
    await applicants.handedIn(4);
    await applicants.stop();
    expect(applicants.wrong).toEqual([]);
    // What was interrupted is finished by jobs, each minute.
    const truth = await until(
      'nothing is due',
      async () => {
        const now = await readCaseTruth(server, PRICED);
        const { stillDue, paidUnsettled } = now.faults;
        return stillDue.length + paidUnsettled.length === 0 && now;
      },
      180,
    );
    await server.stop();
    expect(Object.entries(truth.faults).filter(([, ids]) => ids.length > 0)).toEqual([]);
    expect(truth.numbers).toEqual(
      expect.arrayContaining(applicants.applied.map(({ number }) => number)),
    );
    const told = (what: string) => applicants.applied.filter((each) => each.what === what).length;
    expect(truth.issued).toBeGreaterThanOrEqual(told('certificate'));
    expect(truth.paid).toBeGreaterThanOrEqual(told('driveway'));
    console.log(
      `${KILLS} kills of the server: ${truth.numbers.length} cases registered, ${truth.issued} certificates, ${truth.paid} fees`,
    );
  });
});
