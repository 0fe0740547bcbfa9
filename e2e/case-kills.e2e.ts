import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writtenForm } from '../src/formats/form/writing/written.ts';
import { startApplicants } from './support/cases/applicants.ts';
import { readCaseTruth } from './support/cases/truth.ts';
import { pricedForm, signedForm } from './support/forms/priced.ts';
import { freePort, ROOT, someTurns, temporaryFolder, until } from './support/processes.ts';
import { startServer } from './support/server.ts';

/** quality.md: 200 times. Fewer unless KILLS says so. */
const KILLS = Math.ceil(Number(process.env.KILLS ?? 20) / 4);
const APPLICANTS = 3;
const CODES = { priced: 'consulta-activitat', signed: 'cens-electoral' };

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The demo town, with a form whose fee is paid, and one that is signed. */
function writeTown(): string {
  cpSync(join(ROOT, 'towns'), folder.path, { recursive: true });
  for (const form of [pricedForm(CODES.priced), signedForm(CODES.signed)])
    writeFileSync(
      join(folder.path, 'vilaclara', 'forms', `${form.procedure}.yaml`),
      JSON.stringify(writtenForm(form)),
    );
  return join(folder.path, 'vilaclara.yaml');
}

describe('kill -9 of the server in the middle of cases', { timeout: 1_800_000 }, () => {
  it('each case is registered, signed, paid, issued and told once, and none is lost', async () => {
    const port = await freePort();
    const options = {
      dataDir: join(folder.path, 'data'),
      port,
      env: { TOWN_FILE: writeTown(), BASE_URL: `http://localhost:${port}` },
    };
    let server = await startServer(options);
    const applicants = startApplicants(server.baseUrl, APPLICANTS, CODES);
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
        const now = await readCaseTruth(server, CODES);
        const { stillDue, paidUnsettled, signedUnsettled } = now.faults;
        return stillDue.length + paidUnsettled.length + signedUnsettled.length === 0 && now;
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
    expect(truth.signed).toBeGreaterThanOrEqual(told('census'));
    console.log(
      `${KILLS} kills of the server: ${truth.numbers.length} cases registered, ${truth.issued} certificates, ${truth.paid} fees, ${truth.signed} signatures`,
    );
  });
});
