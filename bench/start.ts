import { join } from 'node:path';
import { openBare } from './bare/open.ts';
import { temporaryFolder } from './lib/database.ts';
import { ensureBuilt, firstAnswer, SERVER_COMMAND, spawnServer } from './lib/server.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

const STARTS = 6;
const PAGE = '/ca/oac/volant-padro';
const MOST = 2;

export const start: Bench = {
  name: 'start',
  about:
    'Seconds from the command to the first page served, with data, beside a bare Hono with an embedded database',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'data');
    const bareDir = join(folder.path, 'bare');
    const once = async (command: readonly string[]) => {
      const began = performance.now();
      const server = await spawnServer(dataDir, {}, command);
      try {
        await firstAnswer(server, PAGE);
        return (performance.now() - began) / 1000;
      } finally {
        await server.stop();
      }
    };
    const bareOnce = async () => {
      const began = performance.now();
      const server = await openBare('hono.ts', bareDir);
      const taken = (performance.now() - began) / 1000;
      await server.stop();
      return taken;
    };
    try {
      print('on empty folders');
      const empty = await once(SERVER_COMMAND);
      await bareOnce();
      const ours: number[] = [];
      const bare: number[] = [];
      const npm: number[] = [];
      for (let nth = 0; nth < STARTS; nth++) {
        print(`start ${nth + 1} of ${STARTS}`);
        bare.push(await bareOnce());
        ours.push(await once(SERVER_COMMAND));
        npm.push(await once(['npm', 'start', '--silent']));
      }
      const row = (words: string, taken: number[]): Row => {
        const ratios = taken.map((each, nth) => each / (bare[nth] ?? Number.NaN));
        return {
          measure: `Start with data, ${words}`,
          value: `${spread(taken, 2)} s`,
          against: `a bare Hono with an embedded database: ${spread(bare, 2)} s`,
          ratio: spread(ratios, 2),
          aim: `≤ ${MOST}`,
          met: median(ratios) <= MOST,
        };
      };
      return [
        { measure: 'First start, empty data folder, demo town', value: `${empty.toFixed(2)} s` },
        row('the server’s own command', ours),
        row('npm start', npm),
      ];
    } finally {
      folder.remove();
    }
  },
};
