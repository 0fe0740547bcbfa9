import { join } from 'node:path';
import { temporaryFolder } from './lib/database.ts';
import { ensureBuilt, firstAnswer, SERVER_COMMAND, spawnServer } from './lib/server.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

const STARTS = 5;
const PAGE = '/ca/oac/volant-padro';

export const start: Bench = {
  name: 'start',
  about: 'Seconds from the command to the first page served, embedded database with data in it',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'data');
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
    try {
      print('on an empty folder');
      const empty = await once(SERVER_COMMAND);
      const commands = [
        { words: 'the server’s own command', command: SERVER_COMMAND },
        { words: 'npm start', command: ['npm', 'start', '--silent'] },
      ];
      const rows: Row[] = [
        { measure: 'First start, empty data folder, demo town', value: `${empty.toFixed(2)} s` },
      ];
      for (const { words, command } of commands) {
        print(words);
        const taken: number[] = [];
        for (let i = 0; i < STARTS; i++) taken.push(await once(command));
        rows.push({
          measure: `Start with data, ${words}`,
          value: `${spread(taken, 2)} s`,
          aim: '≤ 3 s',
          met: median(taken) <= 3,
        });
      }
      return rows;
    } finally {
      folder.remove();
    }
  },
};
